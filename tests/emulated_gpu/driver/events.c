/* Functions of streams and events; what streams do is in streams.c. */
#include "driver.h"

EXPORT CUresult cuStreamCreate(CUstream *stream, unsigned flags) {
    ENTER(1, 1);
    pthread_mutex_lock(&emu_lock);
    *stream = (CUstream)emu_new_stream(emu_current, (int)flags);
    pthread_mutex_unlock(&emu_lock);
    emu.streams++;
    return 0;
}

EXPORT CUresult cuStreamCreateWithPriority(CUstream *stream, unsigned flags, int priority) {
    (void)priority;
    return cuStreamCreate(stream, flags);
}

EXPORT CUresult cuStreamDestroy(CUstream stream) {
    ENTER(1, 0);
    Stream *s = emu_stream_of(stream);
    if (!s || (uintptr_t)stream <= 2) return CUDA_ERROR_INVALID_HANDLE;
    pthread_mutex_lock(&emu_lock);
    s->destroyed = 1;
    pthread_cond_signal(&s->work);
    pthread_mutex_unlock(&emu_lock);
    emu.streams--;
    return s->context->error;
}

EXPORT CUresult cuStreamSynchronize(CUstream stream) {
    ENTER(1, 0);
    Stream *s = emu_stream_of(stream);
    if (!s) return CUDA_ERROR_INVALID_HANDLE;
    emu_wait_stream(s);
    return s->context->error;
}

EXPORT CUresult cuStreamQuery(CUstream stream) {
    ENTER(1, 0);
    Stream *s = emu_stream_of(stream);
    if (!s) return CUDA_ERROR_INVALID_HANDLE;
    if (s->context->error) return s->context->error;
    return s->done < s->submitted ? CUDA_ERROR_NOT_READY : 0;
}

EXPORT CUresult cuStreamGetCtx(CUstream stream, CUcontext *c) {
    ENTER(0, 0);
    Stream *s = emu_stream_of(stream);
    if (!s) return CUDA_ERROR_INVALID_HANDLE;
    *c = (CUcontext)s->context;
    return 0;
}

EXPORT CUresult cuStreamGetFlags(CUstream stream, unsigned *f) {
    ENTER(0, 0);
    Stream *s = emu_stream_of(stream);
    if (!s) return CUDA_ERROR_INVALID_HANDLE;
    *f = s->flags;
    return 0;
}

EXPORT CUresult cuStreamGetPriority(CUstream stream, int *p) {
    (void)stream;
    ENTER(0, 0);
    *p = 0;
    return 0;
}

EXPORT CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus *status) {
    (void)stream;
    ENTER(0, 0);
    *status = CU_STREAM_CAPTURE_STATUS_NONE;
    return 0;
}

static Event *event_of(CUevent event) {
    Event *e = (Event *)event;
    return e && e->magic == EVENT_MAGIC && !e->destroyed ? e : 0;
}

EXPORT CUresult cuEventCreate(CUevent *event, unsigned flags) {
    ENTER(1, 1);
    Event *e = calloc(1, sizeof *e);
    e->magic = EVENT_MAGIC;
    e->flags = (int)flags;
    e->context = emu_current;
    *event = (CUevent)e;
    __atomic_add_fetch(&emu.events, 1, __ATOMIC_SEQ_CST);
    return 0;
}

EXPORT CUresult cuEventDestroy(CUevent event) {
    ENTER(1, 0);
    Event *e = event_of(event);
    if (!e) {
        emu_bad("an event is destroyed twice");
        return CUDA_ERROR_INVALID_HANDLE;
    }
    e->destroyed = 1;
    __atomic_sub_fetch(&emu.events, 1, __ATOMIC_SEQ_CST);
    return e->context->error;
}

EXPORT CUresult cuEventRecord(CUevent event, CUstream stream) {
    ENTER(1, 0);
    Event *e = event_of(event);
    Stream *s = emu_stream_of(stream);
    if (!e || !s || e->context != s->context) {
        emu_bad("record of no event, or in no stream");
        return CUDA_ERROR_INVALID_HANDLE;
    }
    Op *op = emu_new_op(RECORD, 0, 0, 0);
    op->event = e;
    pthread_mutex_lock(&emu_lock);
    op->seq = ++e->asked;
    pthread_mutex_unlock(&emu_lock);
    return emu_submit(s, op);
}

EXPORT CUresult cuEventQuery(CUevent event) {
    ENTER(1, 0);
    Event *e = event_of(event);
    if (!e) {
        emu_bad("query of no event");
        return CUDA_ERROR_INVALID_HANDLE;
    }
    pthread_mutex_lock(&emu_lock);
    int code = e->context->error ? e->context->error : e->reached < e->asked ? CUDA_ERROR_NOT_READY : 0;
    pthread_mutex_unlock(&emu_lock);
    return code;
}

EXPORT CUresult cuEventSynchronize(CUevent event) {
    ENTER(1, 0);
    Event *e = event_of(event);
    if (!e) return CUDA_ERROR_INVALID_HANDLE;
    pthread_mutex_lock(&emu_lock);
    uint64_t upto = e->asked;
    while (e->reached < upto) pthread_cond_wait(&emu_changed, &emu_lock);
    pthread_mutex_unlock(&emu_lock);
    return e->context->error;
}

EXPORT CUresult cuEventElapsedTime(float *ms, CUevent first, CUevent last) {
    ENTER(1, 0);
    Event *a = event_of(first), *b = event_of(last);
    if (!a || !b || !a->asked || !b->asked || (a->flags & CU_EVENT_DISABLE_TIMING) ||
        (b->flags & CU_EVENT_DISABLE_TIMING)) {
        emu_bad("elapsed time between events that were not recorded, or tell no time");
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (a->context->error) return a->context->error;
    if (a->reached < a->asked || b->reached < b->asked) return CUDA_ERROR_NOT_READY;
    *ms = (float)(b->at - a->at);
    return 0;
}

EXPORT CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags) {
    (void)flags;
    ENTER(1, 0);
    Event *e = event_of(event);
    Stream *s = emu_stream_of(stream);
    if (!e || !s) return CUDA_ERROR_INVALID_HANDLE;
    Op *op = emu_new_op(WAIT, 0, 0, 0);
    op->event = e;
    op->seq = e->asked;
    return emu_submit(s, op);
}

EXPORT CUresult cuLaunchHostFunc(CUstream stream, CUhostFn f, void *data) {
    ENTER(1, 0);
    Stream *s = emu_stream_of(stream);
    if (!s) return CUDA_ERROR_INVALID_HANDLE;
    Op *op = emu_new_op(CALL, 0, 0, 0);
    op->call = f;
    op->data = data;
    return emu_submit(s, op);
}
