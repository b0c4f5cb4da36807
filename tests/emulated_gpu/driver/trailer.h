/* How the emulated nvJitLink hands PTX to the emulated driver: behind the cubin that is made of it. */
#pragma once
#include <stddef.h>

static const char EMU_TRAILER[16] = "EMU-PTX-TRAILER";

/* Bytes of a cubin by its own headers, without what follows it. */
size_t emu_cubin_size(const unsigned char *image);
