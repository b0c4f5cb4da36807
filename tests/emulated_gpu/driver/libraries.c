/* Functions of libraries, modules and kernels; how they are loaded is in modules.c. */
#include "driver.h"

EXPORT CUresult cuLibraryLoadData(CUlibrary *library, const void *code, CUjit_option *o, void **v, unsigned n,
                                  CUlibraryOption *lo, void **lv, unsigned ln) {
    (void)o;
    (void)v;
    (void)n;
    (void)lo;
    (void)lv;
    (void)ln;
    ENTER(1, 0);
    int failed = 0;
    Library *l = emu_load(code, &failed);
    if (!l) return failed;
    emu.libraries++;
    *library = (CUlibrary)l;
    return 0;
}

EXPORT CUresult cuLibraryUnload(CUlibrary library) {
    ENTER(1, 0);
    for (int i = 0; i < emu.devices; i++)
        if (emu.primary[i].error) return emu.primary[i].error;
    Library *l = (Library *)library;
    if (l->magic != LIBRARY_MAGIC || l->unloaded) {
        emu_bad("a library is unloaded twice");
        return CUDA_ERROR_INVALID_HANDLE;
    }
    l->unloaded = 1;
    emu.libraries--;
    return 0;
}

static CUresult kernel_of(Library *l, const char *name, void **found) {
    if (!l || l->magic != LIBRARY_MAGIC || l->unloaded) return CUDA_ERROR_INVALID_HANDLE;
    *found = emu_kernel(l, name);
    return *found ? 0 : CUDA_ERROR_NOT_FOUND;
}

EXPORT CUresult cuLibraryGetKernel(CUkernel *kernel, CUlibrary library, const char *name) {
    ENTER(1, 0);
    return kernel_of((Library *)library, name, (void **)kernel);
}

EXPORT CUresult cuLibraryGetModule(CUmodule *m, CUlibrary library) {
    ENTER(1, 1);
    *m = (CUmodule)library;
    return 0;
}

EXPORT CUresult cuLibraryGetKernelCount(unsigned *n, CUlibrary library) {
    ENTER(1, 0);
    *n = 0;
    for (Kernel *k = ((Library *)library)->kernels; k; k = k->next) ++*n;
    return 0;
}

EXPORT CUresult cuLibraryGetGlobal(CUdeviceptr *p, size_t *n, CUlibrary library, const char *name) {
    (void)p;
    (void)n;
    (void)library;
    ENTER(1, 1);
    emu_log("global %s", name);
    return CUDA_ERROR_NOT_FOUND;
}

EXPORT CUresult cuKernelGetFunction(CUfunction *f, CUkernel k) {
    ENTER(1, 1);
    *f = (CUfunction)k;
    return 0;
}

EXPORT CUresult cuKernelGetLibrary(CUlibrary *l, CUkernel k) {
    ENTER(1, 0);
    *l = (CUlibrary)((Kernel *)k)->library;
    return 0;
}

EXPORT CUresult cuKernelGetName(const char **name, CUkernel k) {
    ENTER(0, 0);
    *name = ((Kernel *)k)->name;
    return 0;
}

EXPORT CUresult cuKernelGetParamInfo(CUkernel kernel, size_t i, size_t *offset, size_t *size) {
    ENTER(0, 0);
    Kernel *k = (Kernel *)kernel;
    if ((int)i >= k->n_params) return CUDA_ERROR_INVALID_VALUE;
    size_t at = 0;
    for (size_t j = 0; j < i; j++) {
        at = (at + k->sizes[j] - 1) / k->sizes[j] * k->sizes[j] + k->sizes[j];
    }
    at = (at + k->sizes[i] - 1) / k->sizes[i] * k->sizes[i];
    *offset = at;
    *size = k->sizes[i];
    return 0;
}

static CUresult attribute_of(int *value, CUfunction_attribute a, Kernel *k) {
    if (!k || k->magic != KERNEL_MAGIC) return CUDA_ERROR_INVALID_HANDLE;
    switch ((int)a) {
    case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK: *value = k->regs > 64 ? 65536 / k->regs / 32 * 32 : 1024; break;
    case CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES: *value = k->shared; break;
    case CU_FUNC_ATTRIBUTE_NUM_REGS: *value = k->regs; break;
    case CU_FUNC_ATTRIBUTE_PTX_VERSION:
    case CU_FUNC_ATTRIBUTE_BINARY_VERSION: *value = 90; break;
    case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES: *value = k->max_dynamic; break;
    default: *value = 0;
    }
    return 0;
}

EXPORT CUresult cuFuncGetAttribute(int *value, CUfunction_attribute a, CUfunction f) {
    ENTER(1, 0);
    return attribute_of(value, a, (Kernel *)f);
}

EXPORT CUresult cuKernelGetAttribute(int *value, CUfunction_attribute a, CUkernel k, CUdevice d) {
    (void)d;
    ENTER(1, 0);
    return attribute_of(value, a, (Kernel *)k);
}

EXPORT CUresult cuFuncSetAttribute(CUfunction f, CUfunction_attribute a, int value) {
    ENTER(1, 0);
    if (a == CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES) ((Kernel *)f)->max_dynamic = value;
    return 0;
}

EXPORT CUresult cuKernelSetAttribute(CUfunction_attribute a, int value, CUkernel k, CUdevice d) {
    (void)d;
    ENTER(1, 0);
    if (a == CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES) ((Kernel *)k)->max_dynamic = value;
    return 0;
}

EXPORT CUresult cuKernelSetCacheConfig(CUkernel k, CUfunc_cache c, CUdevice d) {
    (void)k;
    (void)c;
    (void)d;
    ENTER(1, 0);
    return 0;
}

EXPORT CUresult cuFuncSetCacheConfig(CUfunction f, CUfunc_cache c) {
    (void)f;
    (void)c;
    ENTER(1, 0);
    return 0;
}

EXPORT CUresult cuModuleLoadData(CUmodule *m, const void *image) {
    ENTER(1, 1);
    int code = 0;
    *m = (CUmodule)emu_load(image, &code);
    return code;
}

EXPORT CUresult cuModuleLoadDataEx(CUmodule *m, const void *image, unsigned n, CUjit_option *o, void **v) {
    (void)n;
    (void)o;
    (void)v;
    ENTER(1, 1);
    int code = 0;
    *m = (CUmodule)emu_load(image, &code);
    return code;
}

EXPORT CUresult cuModuleUnload(CUmodule m) {
    (void)m;
    ENTER(1, 0);
    return 0;
}

EXPORT CUresult cuModuleGetFunction(CUfunction *f, CUmodule m, const char *name) {
    ENTER(1, 0);
    return kernel_of((Library *)m, name, (void **)f);
}

EXPORT CUresult cuModuleGetGlobal(CUdeviceptr *p, size_t *n, CUmodule m, const char *name) {
    (void)p;
    (void)n;
    (void)m;
    (void)name;
    ENTER(1, 0);
    return CUDA_ERROR_NOT_FOUND;
}

EXPORT CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *n, CUfunction f, int block, size_t shared) {
    (void)shared;
    ENTER(1, 0);
    int r = ((Kernel *)f)->regs;
    *n = 65536 / (r * block);
    if (*n > 2048 / block) *n = 2048 / block;
    return 0;
}

EXPORT CUresult cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *n, CUfunction f, int block, size_t shared,
                                                                     unsigned flags) {
    (void)flags;
    return cuOccupancyMaxActiveBlocksPerMultiprocessor(n, f, block, shared);
}
