/* A program over pthreads. The first byte of its input says what it does. */

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <time.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define THREADS 4
#define TIMES 5000
#define ITEMS 2000
#define ROOM 8
#define ROUNDS 50

IMPORT("wasi_snapshot_preview1", "fd_read")
int32_t fd_read(int32_t descriptor, const void *vectors, int32_t count, int32_t *taken);
IMPORT("wasi_snapshot_preview1", "fd_write")
int32_t fd_write(int32_t descriptor, const void *vectors, int32_t count, int32_t *written);
_Noreturn void exit(int code);
void __wasm_call_ctors(void);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static _Thread_local int own = 7;
static int64_t total = 1000; /* in the module's data, to be put there once */

static void check(int well) {
    if (!well) __builtin_trap();
}

static void say(const char *text) {
    struct { const char *text; uint32_t length; } vector = {text, 0};
    int32_t written;
    while (text[vector.length]) vector.length++;
    check(!fd_write(1, &vector, 1, &written));
}

static void together(void *(*entry)(void *), void *result_of_first) {
    pthread_t threads[THREADS];
    for (intptr_t number = 0; number < THREADS; number++)
        check(!pthread_create(&threads[number], 0, entry, (void *)number));
    for (int number = 0; number < THREADS; number++) {
        void *result;
        check(!pthread_join(threads[number], &result));
        if (!number && result_of_first) check(result == result_of_first);
    }
}

/* A mutex, and a value of each thread's own. */

static void *add(void *number) {
    check(own == 7);
    own = (int)(intptr_t)number;
    for (int time = 0; time < TIMES; time++) {
        check(!pthread_mutex_lock(&lock));
        total++;
        check(!pthread_mutex_unlock(&lock));
    }
    check(own == (int)(intptr_t)number);
    return (void *)((intptr_t)number + 100);
}

/* A condition: half of the threads put items into a queue with little room, the others take them. */

static int queue[ROOM], queued, put, gone;
static int64_t sum;

static void *queueing(void *number) {
    const int puts = (intptr_t)number % 2;
    for (int item = 0; item < ITEMS; item++) {
        pthread_mutex_lock(&lock);
        while (puts ? queued == ROOM : queued == 0) pthread_cond_wait(&changed, &lock);
        if (puts) {
            queue[put++ % ROOM] = item;
            queued++;
        } else {
            sum += queue[gone++ % ROOM];
            queued--;
        }
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
    }
    return 0;
}

/* A barrier: nobody is ever a round ahead. */

static pthread_barrier_t barrier;
static int arrived[ROUNDS], leaders;

static void *rounds(void *number) {
    (void)number;
    for (int round = 0; round < ROUNDS; round++) {
        __atomic_add_fetch(&arrived[round], 1, __ATOMIC_SEQ_CST);
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
            __atomic_add_fetch(&leaders, 1, __ATOMIC_SEQ_CST);
        check(__atomic_load_n(&arrived[round], __ATOMIC_SEQ_CST) == THREADS);
    }
    return 0;
}

/* Once, keys with a destructor, a lock of many readers, and a semaphore. */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static pthread_rwlock_t readers = PTHREAD_RWLOCK_INITIALIZER;
static sem_t room;
static int begun, destroyed, inside, pair[2];

static void begin_once(void) {
    begun++;
    check(!pthread_key_create(&key, 0));
}

static void count_destroyed(void *value) {
    check(value != 0);
    __atomic_add_fetch(&destroyed, 1, __ATOMIC_SEQ_CST);
}

static void *sharing(void *number) {
    pthread_key_t mine;
    check(!pthread_once(&once, begin_once));
    check(!pthread_key_create(&mine, count_destroyed) && mine != key);
    check(!pthread_setspecific(mine, &number) && pthread_getspecific(mine) == &number);
    for (int time = 0; time < 200; time++) {
        if ((intptr_t)number == 0) {
            pthread_rwlock_wrlock(&readers);
            pair[0]++;
            pair[1]++;
        } else {
            pthread_rwlock_rdlock(&readers);
            check(pair[0] == pair[1]);
        }
        pthread_rwlock_unlock(&readers);
        check(!sem_wait(&room));
        check(__atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST) <= 2);
        __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
        check(!sem_post(&room));
    }
    return 0;
}

static void time_out(void) {
    struct timespec until;
    check(!clock_gettime(CLOCK_REALTIME, &until));
    until.tv_nsec += 2000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_mutex_lock(&lock);
    check(pthread_cond_timedwait(&changed, &lock, &until) == ETIMEDOUT);
    pthread_mutex_unlock(&lock);
}

static void all(void) {
    together(add, (void *)100);
    check(total == 1000 + THREADS * TIMES && own == 7);
    say("mutex\n");
    together(queueing, 0);
    check(sum == (int64_t)THREADS / 2 * ITEMS * (ITEMS - 1) / 2);
    say("condition\n");
    check(!pthread_barrier_init(&barrier, 0, THREADS));
    together(rounds, 0);
    check(leaders == ROUNDS);
    say("barrier\n");
    check(!sem_init(&room, 0, 2));
    together(sharing, 0);
    check(begun == 1 && destroyed == THREADS && pair[0] == 200);
    say("once, keys, readers, semaphore\n");
    time_out();
    say("time\n");
}

/* How it ends while others wait. */

static int waiting;

static void *wait_for_ever(void *number) {
    (void)number;
    pthread_mutex_lock(&lock);
    waiting++;
    pthread_cond_broadcast(&changed);
    for (;;) pthread_cond_wait(&changed, &lock);
}

static void *end_by_exit(void *number) {
    (void)number;
    exit(42);
}

static void *end_by_trap(void *number) {
    (void)number;
    __builtin_trap();
}

static void beside_waiters(void *(*entry)(void *)) {
    pthread_t thread;
    for (int number = 0; number < THREADS; number++) check(!pthread_create(&thread, 0, wait_for_ever, 0));
    pthread_mutex_lock(&lock);
    while (waiting < THREADS) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    if (!entry) return;
    check(!pthread_create(&thread, 0, entry, 0));
    check(!pthread_join(thread, 0));
}

__attribute__((export_name("_start"))) void start(void) {
    char what = 0;
    const struct { char *text; uint32_t length; } vector = {&what, 1};
    int32_t taken;
    __wasm_call_ctors();
    check(!fd_read(0, &vector, 1, &taken));
    switch (what) {
    case 'a': all(); break;
    case 'e': beside_waiters(end_by_exit); break;
    case 't': beside_waiters(end_by_trap); break;
    case 'r': beside_waiters(0); break;
    case 'w': beside_waiters(wait_for_ever); break;
    default: exit(1);
    }
}
