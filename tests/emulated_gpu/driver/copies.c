/* Copies and fills. Pageable memory is copied at once, pinned memory when its turn comes, as by a device. */
#include "driver.h"

static int on_device(CUdeviceptr at, size_t n, const char *what) {
    Region *r = emu_region((void *)at);
    if (!r || r->pinned || (char *)at + n > r->base + r->size) {
        emu_bad("%s: %zu bytes at %p are not all in one allocation of the device", what, n, (void *)at);
        return CUDA_ERROR_INVALID_VALUE;
    }
    if (r->device != emu_current->device)
        emu_bad("%s: memory of device %d with the context of %d", what, r->device, emu_current->device);
    return 0;
}

static int is_pinned(const void *at, size_t n) {
    Region *r = emu_region(at);
    int is_ours = r && (r->map || r->portable || r->device == emu_current->device);
    return is_ours && r->pinned && (char *)at + n <= r->base + r->size;
}

Op *emu_new_op(enum Kind kind, void *to, const void *from, size_t n) {
    Op *op = calloc(1, sizeof *op);
    op->kind = kind;
    op->to = to;
    op->from = from;
    op->bytes = n;
    return op;
}

static CUresult copy(enum Kind kind, void *to, const void *from, size_t n, CUstream stream, int waits,
                     const char *what) {
    Stream *s = emu_stream_of(stream);
    if (!s) return CUDA_ERROR_INVALID_HANDLE;
    if (s->context != emu_current) {
        emu_bad("%s: a stream of another context", what);
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (!n) return 0;
    int code = 0;
    if (kind != DTOH) code = on_device((CUdeviceptr)to, n, what);
    if (!code && kind != HTOD) code = on_device((CUdeviceptr)from, n, what);
    if (code) return code;
    Op *op = emu_new_op(kind, to, from, n);
    if (kind == HTOD && !is_pinned(from, n)) {
        if (n > 65536 && !waits) emu_log("%s: %zu bytes of pageable memory", what, n);
        op->from = op->owned = memcpy(malloc(n), from, n);
    }
    if (kind == DTOH && !is_pinned(to, n)) {
        if (!waits) emu_log("%s: %zu bytes to pageable memory", what, n);
        waits = 1;
    } else if (kind == DTOH && emu.check && !waits)
        memset(to, 0xee, n); /* nobody may read it before it has come */
    return waits ? emu_submit_and_wait(s, op) : emu_submit(s, op);
}

EXPORT CUresult cuMemcpyHtoD(CUdeviceptr to, const void *from, size_t n) {
    ENTER(1, 1);
    return copy(HTOD, (void *)to, from, n, 0, 1, __func__);
}

EXPORT CUresult cuMemcpyDtoH(void *to, CUdeviceptr from, size_t n) {
    ENTER(1, 1);
    return copy(DTOH, to, (void *)from, n, 0, 1, __func__);
}

EXPORT CUresult cuMemcpyDtoD(CUdeviceptr to, CUdeviceptr from, size_t n) {
    ENTER(1, 1);
    return copy(DTOD, (void *)to, (void *)from, n, 0, 0, __func__);
}

EXPORT CUresult cuMemcpyHtoDAsync(CUdeviceptr to, const void *from, size_t n, CUstream s) {
    ENTER(1, 1);
    return copy(HTOD, (void *)to, from, n, s, 0, __func__);
}

EXPORT CUresult cuMemcpyDtoHAsync(void *to, CUdeviceptr from, size_t n, CUstream s) {
    ENTER(1, 1);
    return copy(DTOH, to, (void *)from, n, s, 0, __func__);
}

EXPORT CUresult cuMemcpyDtoDAsync(CUdeviceptr to, CUdeviceptr from, size_t n, CUstream s) {
    ENTER(1, 1);
    return copy(DTOD, (void *)to, (void *)from, n, s, 0, __func__);
}

static CUresult set(enum Kind kind, CUdeviceptr to, unsigned value, size_t n, CUstream stream) {
    Stream *s = emu_stream_of(stream);
    if (!s) return CUDA_ERROR_INVALID_HANDLE;
    if (!n) return 0;
    int code = on_device(to, kind == SET32 ? 4 * n : n, "memset");
    if (code) return code;
    Op *op = emu_new_op(kind, (void *)to, 0, n);
    op->value = value;
    return emu_submit(s, op);
}

EXPORT CUresult cuMemsetD8(CUdeviceptr to, unsigned char v, size_t n) {
    ENTER(1, 1);
    return set(SET8, to, v, n, 0);
}

EXPORT CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char v, size_t n, CUstream s) {
    ENTER(1, 1);
    return set(SET8, to, v, n, s);
}

EXPORT CUresult cuMemsetD32(CUdeviceptr to, unsigned v, size_t n) {
    ENTER(1, 1);
    return set(SET32, to, v, n, 0);
}

EXPORT CUresult cuMemsetD32Async(CUdeviceptr to, unsigned v, size_t n, CUstream s) {
    ENTER(1, 1);
    return set(SET32, to, v, n, s);
}
