/* Streams: a thread each, that does what was put into it in order; faults, delays and checks. */
#include "driver.h"

pthread_mutex_t emu_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t emu_changed = PTHREAD_COND_INITIALIZER;
static Stream *all_streams;
static long done_of_kind[16];
static const char *names[] = {"op:htod",   "op:dtoh",   "op:dtod", "op:memset", "op:memset",
                              "op:kernel", "op:record", "op:wait", "op:call",   "op:none"};
static __thread sigjmp_buf fault_at;
static __thread volatile int guarded;

double emu_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

static void on_segv(int number, siginfo_t *info, void *context) {
    if (guarded) {
        emu_log("kernel touched %p", info->si_addr);
        siglongjmp(fault_at, number);
    }
    signal(number, SIG_DFL);
    (void)context;
}

static uint64_t sum_of(const void *at, size_t n) {
    const uint64_t *w = at;
    uint64_t s = 1469598103934665603ull;
    size_t i = 0;
    if ((uintptr_t)at % 8 == 0)
        for (; i < n / 8; i++) s = (s ^ w[i]) * 1099511628211ull;
    for (const unsigned char *c = (const unsigned char *)at + 8 * i, *e = (const unsigned char *)at + n; c < e; c++)
        s = (s ^ *c) * 1099511628211ull;
    return s;
}

static void nap(double us) {
    struct timespec t = {(time_t)(us / 1e6), (long)((us - 1e6 * (time_t)(us / 1e6)) * 1e3)};
    nanosleep(&t, 0);
}

static int run_kernel(Op *op) {
    Kernel *k = op->kernel;
    if (!k->launch) return CUDA_ERROR_NO_BINARY_FOR_GPU;
    int number = sigsetjmp(fault_at, 1);
    if (number) {
        guarded = 0;
        if (k->library->abandon) k->library->abandon();
        emu_bad("kernel %s: signal %d", k->name, number);
        return number == SIGFPE ? CUDA_ERROR_ILLEGAL_INSTRUCTION : CUDA_ERROR_ILLEGAL_ADDRESS;
    }
    guarded = 1;
    int code = k->launch(op->grid, op->block, op->shared, op->params);
    guarded = 0;
    if (code) {
        emu_bad("kernel %s: fault %d: %s", k->name, code, k->library->message ? k->library->message() : "");
        return code >= 700 && code < 1000 ? code : CUDA_ERROR_ILLEGAL_ADDRESS;
    }
    return 0;
}

static void do_copy(Op *op) {
    if (op->has_sum && sum_of(op->from, op->bytes) != op->sum)
        emu_bad("RACE: a pinned source of %zu bytes at %p changed before its copy was done", op->bytes, op->from);
    memcpy(op->to, op->from, op->bytes);
}

static int execute(Op *op) {
    if (emu.idle && op->kind != CALL) return 0;
    switch (op->kind) {
    case HTOD:
    case DTOH:
    case DTOD: do_copy(op); return 0;
    case SET8: memset(op->to, (int)op->value, op->bytes); return 0;
    case SET32:
        for (size_t i = 0; i < op->bytes; i++) ((uint32_t *)op->to)[i] = op->value;
        return 0;
    case KERNEL: return run_kernel(op);
    case CALL: op->call(op->data); return 0;
    default: return 0;
    }
}

static void *work(void *argument) {
    Stream *s = argument;
    unsigned seed = (unsigned)(uintptr_t)s ^ (unsigned)time(0);
    pthread_mutex_lock(&emu_lock);
    for (;;) {
        while (!s->head && !s->destroyed) pthread_cond_wait(&s->work, &emu_lock);
        Op *op = s->head;
        if (!op) break;
        for (int i = 0; i < op->n_deps; i++)
            while (op->deps[i].stream->done < op->deps[i].upto) pthread_cond_wait(&emu_changed, &emu_lock);
        if (op->kind == WAIT)
            while (op->event->reached < op->seq) pthread_cond_wait(&emu_changed, &emu_lock);
        int hangs = 0, sticky = 0;
        int code = s->context->error ? 0 : emu_fault(names[op->kind], ++done_of_kind[op->kind], &hangs, &sticky);
        if (hangs) {
            emu_log("%s hangs", names[op->kind]);
            for (;;) pthread_cond_wait(&s->work, &emu_lock);
        }
        if (!code && !s->context->error) {
            pthread_mutex_unlock(&emu_lock);
            if (emu.delay_us && op->kind != RECORD) nap(rand_r(&seed) % (unsigned)emu.delay_us);
            code = execute(op);
            pthread_mutex_lock(&emu_lock);
        }
        if (code && !s->context->error) {
            s->context->error = code;
            emu_log("the context fails: %d at %s %s", code, names[op->kind],
                    op->kind == KERNEL ? op->kernel->name : "");
        }
        if (op->kind == RECORD && op->event->reached < op->seq) {
            op->event->reached = op->seq;
            op->event->at = emu_now();
        }
        s->head = op->next;
        if (!s->head) s->tail = 0;
        s->done++;
        pthread_cond_broadcast(&emu_changed);
        free(op->owned);
        free(op->deps);
        free(op->params);
        free(op);
    }
    pthread_mutex_unlock(&emu_lock);
    return 0;
}

Stream *emu_new_stream(Context *context, int flags) {
    static int handled;
    if (!handled) {
        handled = 1;
        struct sigaction action = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_NODEFER};
        sigaction(SIGSEGV, &action, 0);
        sigaction(SIGBUS, &action, 0);
        sigaction(SIGFPE, &action, 0);
    }
    Stream *s = calloc(1, sizeof *s);
    s->magic = STREAM_MAGIC;
    s->flags = flags;
    s->context = context;
    pthread_cond_init(&s->work, 0);
    s->next = all_streams;
    all_streams = s;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 64 << 20);
    sigset_t all, before;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_create(&s->thread, &attributes, work, s);
    pthread_sigmask(SIG_SETMASK, &before, 0);
    return s;
}

Stream *emu_stream_of(CUstream stream) {
    uintptr_t number = (uintptr_t)stream;
    if (number <= 2) {
        if (!emu_current) return 0;
        return emu_current->legacy;
    }
    Stream *s = (Stream *)stream;
    return s->magic == STREAM_MAGIC && !s->destroyed ? s : 0;
}

static void add_dependency(Op *op, Stream *s) {
    if (s->done >= s->submitted) return;
    op->deps = realloc(op->deps, (op->n_deps + 1) * sizeof *op->deps);
    op->deps[op->n_deps++] = (Dependency){s, s->submitted};
}

/* emu_lock held */
static uint64_t submit_locked(Stream *s, Op *op) {
    if (s->context->legacy == s) {
        for (Stream *o = all_streams; o; o = o->next)
            if (o != s && o->context == s->context && !(o->flags & CU_STREAM_NON_BLOCKING)) add_dependency(op, o);
    } else if (!(s->flags & CU_STREAM_NON_BLOCKING))
        add_dependency(op, s->context->legacy);
    if (s->tail)
        s->tail->next = op;
    else
        s->head = op;
    s->tail = op;
    pthread_cond_signal(&s->work);
    return ++s->submitted;
}

static void prepare(Op *op) {
    if (!emu.check) return;
    if (op->kind == HTOD && !op->owned) {
        Region *r = emu_region(op->from);
        if (r && r->pinned) {
            op->sum = sum_of(op->from, op->bytes);
            op->has_sum = 1;
        }
    }
}

int emu_submit(Stream *s, Op *op) {
    prepare(op);
    pthread_mutex_lock(&emu_lock);
    uint64_t upto = submit_locked(s, op);
    if (emu.sync)
        while (s->done < upto) pthread_cond_wait(&emu_changed, &emu_lock);
    pthread_mutex_unlock(&emu_lock);
    return 0;
}

int emu_submit_and_wait(Stream *s, Op *op) {
    prepare(op);
    pthread_mutex_lock(&emu_lock);
    uint64_t upto = submit_locked(s, op);
    while (s->done < upto) pthread_cond_wait(&emu_changed, &emu_lock);
    pthread_mutex_unlock(&emu_lock);
    return s->context->error;
}

void emu_wait_stream(Stream *s) {
    pthread_mutex_lock(&emu_lock);
    uint64_t upto = s->submitted;
    while (s->done < upto) pthread_cond_wait(&emu_changed, &emu_lock);
    pthread_mutex_unlock(&emu_lock);
}

void emu_wait_context(Context *context) {
    pthread_mutex_lock(&emu_lock);
    for (Stream *s = all_streams; s; s = s->next)
        if (s->context == context) {
            uint64_t upto = s->submitted;
            while (s->done < upto) pthread_cond_wait(&emu_changed, &emu_lock);
        }
    pthread_mutex_unlock(&emu_lock);
}
