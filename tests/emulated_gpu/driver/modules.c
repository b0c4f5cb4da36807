/* Modules: PTX, alone or behind a cubin, is translated to a shared object by EMU_TRANSLATOR. */
#include "driver.h"
#include "trailer.h"

extern char **environ;

static uint64_t hash_of(const char *text) {
    uint64_t h = 1469598103934665603ull;
    for (; *text; text++) h = (h ^ (unsigned char)*text) * 1099511628211ull;
    return h;
}

static int bytes_of_type(const char *type) {
    int bits = atoi(type + 1);
    return bits ? bits / 8 : 0;
}

/* Of "NAME(\n .param .u64 NAME_param_0,\n .param .u64 .ptr .align 1 NAME_param_1\n)". */
static void find_params(Kernel *k, char *head) {
    char *close = strchr(head, ')');
    for (char *p = head; (p = strstr(p, ".param ")) && p < close;) {
        p += 7;
        char *end = p + strcspn(p, ",)"), *type = strchr(p, '.');
        while (type && !strncmp(type, ".align", 6)) type = strchr(type + 1, '.');
        int bytes = type ? bytes_of_type(type + 1) : 0;
        char *bracket = memchr(p, '[', end - p);
        if (bracket) bytes *= atoi(bracket + 1);
        k->sizes = realloc(k->sizes, (k->n_params + 1) * sizeof(int));
        k->sizes[k->n_params++] = bytes;
        p = end;
    }
}

static void find_entries(Library *library) {
    for (char *at = library->ptx; (at = strstr(at, ".entry "));) {
        at += 7;
        Kernel *k = calloc(1, sizeof *k);
        k->magic = KERNEL_MAGIC;
        k->library = library;
        k->max_dynamic = 48 << 10;
        size_t n = strcspn(at, " (\n\t");
        memcpy(k->name, at, n < 511 ? n : 511);
        find_params(k, at);
        k->regs = 32;
        if (library->cubin) emu_look_into_cubin(k);
        emu_log("kernel %.60s: %d registers, %d bytes of shared memory, %d parameters", k->name, k->regs, k->shared,
                k->n_params);
        k->next = library->kernels;
        library->kernels = k;
    }
}

static int run(const char *program, const char *in, const char *out) {
    char *arguments[] = {(char *)program, (char *)in, (char *)out, 0};
    pid_t child;
    int status = -1;
    if (posix_spawn(&child, program, 0, 0, arguments, environ)) return -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

static void find_launches(Library *library) {
    for (Kernel *k = library->kernels; k; k = k->next) {
        char name[600];
        snprintf(name, sizeof name, "emu_launch_%s", k->name);
        *(void **)&k->launch = dlsym(library->handle, name);
        snprintf(name, sizeof name, "emu_params_%s", k->name);
        const int *sizes = dlsym(library->handle, name);
        if (!k->launch) emu_bad("no %s", name);
        if (sizes && sizes[0] != k->n_params) emu_bad("%s: %d parameters, but %d here", name, sizes[0], k->n_params);
        for (int i = 0; sizes && i < k->n_params && i < sizes[0]; i++)
            if (sizes[i + 1] != k->sizes[i])
                emu_bad("%s: parameter %d has %d bytes, but %d here", name, i, sizes[i + 1], k->sizes[i]);
    }
}

/* Translated once for all processes: named by a hash of the PTX, and put in place when it is whole. */
static int translate(Library *library) {
    const char *translator = getenv("EMU_TRANSLATOR"), *cache = getenv("EMU_CACHE");
    if (!translator || !cache) {
        emu_bad("EMU_TRANSLATOR and EMU_CACHE are not set");
        return CUDA_ERROR_OPERATING_SYSTEM;
    }
    char in[600], out[600], part[640];
    unsigned long long hash = hash_of(library->ptx);
    snprintf(in, sizeof in, "%s/%016llx.%d.ptx", cache, hash, (int)getpid());
    snprintf(out, sizeof out, "%s/%016llx.so", cache, hash);
    if (access(out, R_OK)) {
        FILE *f = fopen(in, "w");
        if (!f) return CUDA_ERROR_OPERATING_SYSTEM;
        fputs(library->ptx, f);
        fclose(f);
        snprintf(part, sizeof part, "%s.%d", out, (int)getpid());
        int status = run(translator, in, part);
        if (status || access(part, R_OK)) {
            emu_bad("translating %s failed: %d", in, status);
            return CUDA_ERROR_INVALID_PTX;
        }
        unlink(in);
        rename(part, out);
    }
    library->handle = dlopen(out, RTLD_NOW | RTLD_LOCAL);
    if (!library->handle) {
        emu_bad("%s", dlerror());
        return CUDA_ERROR_INVALID_IMAGE;
    }
    *(void **)&library->message = dlsym(library->handle, "emu_message");
    *(void **)&library->abandon = dlsym(library->handle, "emu_abandon");
    find_launches(library);
    return 0;
}

Library *emu_load(const void *image, int *code) {
    const unsigned char *bytes = image;
    Library *library = calloc(1, sizeof *library);
    library->magic = LIBRARY_MAGIC;
    if (!memcmp(bytes, ELFMAG, SELFMAG)) {
        size_t end = emu_cubin_size(bytes);
        if (memcmp(bytes + end, EMU_TRAILER, sizeof EMU_TRAILER)) {
            emu_bad("a cubin without PTX behind it (%zu bytes): was it made without the emulated nvJitLink?", end);
            *code = CUDA_ERROR_NO_BINARY_FOR_GPU;
            return 0;
        }
        library->cubin = memcpy(malloc(end), bytes, end);
        library->ptx = strdup((const char *)bytes + end + sizeof EMU_TRAILER);
    } else if (strstr((const char *)bytes, ".version"))
        library->ptx = strdup((const char *)bytes);
    else {
        *code = CUDA_ERROR_INVALID_IMAGE;
        return 0;
    }
    find_entries(library);
    *code = translate(library);
    return *code ? 0 : library;
}

Kernel *emu_kernel(Library *library, const char *name) {
    for (Kernel *k = library->kernels; k; k = k->next)
        if (!strcmp(k->name, name)) return k;
    return 0;
}
