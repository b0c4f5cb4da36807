/* Memory of the device and pinned memory, both of the host, with bounds that are watched. */
#include "driver.h"

static Region *regions;

Region *emu_region(const void *at) {
    pthread_mutex_lock(&emu_table_lock);
    Region *r = regions;
    while (r && !(!r->freed && (char *)at >= r->base && (char *)at < r->base + r->size)) r = r->next;
    pthread_mutex_unlock(&emu_table_lock);
    return r;
}

/* The translator's runtime wants to know what kernels may touch. */
static void tell_runtime(int forgets, void *base, size_t size) {
    static void (*add)(void *, size_t), (*drop)(void *);
    static int tried;
    if (!tried) {
        tried = 1;
        const char *path = getenv("EMU_RUNTIME");
        if (path) {
            void *runtime = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
            if (runtime) {
                *(void **)&add = dlsym(runtime, "emu_register");
                *(void **)&drop = dlsym(runtime, "emu_unregister");
            } else
                emu_log("%s", dlerror());
        }
    }
    if (forgets && drop) drop(base);
    if (!forgets && add) add(base, size);
}

/* At the end of its pages, before one that nobody may touch; aligned as the driver's own. */
static Region *new_region(size_t size, int pinned, size_t alignment) {
    size_t rounded = (size + alignment - 1) / alignment * alignment, page = 4096;
    size_t mapped = (rounded + page - 1) / page * page;
    char *map = mmap(0, mapped + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) return 0;
    mprotect(map + mapped, page, PROT_NONE);
    Region *r = calloc(1, sizeof *r);
    r->map = map;
    r->mapped = mapped;
    r->base = map + mapped - rounded;
    r->size = size;
    r->pinned = pinned;
    r->device = emu_current->device;
    memset(r->base, pinned ? 0xc3 : 0xa5, rounded);
    pthread_mutex_lock(&emu_table_lock);
    r->next = regions;
    regions = r;
    if (!pinned) tell_runtime(0, r->base, size);
    pthread_mutex_unlock(&emu_table_lock);
    return r;
}

static void forget(Region *r) {
    r->freed = 1;
    for (Region **at = &regions; *at; at = &(*at)->next)
        if (*at == r) {
            *at = r->next;
            break;
        }
}

/* Never mapped again: who still uses it is found out. */
static int free_region(const void *at, int pinned) {
    Region *r = emu_region(at);
    if (!r || r->base != at || r->pinned != pinned || !r->map) {
        emu_bad("free of %p, which is no allocation's beginning", at);
        return CUDA_ERROR_INVALID_VALUE;
    }
    size_t rounded = r->map + r->mapped - r->base;
    for (size_t i = r->size; i < rounded; i++)
        if ((unsigned char)r->base[i] != (pinned ? 0xc3 : 0xa5)) {
            emu_bad("byte %zu behind an allocation of %zu was written", i - r->size, r->size);
            break;
        }
    pthread_mutex_lock(&emu_table_lock);
    forget(r);
    if (!pinned) tell_runtime(1, r->base, 0);
    pthread_mutex_unlock(&emu_table_lock);
    madvise(r->map, r->mapped, MADV_DONTNEED);
    mprotect(r->map, r->mapped, PROT_NONE);
    if (!pinned)
        emu.held[r->device] -= r->size;
    else
        emu.pinned--;
    return 0;
}

EXPORT CUresult cuMemAlloc(CUdeviceptr *pointer, size_t size) {
    ENTER(1, 1);
    if (!size) {
        emu_bad("%s of no bytes", __func__);
        return CUDA_ERROR_INVALID_VALUE;
    }
    int d = emu_current->device;
    if (emu.held[d] + size > emu.total_memory) return CUDA_ERROR_OUT_OF_MEMORY;
    Region *r = new_region(size, 0, 256);
    if (!r) return CUDA_ERROR_OUT_OF_MEMORY;
    emu.held[d] += size;
    if (emu.held[d] > emu.most_held[d]) emu.most_held[d] = emu.held[d];
    *pointer = (CUdeviceptr)r->base;
    return 0;
}

EXPORT CUresult cuMemFree(CUdeviceptr pointer) {
    ENTER(1, 1);
    emu_wait_context(emu_current);
    if (emu_current->error) return emu_current->error;
    return free_region((void *)pointer, 0);
}

EXPORT CUresult cuMemHostAlloc(void **pointer, size_t size, unsigned flags) {
    (void)flags;
    ENTER(1, 1);
    if (!size) {
        emu_bad("%s of no bytes", __func__);
        return CUDA_ERROR_INVALID_VALUE;
    }
    Region *r = new_region(size, 1, 4096);
    if (!r) return CUDA_ERROR_OUT_OF_MEMORY;
    __atomic_add_fetch(&emu.pinned, 1, __ATOMIC_SEQ_CST);
    *pointer = r->base;
    return 0;
}

EXPORT CUresult cuMemAllocHost(void **pointer, size_t size) {
    return cuMemHostAlloc(pointer, size, 0);
}

EXPORT CUresult cuMemFreeHost(void *pointer) {
    ENTER(1, 1);
    emu_wait_context(emu_current);
    if (emu_current->error) return emu_current->error;
    return free_region(pointer, 1);
}

/* Whether the user's own pages are there. */
static int are_mapped(const char *base, size_t size) {
    unsigned char *in = malloc(size / 4096 + 2);
    uintptr_t first = (uintptr_t)base & ~(uintptr_t)4095;
    int mapped = !mincore((void *)first, (uintptr_t)base + size - first, in);
    free(in);
    return mapped;
}

static int overlaps(const char *base, size_t size) {
    for (Region *r = regions; r; r = r->next)
        if (!r->freed && base < r->base + r->size && r->base < base + size) return 1;
    return 0;
}

EXPORT CUresult cuMemHostRegister(void *pointer, size_t size, unsigned flags) {
    ENTER(1, 1);
    if (!size || !are_mapped(pointer, size)) {
        emu_bad("%s of %zu bytes at %p, which are not all there", __func__, size, pointer);
        return CUDA_ERROR_INVALID_VALUE;
    }
    int code = 0;
    pthread_mutex_lock(&emu_table_lock);
    if (overlaps(pointer, size))
        code = CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED;
    else {
        Region *r = calloc(1, sizeof *r);
        r->base = pointer;
        r->size = size;
        r->pinned = 1;
        r->portable = (flags & CU_MEMHOSTREGISTER_PORTABLE) != 0;
        r->device = emu_current->device;
        r->next = regions;
        regions = r;
        emu.registered++;
    }
    pthread_mutex_unlock(&emu_table_lock);
    if (code) emu_bad("%s of %zu bytes at %p, of which some are pinned already", __func__, size, pointer);
    return code;
}

EXPORT CUresult cuMemHostUnregister(void *pointer) {
    ENTER(1, 1);
    emu_wait_context(emu_current);
    if (emu_current->error) return emu_current->error;
    Region *r = emu_region(pointer);
    if (!r || r->base != pointer || r->map) {
        emu_bad("%s of %p, which is not registered", __func__, pointer);
        return CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED;
    }
    if (!are_mapped(r->base, r->size)) emu_bad("%zu bytes at %p were freed while registered", r->size, pointer);
    pthread_mutex_lock(&emu_table_lock);
    forget(r);
    emu.registered--;
    pthread_mutex_unlock(&emu_table_lock);
    return 0;
}

EXPORT CUresult cuMemHostGetDevicePointer(CUdeviceptr *d, void *p, unsigned flags) {
    (void)flags;
    ENTER(1, 1);
    *d = (CUdeviceptr)p;
    return 0;
}

EXPORT CUresult cuMemGetInfo(size_t *free_, size_t *total) {
    ENTER(1, 1);
    *total = emu.total_memory;
    *free_ = emu.total_memory - emu.held[emu_current->device];
    return 0;
}

EXPORT CUresult cuMemGetAddressRange(CUdeviceptr *base, size_t *size, CUdeviceptr at) {
    ENTER(1, 1);
    Region *r = emu_region((void *)at);
    if (!r) return CUDA_ERROR_NOT_FOUND;
    if (base) *base = (CUdeviceptr)r->base;
    if (size) *size = r->size;
    return 0;
}

static int pointer_attribute(void *data, CUpointer_attribute a, CUdeviceptr at) {
    Region *r = emu_region((void *)at);
    if (!r) return CUDA_ERROR_INVALID_VALUE;
    switch ((int)a) {
    case CU_POINTER_ATTRIBUTE_CONTEXT: *(CUcontext *)data = (CUcontext)&emu.primary[r->device]; break;
    case CU_POINTER_ATTRIBUTE_MEMORY_TYPE:
        *(unsigned *)data = r->pinned ? CU_MEMORYTYPE_HOST : CU_MEMORYTYPE_DEVICE;
        break;
    case CU_POINTER_ATTRIBUTE_DEVICE_POINTER: *(CUdeviceptr *)data = at; break;
    case CU_POINTER_ATTRIBUTE_HOST_POINTER:
        if (!r->pinned) return CUDA_ERROR_INVALID_VALUE;
        *(void **)data = (void *)at;
        break;
    case CU_POINTER_ATTRIBUTE_IS_MANAGED: *(unsigned *)data = 0; break;
    case CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL: *(int *)data = r->device; break;
    case CU_POINTER_ATTRIBUTE_RANGE_START_ADDR: *(CUdeviceptr *)data = (CUdeviceptr)r->base; break;
    case CU_POINTER_ATTRIBUTE_RANGE_SIZE: *(size_t *)data = r->size; break;
    default: emu_log("pointer attribute %d", (int)a); return CUDA_ERROR_INVALID_VALUE;
    }
    return 0;
}

EXPORT CUresult cuPointerGetAttribute(void *data, CUpointer_attribute a, CUdeviceptr at) {
    ENTER(0, 0);
    return pointer_attribute(data, a, at);
}

EXPORT CUresult cuPointerGetAttributes(unsigned n, CUpointer_attribute *a, void **data, CUdeviceptr at) {
    ENTER(0, 0);
    for (unsigned i = 0; i < n; i++)
        if (pointer_attribute(data[i], a[i], at)) memset(data[i], 0, 4);
    return 0;
}
