/* Contexts: one for each device, current for each thread; what fails in one stays failed. */
#include "driver.h"

static __thread Context *stack[32];
static __thread int depth;

EXPORT CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice d) {
    ENTER(0, 0);
    if (d < 0 || d >= emu.devices) return CUDA_ERROR_INVALID_DEVICE;
    Context *c = &emu.primary[d];
    pthread_mutex_lock(&emu_table_lock);
    if (!c->legacy) {
        c->device = d;
        c->legacy = emu_new_stream(c, 0);
    }
    c->retained++;
    pthread_mutex_unlock(&emu_table_lock);
    *context = (CUcontext)c;
    return c->error;
}

EXPORT CUresult cuDevicePrimaryCtxRelease(CUdevice d) {
    ENTER(0, 0);
    emu.primary[d].retained--;
    return 0;
}

EXPORT CUresult cuDevicePrimaryCtxReset(CUdevice d) {
    ENTER(0, 0);
    emu.primary[d].error = 0;
    emu_log("primary context reset");
    return 0;
}

EXPORT CUresult cuDevicePrimaryCtxGetState(CUdevice d, unsigned *flags, int *active) {
    ENTER(0, 0);
    *flags = 0;
    *active = emu.primary[d].retained > 0;
    return 0;
}

EXPORT CUresult cuDevicePrimaryCtxSetFlags(CUdevice d, unsigned flags) {
    (void)d;
    (void)flags;
    ENTER(0, 0);
    return 0;
}

EXPORT CUresult cuCtxGetCurrent(CUcontext *context) {
    ENTER(0, 0);
    *context = (CUcontext)emu_current;
    return 0;
}

EXPORT CUresult cuCtxSetCurrent(CUcontext context) {
    ENTER(0, 0);
    emu_current = (Context *)context;
    if (depth)
        stack[depth - 1] = emu_current;
    else if (emu_current)
        stack[depth++] = emu_current;
    if (!emu_current && depth) depth--;
    return 0;
}

EXPORT CUresult cuCtxPushCurrent(CUcontext context) {
    ENTER(0, 0);
    if (!context || depth == 32) return CUDA_ERROR_INVALID_CONTEXT;
    stack[depth++] = emu_current = (Context *)context;
    return 0;
}

EXPORT CUresult cuCtxPopCurrent(CUcontext *context) {
    ENTER(0, 0);
    if (!depth) return CUDA_ERROR_INVALID_CONTEXT;
    if (context) *context = (CUcontext)stack[depth - 1];
    depth--;
    emu_current = depth ? stack[depth - 1] : 0;
    return 0;
}

EXPORT CUresult cuCtxGetDevice(CUdevice *d) {
    ENTER(0, 1);
    *d = emu_current->device;
    return 0;
}

EXPORT CUresult cuCtxGetDevice_v2(CUdevice *d, CUcontext c) {
    ENTER(0, 0);
    *d = ((Context *)c)->device;
    return 0;
}

EXPORT CUresult cuCtxGetId(CUcontext c, unsigned long long *id) {
    ENTER(0, 0);
    *id = (uintptr_t)(c ? (void *)c : (void *)emu_current);
    return 0;
}

EXPORT CUresult cuCtxGetFlags(unsigned *flags) {
    ENTER(0, 1);
    *flags = 0;
    return 0;
}

EXPORT CUresult cuCtxGetApiVersion(CUcontext c, unsigned *version) {
    (void)c;
    ENTER(0, 0);
    *version = 3020;
    return 0;
}

EXPORT CUresult cuCtxSetLimit(CUlimit limit, size_t value) {
    (void)limit;
    (void)value;
    ENTER(1, 1);
    return 0;
}

EXPORT CUresult cuCtxGetLimit(size_t *value, CUlimit limit) {
    (void)limit;
    ENTER(1, 1);
    *value = 1 << 20;
    return 0;
}

EXPORT CUresult cuCtxSynchronize(void) {
    ENTER(1, 1);
    emu_wait_context(emu_current);
    return emu_current->error;
}
