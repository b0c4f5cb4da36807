/* Launches, with the limits that a device holds them to. */
#include "driver.h"

static CUresult launch(Kernel *k, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                       unsigned shared, CUstream stream, void **params) {
    if (!k || k->magic != KERNEL_MAGIC) {
        emu_bad("launch of no kernel");
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (k->library->unloaded) {
        emu_bad("launch of %s, which is unloaded", k->name);
        return CUDA_ERROR_INVALID_HANDLE;
    }
    Stream *s = emu_stream_of(stream);
    if (!s || s->context != emu_current) {
        emu_bad("launch of %s into no stream, or of another device", k->name);
        return CUDA_ERROR_INVALID_HANDLE;
    }
    unsigned long threads = (unsigned long)bx * by * bz;
    if (!gx || !gy || !gz || !threads || threads > 1024 || gx > 0x7fffffffu || gy > 65535 || gz > 65535) {
        emu_bad("launch of %s as (%u %u %u) (%u %u %u)", k->name, gx, gy, gz, bx, by, bz);
        return CUDA_ERROR_INVALID_VALUE;
    }
    if (k->shared + shared > 48 << 10 && (int)shared > k->max_dynamic) {
        emu_bad("launch of %s with %u + %d bytes of shared memory", k->name, shared, k->shared);
        return CUDA_ERROR_INVALID_VALUE;
    }
    if ((unsigned long)((k->regs + 7) / 8 * 8) * ((threads + 31) / 32 * 32) > 65536) {
        emu_bad("launch of %s: %d registers, %lu threads", k->name, k->regs, threads);
        return CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES;
    }
    Op *op = emu_new_op(KERNEL, 0, 0, 0);
    op->kernel = k;
    op->grid[0] = gx;
    op->grid[1] = gy;
    op->grid[2] = gz;
    op->block[0] = bx;
    op->block[1] = by;
    op->block[2] = bz;
    op->shared = shared;
    size_t bytes = 0;
    for (int i = 0; i < k->n_params; i++) bytes += (k->sizes[i] + 15) & ~15;
    op->params = calloc(1, k->n_params * sizeof(void *) + bytes + 16);
    char *at = (char *)(((uintptr_t)(op->params + k->n_params) + 15) & ~(uintptr_t)15);
    for (int i = 0; i < k->n_params; i++) {
        op->params[i] = memcpy(at, params[i], k->sizes[i]);
        at += (k->sizes[i] + 15) & ~15;
    }
    return emu_submit(s, op);
}

EXPORT CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                               unsigned bz, unsigned shared, CUstream stream, void **params, void **extra) {
    (void)extra;
    ENTER(1, 1);
    return launch((Kernel *)f, gx, gy, gz, bx, by, bz, shared, stream, params);
}

EXPORT CUresult cuLaunchKernelEx(const CUlaunchConfig *c, CUfunction f, void **params, void **extra) {
    (void)extra;
    ENTER(1, 1);
    return launch((Kernel *)f, c->gridDimX, c->gridDimY, c->gridDimZ, c->blockDimX, c->blockDimY, c->blockDimZ,
                  c->sharedMemBytes, c->hStream, params);
}

EXPORT CUresult cuProfilerStart(void) {
    ENTER(0, 0);
    return 0;
}

EXPORT CUresult cuProfilerStop(void) {
    ENTER(0, 0);
    return 0;
}
