/* nvJitLink, between its users and the real one, which does the work: the PTX that a cubin is made of follows it.

   With link time optimization no PTX goes in. A second link of the same, asked for PTX, tells what was between. */
#define _GNU_SOURCE
#include "trailer.h"
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_OPTIONS 60
#define INPUT_PTX 2

typedef struct Link {
    void *real, *twin;
    char *ptx;
    size_t n;
} Link;

static void *real(const char *name) {
    static void *library;
    if (!library) {
        const char *path = getenv("EMU_NVJITLINK");
        library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : 0;
        if (!library) {
            fprintf(stderr, "emulated nvJitLink: %s\n", path ? dlerror() : "EMU_NVJITLINK is not set");
            abort();
        }
    }
    return dlsym(library, name);
}

int nvJitLinkVersion(unsigned *major, unsigned *minor) {
    return ((int (*)(unsigned *, unsigned *))real("nvJitLinkVersion"))(major, minor);
}

int nvJitLinkCreate(void **handle, uint32_t n, const char **options) {
    int (*create)(void **, uint32_t, const char **) = real("nvJitLinkCreate");
    Link *l = calloc(1, sizeof *l);
    const char *more[MOST_OPTIONS + 1];
    int is_optimized = 0;
    for (uint32_t i = 0; i < n && i < MOST_OPTIONS; i++) {
        more[i] = options[i];
        is_optimized |= !strcmp(options[i], "-lto");
    }
    int code = create(&l->real, n, options);
    if (!code && is_optimized && n <= MOST_OPTIONS) {
        more[n] = "-ptx";
        code = create(&l->twin, n + 1, more);
    }
    *handle = l;
    return code;
}

int nvJitLinkDestroy(void **handle) {
    int (*destroy)(void **) = real("nvJitLinkDestroy");
    Link *l = *handle;
    int code = destroy(&l->real);
    if (l->twin) destroy(&l->twin);
    free(l->ptx);
    free(l);
    *handle = 0;
    return code;
}

int nvJitLinkAddData(void *handle, int kind, const void *data, size_t size, const char *name) {
    int (*add)(void *, int, const void *, size_t, const char *) = real("nvJitLinkAddData");
    Link *l = handle;
    if (kind == INPUT_PTX) {
        l->ptx = realloc(l->ptx, l->n + size + 2);
        memcpy(l->ptx + l->n, data, size);
        l->n += strnlen(l->ptx + l->n, size);
        l->ptx[l->n++] = '\n';
        l->ptx[l->n] = 0;
    }
    if (l->twin) add(l->twin, kind, data, size, name);
    return add(l->real, kind, data, size, name);
}

static int ptx_of_twin(Link *l) {
    size_t n = 0;
    int code = ((int (*)(void *))real("nvJitLinkComplete"))(l->twin);
    if (!code) code = ((int (*)(void *, size_t *))real("nvJitLinkGetLinkedPtxSize"))(l->twin, &n);
    if (code) return code;
    free(l->ptx);
    l->ptx = calloc(1, n + 1);
    code = ((int (*)(void *, char *))real("nvJitLinkGetLinkedPtx"))(l->twin, l->ptx);
    l->n = strlen(l->ptx);
    return code;
}

int nvJitLinkComplete(void *handle) {
    Link *l = handle;
    int code = ((int (*)(void *))real("nvJitLinkComplete"))(l->real);
    if (!code && l->twin) {
        int failed = ptx_of_twin(l);
        if (failed) fprintf(stderr, "emulated nvJitLink: no PTX, error %d\n", failed);
    }
    return code;
}

int nvJitLinkGetLinkedCubinSize(void *handle, size_t *n) {
    Link *l = handle;
    int code = ((int (*)(void *, size_t *))real("nvJitLinkGetLinkedCubinSize"))(l->real, n);
    if (!code && l->ptx) *n += sizeof EMU_TRAILER + l->n + 1;
    return code;
}

int nvJitLinkGetLinkedCubin(void *handle, void *out) {
    Link *l = handle;
    int code = ((int (*)(void *, void *))real("nvJitLinkGetLinkedCubin"))(l->real, out);
    if (!code && l->ptx) {
        char *end = (char *)out + emu_cubin_size(out);
        memcpy(end, EMU_TRAILER, sizeof EMU_TRAILER);
        memcpy(end + sizeof EMU_TRAILER, l->ptx, l->n + 1);
    }
    return code;
}

#define PASS_ON(name, type)                                                                                            \
    int name(void *handle, type value) {                                                                               \
        return ((int (*)(void *, type))real(#name))(((Link *)handle)->real, value);                                    \
    }

/* clang-format off */
PASS_ON(nvJitLinkGetErrorLog, char *)
PASS_ON(nvJitLinkGetErrorLogSize, size_t *)
PASS_ON(nvJitLinkGetInfoLog, char *)
PASS_ON(nvJitLinkGetInfoLogSize, size_t *)
PASS_ON(nvJitLinkGetLinkedPtx, char *)
PASS_ON(nvJitLinkGetLinkedPtxSize, size_t *)
/* clang-format on */
