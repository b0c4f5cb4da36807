/* Four threads with stacks of their own add to one number under a lock; the first waits for them all.
   Built without a C library, so that it brings the little of a thread library that it needs. */

#include <stdint.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define THREADS 4
#define TIMES 20000
#define STACK 16384

typedef struct {
    unsigned char *stack_top;
    uint32_t number;
    int32_t *joined;
} start;

IMPORT("wasi", "thread-spawn") int32_t thread_spawn(start *argument);
IMPORT("wasi_snapshot_preview1", "proc_exit") _Noreturn void proc_exit(int32_t code);
IMPORT("wasi_snapshot_preview1", "fd_write")
int32_t fd_write(int32_t descriptor, const void *vectors, int32_t count, int32_t *written);

static _Alignas(16) unsigned char stacks[THREADS][STACK];
static start starts[THREADS];
static int32_t lock, joined, total = 1000; /* a value that is in the module's data, to be put there once */
static const char done[] = "all added\n";

static void take(int32_t *word) {
    while (__atomic_exchange_n(word, 1, __ATOMIC_ACQUIRE)) __builtin_wasm_memory_atomic_wait32(word, 1, -1);
}

static void leave(int32_t *word) {
    __atomic_store_n(word, 0, __ATOMIC_RELEASE);
    __builtin_wasm_memory_atomic_notify(word, 1);
}

/* Called on the thread's own stack; a local array shows that the stacks do not meet. */
__attribute__((used)) void thread_main(int32_t identifier, start *self) {
    volatile uint32_t own[256];
    (void)identifier;
    for (uint32_t place = 0; place < 256; place++) own[place] = self->number;
    for (int time = 0; time < TIMES; time++) {
        take(&lock);
        total++;
        leave(&lock);
    }
    for (uint32_t place = 0; place < 256; place++)
        if (own[place] != self->number) __builtin_trap();
    __atomic_add_fetch(self->joined, 1, __ATOMIC_ACQ_REL);
    __builtin_wasm_memory_atomic_notify(self->joined, 1);
}

__asm__(".globaltype __stack_pointer, i32\n"
        ".functype thread_main (i32, i32) -> ()\n"
        ".globl wasi_thread_start\n"
        ".export_name wasi_thread_start, wasi_thread_start\n"
        "wasi_thread_start:\n"
        ".functype wasi_thread_start (i32, i32) -> ()\n"
        "local.get 1\n"
        "i32.load 0\n"
        "global.set __stack_pointer\n"
        "local.get 0\n"
        "local.get 1\n"
        "call thread_main\n"
        "end_function\n");

__attribute__((export_name("_start"))) void run(void) {
    for (uint32_t number = 0; number < THREADS; number++) {
        starts[number] = (start){stacks[number] + STACK, number, &joined};
        if (thread_spawn(&starts[number]) <= 0) proc_exit(1);
    }
    for (int32_t seen; (seen = __atomic_load_n(&joined, __ATOMIC_ACQUIRE)) < THREADS;)
        __builtin_wasm_memory_atomic_wait32(&joined, seen, -1);
    const struct { const char *text; int32_t length; } vector = {done, sizeof done - 1};
    int32_t written;
    fd_write(1, &vector, 1, &written);
    proc_exit(total == 1000 + THREADS * TIMES ? 0 : 2);
}
