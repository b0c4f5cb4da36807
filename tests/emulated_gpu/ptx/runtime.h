/* What kernels that were translated from PTX are compiled with: see writing.py. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { EMU_READY, EMU_AT_BARRIER, EMU_OVER, EMU_AT_SHUFFLE };

/* A thread of a block. `site`, here and elsewhere: the line of the PTX. */
typedef struct {
    void *stack; /* where it goes on */
    unsigned tid[3];
    unsigned number; /* in the block */
    unsigned state, site;
    uint32_t mask, given, taken; /* of a shuffle */
} emu_thread;

/* The block that runs: one after the other does. */
typedef struct {
    unsigned grid[3], block[3], at[3];
    uint8_t *shared;
    size_t shared_size, dynamic_size;
    void **params;
    int is_checked; /* accesses take the slow way */
} emu_block_t;

typedef struct {
    const char *name;
    void (*run)(void);
} emu_kernel;

extern emu_block_t emu_block;
extern emu_thread *emu_me;

/* Shared memory does not begin at 0, so that an offset that was never added is noticed. */
#define EMU_SHARED_BASE 1024u

enum { EMU_READ = 1, EMU_WRITE = 2, EMU_ATOMIC = 4 };

/* Instructions between lanes; the numbers stand in instructions.py too. */
enum {
    EMU_UP,
    EMU_DOWN,
    EMU_BUTTERFLY,
    EMU_INDEX,
    EMU_BALLOT = 8,
    EMU_ANY,
    EMU_ALL,
    EMU_ADD = 16,
    EMU_MIN,
    EMU_MAX,
    EMU_AND,
    EMU_OR,
    EMU_XOR,
    EMU_WARP_BARRIER = 32
};

void emu_fault(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void emu_barrier(unsigned site);
void emu_exit(void) __attribute__((noreturn));
void emu_check(int is_shared, uint64_t address, unsigned size, int how, unsigned site);
uint32_t emu_shuffle(unsigned site, int kind, uint32_t value, uint32_t b, uint32_t c, uint32_t mask, int *is_valid);

/* Returns 0, or 1 where the kernel went wrong or cannot be launched so: emu_message() tells. */
int emu_launch(const emu_kernel *kernel, const unsigned grid[3], const unsigned block[3], size_t static_shared,
               size_t dynamic_shared, void **params);

static inline void *emu_address(int is_shared, uint64_t a, unsigned size, int how, unsigned site) {
    if (__builtin_expect(a & (size - 1), 0))
        emu_fault("line %u: %s address %llx is no multiple of %u", site, is_shared ? "shared" : "global",
                  (unsigned long long)a, size);
    if (__builtin_expect(emu_block.is_checked, 0)) emu_check(is_shared, a, size, how, site);
    if (!is_shared) return (void *)a;
    if (__builtin_expect(a < EMU_SHARED_BASE || a - EMU_SHARED_BASE + size > emu_block.shared_size, 0))
        emu_fault("line %u: shared address %lld (+%u) outside 0..%zu", site, (long long)(a - EMU_SHARED_BASE), size,
                  emu_block.shared_size);
    return emu_block.shared + (a - EMU_SHARED_BASE);
}
