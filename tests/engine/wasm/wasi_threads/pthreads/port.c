/* The part of a thread library that depends on WebAssembly: starting a thread, and waiting at an address.
   All above it (mutexes, conditions, barriers and so on) is musl's own source. */

#include "pthread_impl.h"

#include <limits.h>
#include <stdint.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define MOST_THREADS 16
#define BLOCK 32768
#define NO_LIMIT (-1LL)
#define WAIT_TIMED_OUT 2

struct start {
    unsigned char *stack;
    unsigned char *storage;
    void *(*entry)(void *);
    void *argument;
};

IMPORT("wasi", "thread-spawn") int32_t thread_spawn(struct start *start);
IMPORT("wasi_snapshot_preview1", "proc_exit") _Noreturn void proc_exit(int32_t code);
IMPORT("wasi_snapshot_preview1", "clock_time_get") int32_t clock_time_get(int32_t clock, int64_t precision, int64_t *time);

extern void __wasm_init_tls(void *storage);
void set_storage(void *storage);

struct __libc __libc = {.threaded = 1, .need_locks = 1, .threads_minus_1 = 1};

static _Alignas(16) unsigned char blocks[MOST_THREADS][BLOCK];
static int taken[MOST_THREADS];

#undef errno
_Thread_local int errno;

const struct __clockid {
    uint32_t number;
} _CLOCK_REALTIME = {0};

_Noreturn void exit(int code) { proc_exit(code); }

int __clock_gettime(clockid_t clock, struct timespec *now) {
    int64_t time;
    (void)clock;
    if (clock_time_get(0, 1, &time)) return -1;
    *now = (struct timespec){time / 1000000000, time % 1000000000};
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) { return __clock_gettime(clock, now); }

/* Waiting. */

static int wait_for(volatile void *address, int value, int64_t nanoseconds) {
    return __builtin_wasm_memory_atomic_wait32((int *)address, value, nanoseconds) == WAIT_TIMED_OUT ? ETIMEDOUT : 0;
}

long port_SYS_futex(volatile void *address, int operation, ...) {
    __builtin_va_list arguments;
    __builtin_va_start(arguments, operation);
    const int value = __builtin_va_arg(arguments, int);
    __builtin_va_end(arguments);
    switch (operation & ~FUTEX_PRIVATE) {
    case FUTEX_WAIT:
        wait_for(address, value, NO_LIMIT);
        return 0;
    case FUTEX_WAKE:
        return __builtin_wasm_memory_atomic_notify((int *)address, value);
    case FUTEX_REQUEUE: /* who is woken takes the lock himself */
        return __builtin_wasm_memory_atomic_notify((int *)address, 1);
    default:
        return -ENOSYS;
    }
}

void __wait(volatile int *address, volatile int *waiters, int value, int private) {
    (void)private;
    if (waiters) a_inc(waiters);
    while (*address == value) wait_for(address, value, NO_LIMIT);
    if (waiters) a_dec(waiters);
}

int __timedwait_cp(volatile int *address, int value, clockid_t clock, const struct timespec *until, int private) {
    (void)private;
    if (!until) return wait_for(address, value, NO_LIMIT);
    struct timespec now;
    if (until->tv_nsec >= 1000000000L || __clock_gettime(clock, &now)) return EINVAL;
    const int64_t left = (until->tv_sec - now.tv_sec) * 1000000000LL + until->tv_nsec - now.tv_nsec;
    return left <= 0 ? ETIMEDOUT : wait_for(address, value, left);
}

int __timedwait(volatile int *address, int value, clockid_t clock, const struct timespec *until, int private) {
    return __timedwait_cp(address, value, clock, until, private);
}

/* Starting and ending. A block holds a thread's stack, its thread-local variables and its values for keys. */

static unsigned char *take_block(void) {
    for (int number = 0; number < MOST_THREADS; number++)
        if (!a_cas(&taken[number], 0, 1)) return blocks[number];
    return 0;
}

int __munmap(void *block, size_t size) {
    (void)size;
    a_store(&taken[((unsigned char *)block - blocks[0]) / BLOCK], 0);
    return 0;
}

static unsigned char *aligned_down(unsigned char *place, uintptr_t alignment) {
    return (unsigned char *)((uintptr_t)place & -(alignment > 16 ? alignment : 16));
}

int pthread_create(pthread_t *result, const pthread_attr_t *attributes, void *(*entry)(void *), void *argument) {
    unsigned char *const block = take_block();
    if (!block) return EAGAIN;
    const uintptr_t alignment = __builtin_wasm_tls_align();
    unsigned char *const values = aligned_down(block + BLOCK - __pthread_tsd_size, alignment);
    unsigned char *const storage = aligned_down(values - __builtin_wasm_tls_size(), alignment);
    struct start *const start = (struct start *)aligned_down(storage - sizeof(struct start), 16);
    unsigned char *const mine = __builtin_wasm_tls_base();
    const pthread_t self = __pthread_self();

    __builtin_memset(values, 0, __pthread_tsd_size);
    __wasm_init_tls(storage);
    set_storage(mine);
    const pthread_t new = (pthread_t)(storage + ((unsigned char *)self - mine));
    *new = (struct pthread){
        .self = new, .map_base = block, .map_size = BLOCK, .tsd = (void **)values,
        .detach_state = attributes && attributes->_a_detach ? DT_DETACHED : DT_JOINABLE,
    };
    new->robust_list.head = &new->robust_list.head;
    *start = (struct start){(unsigned char *)start, storage, entry, argument};
    const int32_t number = thread_spawn(start);
    if (number <= 0) {
        __munmap(block, BLOCK);
        return EAGAIN;
    }
    a_store(&new->tid, number);
    *result = new;
    return 0;
}

/* Called on the thread's own stack. Returns the word that says that it has ended: set when the stack is not needed. */
__attribute__((used)) volatile int *run_thread(int32_t number, struct start *start) {
    const pthread_t self = __pthread_self();
    a_store(&self->tid, number);
    self->result = start->entry(start->argument);
    __pthread_tsd_run_dtors();
    if (a_cas(&self->detach_state, DT_JOINABLE, DT_EXITING) == DT_DETACHED) /* nobody waits for the word */
        return &taken[(self->map_base - blocks[0]) / BLOCK];
    return &self->detach_state;
}

__attribute__((constructor)) static void begin(void) {
    const pthread_t self = __pthread_self();
    self->self = self;
    self->tid = 0x1fffffff; /* above those that a host may give */
    self->robust_list.head = &self->robust_list.head;
    self->tsd = __pthread_tsd_main;
}

__asm__(".globaltype __stack_pointer, i32\n"
        ".globaltype __tls_base, i32\n"
        ".functype run_thread (i32, i32) -> (i32)\n"
        ".globl wasi_thread_start\n"
        ".export_name wasi_thread_start, wasi_thread_start\n"
        "wasi_thread_start:\n"
        ".functype wasi_thread_start (i32, i32) -> ()\n"
        "local.get 1\n"
        "i32.load 0\n"
        "global.set __stack_pointer\n"
        "local.get 1\n"
        "i32.load 4\n"
        "global.set __tls_base\n"
        "local.get 0\n"
        "local.get 1\n"
        "call run_thread\n"
        "local.tee 1\n"
        "i32.const 0\n"
        "i32.atomic.store 0\n"
        "local.get 1\n"
        "i32.const -1\n"
        "memory.atomic.notify 0\n"
        "drop\n"
        "end_function\n"
        ".globl set_storage\n"
        "set_storage:\n"
        ".functype set_storage (i32) -> ()\n"
        "local.get 0\n"
        "global.set __tls_base\n"
        "end_function\n");
