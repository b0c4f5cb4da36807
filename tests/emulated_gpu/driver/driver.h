/* What the parts of the emulated driver share. All that is seen from outside has its prototype in cuda.h. */
#pragma once
#define _GNU_SOURCE
#include <cuda.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

typedef struct Site {
    const char *name;
    long calls;
    struct Site *next;
    int known;
} Site;

/* Counts a call, and gives it the fault that is wanted, or that its context has. Nothing may come before it. */
int emu_enter(Site *site, int sticky_too, int needs_context);
#define ENTER(sticky_too, needs_context)                                                                               \
    do {                                                                                                               \
        static Site site_ = {__func__, 0, 0, 0};                                                                       \
        int code_ = emu_enter(&site_, sticky_too, needs_context);                                                      \
        if (code_) return (CUresult)code_;                                                                             \
    } while (0)

/* The one context of a device. `error` is what it failed by, for good; `legacy` its stream 0. */
typedef struct Context {
    int device;
    int retained;
    int error;
    struct Stream *legacy;
} Context;

/* What another stream has to have done before. */
typedef struct Dependency {
    struct Stream *stream;
    uint64_t upto;
} Dependency;

enum Kind { HTOD, DTOH, DTOD, SET8, SET32, KERNEL, RECORD, WAIT, CALL, NOTHING };

/* Something that a stream has to do. */
typedef struct Op {
    enum Kind kind;
    struct Op *next;
    Dependency *deps;
    int n_deps;
    void *to;
    const void *from;
    size_t bytes;
    uint32_t value;
    void *owned;  /* freed after */
    uint64_t sum; /* of a pinned source when it was enqueued */
    int has_sum;
    struct Event *event;
    uint64_t seq;
    struct Kernel *kernel;
    unsigned grid[3], block[3];
    size_t shared;
    void **params;
    void (*call)(void *);
    void *data;
} Op;

/* What stands first in anything that a user has a handle of. */
#define STREAM_MAGIC 0x53545245
#define EVENT_MAGIC 0x45564e54
#define KERNEL_MAGIC 0x4b45524e
#define LIBRARY_MAGIC 0x4c494252

typedef struct Stream {
    int magic, flags, destroyed;
    Context *context;
    Op *head, *tail;
    uint64_t submitted, done;
    pthread_t thread;
    pthread_cond_t work;
    struct Stream *next;
} Stream;

typedef struct Event {
    int magic, flags, destroyed;
    Context *context;
    uint64_t asked, reached; /* records */
    double at;               /* ms */
} Event;

typedef struct Kernel {
    int magic;
    struct Library *library;
    char name[512];
    int n_params;
    int *sizes; /* bytes of each parameter */
    int regs, shared, max_dynamic;
    int (*launch)(const unsigned *grid, const unsigned *block, size_t dynamic, void **params);
    struct Kernel *next;
} Kernel;

typedef struct Library {
    int magic;
    char *ptx;
    const unsigned char *cubin;
    void *handle;
    const char *(*message)(void);
    void (*abandon)(void);
    Kernel *kernels;
    int unloaded;
} Library;

/* An allocation. `map`: its pages, and one behind them that nobody may touch; 0 where it is the user's own, and was
   registered, for all devices if `portable`. */
typedef struct Region {
    char *base;
    size_t size;
    char *map;
    size_t mapped;
    int pinned;
    int portable;
    int device;
    int freed;
    struct Region *next;
} Region;

#define MAX_DEVICES 8

typedef struct Emulation {
    int devices, driver_version, initialised, quiet;
    int check, delay_us, sync, idle;
    pid_t pid;
    size_t total_memory; /* bytes, of each device */
    size_t held[MAX_DEVICES], most_held[MAX_DEVICES];
    long pinned, registered, streams, events, libraries; /* not given back yet */
    long bad;
    Context primary[MAX_DEVICES];
} Emulation;

extern Emulation emu;
extern pthread_mutex_t emu_table_lock; /* of memory and of contexts */
extern pthread_mutex_t emu_lock;       /* of streams and events */
extern pthread_cond_t emu_changed;
extern __thread Context *emu_current;

void emu_log(const char *format, ...) __attribute__((format(printf, 1, 2)));
void emu_bad(const char *format, ...) __attribute__((format(printf, 1, 2)));
int emu_fault(const char *name, long number, int *hangs, int *sticky);
int emu_number(const char *name, int otherwise);
double emu_now(void); /* ms */

Region *emu_region(const void *at);
Library *emu_load(const void *image, int *code);
Kernel *emu_kernel(Library *library, const char *name);
void emu_look_into_cubin(Kernel *kernel);

Stream *emu_stream_of(CUstream stream);
Stream *emu_new_stream(Context *context, int flags);
Op *emu_new_op(enum Kind kind, void *to, const void *from, size_t n);
int emu_submit(Stream *stream, Op *op);
int emu_submit_and_wait(Stream *stream, Op *op);
void emu_wait_stream(Stream *stream);
void emu_wait_context(Context *context);

CUresult cuCtxGetDevice_v2(CUdevice *device, CUcontext context); /* of CUDA 13, which cuda.h of 12 does not have */
