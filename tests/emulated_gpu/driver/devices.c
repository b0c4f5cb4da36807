/* The process, and what the device says of itself: an H100, unless the environment has it otherwise. */
#include "driver.h"

EXPORT CUresult cuInit(unsigned flags) {
    (void)flags;
    ENTER(0, 0);
    if (!emu.devices) return CUDA_ERROR_NO_DEVICE;
    if (!emu.initialised) emu.pid = getpid();
    emu.initialised = 1;
    return 0;
}

EXPORT CUresult cuDriverGetVersion(int *version) {
    ENTER(0, 0);
    *version = emu.driver_version;
    return 0;
}

EXPORT CUresult cuDeviceGetCount(int *count) {
    ENTER(0, 0);
    *count = emu.devices;
    return 0;
}

EXPORT CUresult cuDeviceGet(CUdevice *device, int number) {
    ENTER(0, 0);
    if (number < 0 || number >= emu.devices) return CUDA_ERROR_INVALID_DEVICE;
    *device = number;
    return 0;
}

EXPORT CUresult cuDeviceGetName(char *name, int length, CUdevice d) {
    (void)d;
    ENTER(0, 0);
    snprintf(name, length, "Emulated H100 (no GPU)");
    return 0;
}

EXPORT CUresult cuDeviceTotalMem(size_t *bytes, CUdevice d) {
    (void)d;
    ENTER(0, 0);
    *bytes = emu.total_memory;
    return 0;
}

EXPORT CUresult cuDeviceGetUuid(CUuuid *uuid, CUdevice d) {
    ENTER(0, 0);
    memset(uuid, 0x40 + d, sizeof *uuid);
    return 0;
}

EXPORT CUresult cuDeviceGetUuid_v2(CUuuid *uuid, CUdevice d) {
    ENTER(0, 0);
    memset(uuid, 0x40 + d, sizeof *uuid);
    return 0;
}

EXPORT CUresult cuDeviceGetPCIBusId(char *text, int length, CUdevice d) {
    ENTER(0, 0);
    snprintf(text, length, "0000:0%d:00.0", d);
    return 0;
}

EXPORT CUresult cuDeviceCanAccessPeer(int *can, CUdevice a, CUdevice b) {
    (void)a;
    (void)b;
    ENTER(0, 0);
    *can = 0;
    return 0;
}

EXPORT CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice d) {
    ENTER(0, 0);
    if (d < 0 || d >= emu.devices) return CUDA_ERROR_INVALID_DEVICE;
    switch ((int)attribute) {
    case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK: *value = 1024; break;
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X:
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y: *value = 1024; break;
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z: *value = 64; break;
    case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X: *value = 0x7fffffff; break;
    case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y:
    case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z: *value = 65535; break;
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK: *value = 49152; break;
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN: *value = 232448; break;
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR: *value = 233472; break;
    case CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY: *value = 65536; break;
    case CU_DEVICE_ATTRIBUTE_WARP_SIZE: *value = 32; break;
    case CU_DEVICE_ATTRIBUTE_MAX_PITCH: *value = 0x7fffffff; break;
    case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK:
    case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR: *value = 65536; break;
    case CU_DEVICE_ATTRIBUTE_CLOCK_RATE: *value = 1980000; break;
    case CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE: *value = 2619000; break;
    case CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH: *value = 5120; break;
    case CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE: *value = 52428800; break;
    case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT: *value = emu_number("EMU_MULTIPROCESSORS", 132); break;
    case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR: *value = 2048; break;
    case CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR: *value = 32; break;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: *value = emu_number("EMU_MAJOR", 9); break;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: *value = emu_number("EMU_MINOR", 0); break;
    case CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT: *value = 3; break;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_MODE: *value = 0; break;
    case CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID: *value = d; break;
    case CU_DEVICE_ATTRIBUTE_PCI_BUS_ID:
    case CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID: *value = 0; break;
    case CU_DEVICE_ATTRIBUTE_GPU_OVERLAP:
    case CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY:
    case CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS:
    case CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING:
    case CU_DEVICE_ATTRIBUTE_ECC_ENABLED:
    case CU_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH:
    case CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY: *value = 1; break;
    default: *value = 0; emu_log("attribute %d is said to be 0", (int)attribute);
    }
    return 0;
}
