/* Names of errors, and functions by their names and versions. */
#include "driver.h"

typedef struct Name {
    CUresult code;
    const char *text;
} Name;

/* clang-format off */
#define NAME(code) {code, #code},
static const Name names[] = {
    NAME(CUDA_SUCCESS)
    NAME(CUDA_ERROR_INVALID_VALUE)
    NAME(CUDA_ERROR_OUT_OF_MEMORY)
    NAME(CUDA_ERROR_NOT_INITIALIZED)
    NAME(CUDA_ERROR_DEINITIALIZED)
    NAME(CUDA_ERROR_NO_DEVICE)
    NAME(CUDA_ERROR_INVALID_DEVICE)
    NAME(CUDA_ERROR_INVALID_IMAGE)
    NAME(CUDA_ERROR_INVALID_CONTEXT)
    NAME(CUDA_ERROR_NO_BINARY_FOR_GPU)
    NAME(CUDA_ERROR_ECC_UNCORRECTABLE)
    NAME(CUDA_ERROR_INVALID_PTX)
    NAME(CUDA_ERROR_OPERATING_SYSTEM)
    NAME(CUDA_ERROR_INVALID_HANDLE)
    NAME(CUDA_ERROR_NOT_FOUND)
    NAME(CUDA_ERROR_NOT_READY)
    NAME(CUDA_ERROR_ILLEGAL_ADDRESS)
    NAME(CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES)
    NAME(CUDA_ERROR_LAUNCH_TIMEOUT)
    NAME(CUDA_ERROR_LAUNCH_FAILED)
    NAME(CUDA_ERROR_ILLEGAL_INSTRUCTION)
    NAME(CUDA_ERROR_MISALIGNED_ADDRESS)
    NAME(CUDA_ERROR_NOT_SUPPORTED)
    NAME(CUDA_ERROR_SYSTEM_DRIVER_MISMATCH)
    NAME(CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED)
    NAME(CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED)
    NAME(CUDA_ERROR_UNKNOWN)
    NAME(CUDA_ERROR_UNSUPPORTED_PTX_VERSION)
    NAME(CUDA_ERROR_DEVICE_UNAVAILABLE)
    NAME(CUDA_ERROR_HARDWARE_STACK_ERROR)
};
/* clang-format on */

static const char *name_of(CUresult code) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == code) return names[i].text;
    return 0;
}

EXPORT CUresult cuGetErrorName(CUresult code, const char **text) {
    *text = name_of(code);
    return *text ? 0 : CUDA_ERROR_INVALID_VALUE;
}

EXPORT CUresult cuGetErrorString(CUresult code, const char **text) {
    *text = name_of(code) ? "an error of the emulated driver" : 0;
    return *text ? 0 : CUDA_ERROR_INVALID_VALUE;
}

#undef cuGetProcAddress
EXPORT CUresult cuGetProcAddress_v2(const char *symbol, void **address, int version, cuuint64_t flags,
                                    CUdriverProcAddressQueryResult *result);
static void *find(const char *symbol, int version) {
    static void *self;
    if (!self) {
        Dl_info info;
        dladdr((void *)cuGetProcAddress_v2, &info);
        self = dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    }
    char name[200];
    if (version > emu.driver_version) return 0;
    if (!strcmp(symbol, "cuDeviceGetUuid"))
        return version >= 11040 ? (void *)cuDeviceGetUuid_v2 : (void *)cuDeviceGetUuid;
    if (!strcmp(symbol, "cuCtxGetDevice")) return version >= 13000 ? (void *)cuCtxGetDevice_v2 : (void *)cuCtxGetDevice;
    snprintf(name, sizeof name, "%s_v2", symbol);
    void *found = dlsym(self, name);
    return found ? found : dlsym(self, symbol);
}

EXPORT CUresult cuGetProcAddress_v2(const char *symbol, void **address, int version, cuuint64_t flags,
                                    CUdriverProcAddressQueryResult *result) {
    (void)flags;
    *address = find(symbol, version);
    if (result)
        *result = *address                       ? CU_GET_PROC_ADDRESS_SUCCESS
                  : version > emu.driver_version ? CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT
                                                 : CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    return *address ? 0 : CUDA_ERROR_NOT_FOUND;
}

EXPORT CUresult cuGetProcAddress(const char *symbol, void **address, int version, cuuint64_t flags) {
    return cuGetProcAddress_v2(symbol, address, version, flags, 0);
}
