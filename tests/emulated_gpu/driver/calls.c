/* What every function of the driver begins with: settings, faults that are wanted, the log. */
#include "driver.h"

Emulation emu = {.devices = 1, .driver_version = 12090, .total_memory = (size_t)80 << 30};
__thread Context *emu_current;
pthread_mutex_t emu_table_lock = PTHREAD_MUTEX_INITIALIZER;
static Site *sites;
static FILE *log_file;

/* What EMU_FAULTS asks for: see README.md. */
typedef struct Fault {
    char name[64];
    long number;
    int code, is_sticky, hangs, goes_on;
} Fault;
static Fault faults[64];
static int n_faults;

void emu_log(const char *format, ...) {
    if (!log_file) return;
    va_list list;
    va_start(list, format);
    flockfile(log_file);
    fprintf(log_file, "[%d %.3f] ", (int)getpid(), emu_now());
    vfprintf(log_file, format, list);
    fputc('\n', log_file);
    fflush(log_file);
    funlockfile(log_file);
    va_end(list);
}

void emu_bad(const char *format, ...) {
    va_list list;
    char text[2000];
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    __atomic_add_fetch(&emu.bad, 1, __ATOMIC_SEQ_CST);
    emu_log("BAD: %s", text);
    if (!emu.quiet) fprintf(stderr, "emulated CUDA driver: %s\n", text);
}

static void set_faults(const char *text) {
    char *copy = strdup(text ? text : ""), *save = 0;
    for (char *part = strtok_r(copy, ";", &save); part && n_faults < 64; part = strtok_r(0, ";", &save)) {
        Fault *f = &faults[n_faults];
        char *equals = strchr(part, '=');
        if (!equals) continue;
        *equals = 0;
        char *colon = strrchr(part, ':');
        if (!colon) continue;
        *colon = 0;
        memset(f, 0, sizeof *f);
        snprintf(f->name, sizeof f->name, "%s", part);
        char *plus = strchr(colon + 1, '+');
        f->number = atol(colon + 1);
        f->goes_on = colon[1] == '*' || plus;
        if (!strncmp(equals + 1, "hang", 4))
            f->hangs = 1;
        else {
            f->code = atoi(equals + 1);
            f->is_sticky = strchr(equals + 1, 's') != 0;
        }
        n_faults++;
    }
    free(copy);
}

int emu_fault(const char *name, long number, int *hangs, int *sticky) {
    for (int i = 0; i < n_faults; i++)
        if (!strcmp(faults[i].name, name) &&
            (faults[i].goes_on ? number >= faults[i].number : faults[i].number == number)) {
            *hangs = faults[i].hangs;
            *sticky = faults[i].is_sticky;
            emu_log("fault at %s number %ld", name, number);
            return faults[i].code;
        }
    return 0;
}

int emu_number(const char *name, int otherwise) {
    const char *text = getenv(name);
    return text && *text ? atoi(text) : otherwise;
}

static void at_end(void) {
    if (getpid() != emu.pid || !log_file) return;
    fprintf(log_file, "[%d] END", (int)emu.pid);
    for (int i = 0; i < emu.devices; i++)
        fprintf(log_file, " device %d: held %zu, most %zu;", i, emu.held[i], emu.most_held[i]);
    fprintf(log_file, " pinned %ld, registered %ld, streams %ld, events %ld, libraries %ld, bad %ld\n", emu.pinned,
            emu.registered, emu.streams, emu.events, emu.libraries, emu.bad);
    for (Site *s = sites; s; s = s->next) fprintf(log_file, "[%d]   %8ld %s\n", (int)emu.pid, s->calls, s->name);
    fflush(log_file);
}

__attribute__((constructor)) static void begin(void) {
    emu.pid = getpid();
    const char *path = getenv("EMU_LOG");
    if (path && *path) log_file = fopen(path, "a");
    emu.devices = emu_number("EMU_DEVICES", 1);
    const char *visible = getenv("CUDA_VISIBLE_DEVICES");
    if (visible) {
        int n = 0;
        for (const char *c = visible; *c; c++) n += (*c >= '0' && *c <= '9');
        if (*visible == 0 || *visible == '-') n = 0;
        if (n < emu.devices) emu.devices = n;
    }
    emu.driver_version = emu_number("EMU_DRIVER_VERSION", 12090);
    emu.check = emu_number("EMU_CHECK", 0);
    emu.delay_us = emu_number("EMU_DELAY_US", 0);
    emu.sync = emu_number("EMU_SYNC", 0);
    emu.idle = emu_number("EMU_IDLE", 0);
    emu.quiet = emu_number("EMU_QUIET", 0);
    if (getenv("EMU_MEMORY_MB")) emu.total_memory = (size_t)emu_number("EMU_MEMORY_MB", 0) << 20;
    set_faults(getenv("EMU_FAULTS"));
    atexit(at_end);
}

int emu_enter(Site *site, int sticky_too, int needs_context) {
    pthread_mutex_lock(&emu_table_lock);
    if (!site->known) {
        site->known = 1;
        site->next = sites;
        sites = site;
    }
    long number = ++site->calls;
    pthread_mutex_unlock(&emu_table_lock);
    int hangs = 0, sticky = 0;
    if (!emu.initialised && strcmp(site->name, "cuInit") && strcmp(site->name, "cuDriverGetVersion"))
        return CUDA_ERROR_NOT_INITIALIZED;
    if (emu.initialised && getpid() != emu.pid) return CUDA_ERROR_NOT_INITIALIZED;
    if (needs_context && !emu_current) {
        emu_log("%s without a context", site->name);
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    if (sticky_too && emu_current && emu_current->error) return emu_current->error;
    /* Names of faults are without the suffix of a version. */
    char name[80];
    snprintf(name, sizeof name, "%s", site->name);
    char *v = strstr(name, "_v2");
    if (v && !v[3]) *v = 0;
    int code = n_faults ? emu_fault(name, number, &hangs, &sticky) : 0;
    if (hangs)
        for (;;) pause();
    if (code && sticky && emu_current) emu_current->error = code;
    return code;
}
