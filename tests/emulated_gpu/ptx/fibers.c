/* Blocks, one after the other; each thread of one is a fiber, which runs until it has to wait. */
#define _GNU_SOURCE
#include "blocks.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

emu_block_t emu_block;
emu_thread *emu_me, *emu_threads;
unsigned emu_n_threads;
const emu_kernel *emu_running;

#define STACK (128u << 10)
static uint8_t *stacks;
static void *scheduler; /* its own stack */
static int is_failed;
static char message[2048];
pthread_mutex_t emu_one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

const char *emu_message(void) {
    return message;
}

/* Keeps what a function has to keep, changes the stack, and goes on where the other one stopped. */
void emu_switch(void **left, void *right);
__asm__(".text\n.globl emu_switch\n.type emu_switch,@function\nemu_switch:\n"
        "pushq %rbp\npushq %rbx\npushq %r12\npushq %r13\npushq %r14\npushq %r15\n"
        "movq %rsp,(%rdi)\nmovq %rsi,%rsp\n"
        "popq %r15\npopq %r14\npopq %r13\npopq %r12\npopq %rbx\npopq %rbp\nret\n.size emu_switch,.-emu_switch\n");

void emu_yield(void) {
    emu_switch(&emu_me->stack, scheduler);
}

void emu_exit(void) {
    emu_me->state = EMU_OVER;
    for (;;) emu_yield();
}

void emu_fault(const char *format, ...) {
    int n = snprintf(message, sizeof message, "%s: block (%u,%u,%u) thread %u: ", emu_running->name, emu_block.at[0],
                     emu_block.at[1], emu_block.at[2], emu_me->number);
    va_list list;
    va_start(list, format);
    vsnprintf(message + n, sizeof message - (size_t)n, format, list);
    va_end(list);
    is_failed = 1;
    emu_exit();
}

static void fail(const char *format, ...) {
    int n = snprintf(message, sizeof message, "%s: ", emu_running->name);
    va_list list;
    va_start(list, format);
    vsnprintf(message + n, sizeof message - (size_t)n, format, list);
    va_end(list);
    is_failed = 1;
}

void emu_barrier(unsigned site) {
    emu_me->state = EMU_AT_BARRIER;
    emu_me->site = site;
    emu_yield();
}

/* After a signal that ended a kernel, which nobody will go on with. */
void emu_abandon(void) {
    pthread_mutex_unlock(&emu_one_at_a_time);
}

static void start(void) {
    emu_running->run();
    emu_exit();
}

static void make_threads(void) {
    for (unsigned i = 0; i < emu_n_threads; i++) {
        emu_thread *t = emu_threads + i;
        t->number = i;
        t->tid[0] = i % emu_block.block[0];
        t->tid[1] = i / emu_block.block[0] % emu_block.block[1];
        t->tid[2] = i / emu_block.block[0] / emu_block.block[1];
        t->state = EMU_READY;
        /* As emu_switch leaves a stack: six registers below the address to return to. */
        uint64_t *top = (uint64_t *)(stacks + (size_t)(i + 1) * STACK) - 2;
        top[0] = 0;
        top[-1] = (uint64_t)start;
        for (int k = 2; k < 8; k++) top[-k] = 0;
        t->stack = top - 7;
    }
}

static void run_ready(void) {
    int is_any;
    do {
        is_any = 0;
        unsigned first = emu_any_of(emu_n_threads);
        for (unsigned k = 0; k < emu_n_threads; k++) {
            emu_thread *t = emu_threads + (k + first) % emu_n_threads;
            if (t->state != EMU_READY) continue;
            emu_me = t;
            emu_switch(&scheduler, t->stack);
            if (is_failed) return;
            is_any |= t->state == EMU_READY;
        }
    } while (is_any);
}

/* With all threads at the barrier, or over: lets them go. Returns 0 where they are over. */
static int pass_barrier(void) {
    unsigned waiting = 0, over = 0;
    for (unsigned i = 0; i < emu_n_threads; i++) {
        waiting += emu_threads[i].state == EMU_AT_BARRIER;
        over += emu_threads[i].state == EMU_OVER;
    }
    if (over == emu_n_threads) return 0;
    if (waiting + over < emu_n_threads) {
        fail("a shuffle that not all lanes of its mask reach");
        return 0;
    }
    if (over) {
        fail("block (%u,%u,%u): %u threads wait at a barrier, %u have ended", emu_block.at[0], emu_block.at[1],
             emu_block.at[2], waiting, over);
        return 0;
    }
    for (unsigned i = 0; i < emu_n_threads; i++)
        if (emu_threads[i].site != emu_threads[i & ~31u].site) {
            fail("threads of one warp wait at different barriers, lines %u and %u", emu_threads[i].site,
                 emu_threads[i & ~31u].site);
            return 0;
        }
    for (unsigned i = 0; i < emu_n_threads; i++) emu_threads[i].state = EMU_READY;
    return 1;
}

static void run_block(void) {
    make_threads();
    memset(emu_block.shared, 0xc5, emu_block.shared_size); /* as little zero as on a device */
    emu_begin_block();
    for (;;) {
        run_ready();
        if (is_failed) return;
        if (!emu_let_shuffles_go() && !pass_barrier()) return;
        emu_pass_barrier();
    }
}

static int is_possible(const unsigned grid[3], const unsigned block[3], size_t shared) {
    uint64_t threads = (uint64_t)block[0] * block[1] * block[2];
    if (!grid[0] || !grid[1] || !grid[2] || !threads || threads > EMU_MOST_THREADS || grid[0] > 0x7fffffff ||
        grid[1] > 65535 || grid[2] > 65535) {
        fail("no launch of %ux%ux%u blocks of %ux%ux%u threads", grid[0], grid[1], grid[2], block[0], block[1],
             block[2]);
        return 0;
    }
    if (shared > EMU_MOST_SHARED) fail("%zu bytes of shared memory", shared);
    return shared <= EMU_MOST_SHARED;
}

static void run_grid(const unsigned grid[3], const unsigned block[3], size_t static_shared, size_t dynamic_shared,
                     void **params) {
    if (!stacks) {
        stacks = mmap(0, EMU_MOST_THREADS * (size_t)STACK, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        emu_threads = calloc(EMU_MOST_THREADS, sizeof *emu_threads);
        emu_block.shared = aligned_alloc(4096, EMU_MOST_SHARED);
    }
    memcpy(emu_block.grid, grid, sizeof emu_block.grid);
    memcpy(emu_block.block, block, sizeof emu_block.block);
    emu_n_threads = block[0] * block[1] * block[2];
    emu_block.shared_size = static_shared + dynamic_shared;
    emu_block.dynamic_size = dynamic_shared;
    emu_block.params = params;
    emu_block.is_checked = emu_are_checks_wanted();
    emu_begin_checks();
    uint64_t all = (uint64_t)grid[0] * grid[1] * grid[2], first = emu_any_of((unsigned)all);
    for (uint64_t n = 0; n < all && !is_failed; n++) {
        uint64_t b = (n + first) % all;
        emu_block.at[0] = (unsigned)(b % grid[0]);
        emu_block.at[1] = (unsigned)(b / grid[0] % grid[1]);
        emu_block.at[2] = (unsigned)(b / grid[0] / grid[1]);
        run_block();
    }
}

int emu_launch(const emu_kernel *kernel, const unsigned grid[3], const unsigned block[3], size_t static_shared,
               size_t dynamic_shared, void **params) {
    pthread_mutex_lock(&emu_one_at_a_time);
    emu_read_settings();
    emu_running = kernel;
    is_failed = 0;
    message[0] = 0;
    if (is_possible(grid, block, static_shared + dynamic_shared))
        run_grid(grid, block, static_shared, dynamic_shared, params);
    int code = is_failed;
    pthread_mutex_unlock(&emu_one_at_a_time);
    return code;
}
