/* The read-stage interface of Lanescope, version 1, for plugins in C. ABI.md describes it byte by byte.
 *
 * Define LANESCOPE_PLUGIN in the one file that implements the plugin, write
 *
 *     static int process(const lanescope_batch *batch) { ...; return 0; }
 *
 * and end the file with LANESCOPE_PROCESS(process). Nothing may be kept from one batch to the
 * next: batches go to several instances, in any order.
 *
 * Put LANESCOPE_UNROLL before loops over bases: checks for endless loops then cost next to nothing.
 */
#ifndef LANESCOPE_H
#define LANESCOPE_H

#include <stdint.h>
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

#define LANESCOPE_ABI 1
#define LANESCOPE_UNCHANGED 0xFFFFFFFFu
#define LANESCOPE_EXPORT(name) __attribute__((export_name(#name)))
#define LANESCOPE_UNROLL _Pragma("clang loop unroll_count(8)")

enum { LANESCOPE_KEEP = 1, LANESCOPE_TRIM = 2, LANESCOPE_BASES = 4, LANESCOPE_QUALITIES = 8, LANESCOPE_NAMES = 16 };

typedef union {
    int64_t integer; /* integer; boolean, 0 or 1; choice, its place among the choices */
    double number;
    struct {
        uint32_t offset; /* from the first parameter, in bytes */
        uint32_t length;
    } text;
} lanescope_parameter;

typedef struct {
    uint32_t abi;
    uint32_t size;
    uint32_t reads;
    uint32_t text_bytes;
    uint8_t *text;                   /* bases, qualities and names; 64 bytes after it may be read as well */
    const uint32_t *name_starts;     /* offsets in text */
    const uint32_t *name_lengths;
    const uint32_t *sequence_starts; /* offsets in text */
    const uint32_t *quality_starts;  /* offsets in text; Phred + 33 */
    const uint32_t *lengths;
    uint8_t *keep;                   /* 1 kept, 0 dropped; leave reads alone that come with 0 */
    uint32_t *trim_starts;           /* first base to keep; NULL unless the manifest changes trim */
    uint32_t *trim_ends;             /* past the last base to keep */
    uint32_t *new_name_starts;       /* offsets in new_names, or LANESCOPE_UNCHANGED */
    uint32_t *new_name_lengths;
    uint8_t *new_names;              /* NULL unless the manifest changes names */
    uint32_t new_names_bytes;
    const lanescope_parameter *parameters; /* in the manifest's order */
    double *metrics;                 /* in the manifest's order, bins of histograms one after another */
    uint32_t metric_slots;
    float *read_metrics;             /* [read_metric_columns][reads]; not a number for reads without */
    uint32_t read_metric_columns;
    char *message;                   /* why, where process returns something else than 0; UTF-8, ends with 0 */
    uint32_t message_bytes;
    uint64_t first_record;
    uint64_t batch_number;
    uint32_t mate;                   /* 0 single reads, 1 first of pairs, 2 second of pairs */
    uint32_t changes;
    uint64_t reserved;
} lanescope_batch;

_Static_assert(sizeof(void *) == 4, "compile for wasm32");
_Static_assert(sizeof(lanescope_batch) == 128, "the batch descriptor has 128 bytes");

static inline const uint8_t *lanescope_bases(const lanescope_batch *batch, uint32_t read) {
    return batch->text + batch->sequence_starts[read];
}

static inline const uint8_t *lanescope_qualities(const lanescope_batch *batch, uint32_t read) {
    return batch->text + batch->quality_starts[read];
}

/* Sum of bytes of the text, 16 at a time; reads up to 15 bytes past them, which the text allows. */
static inline uint32_t lanescope_sum(const uint8_t *bytes, uint32_t length) {
#ifdef __wasm_simd128__
    const v128_t lanes = wasm_i8x16_make(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    v128_t sums = wasm_i32x4_splat(0);
    uint32_t i = 0;
    LANESCOPE_UNROLL
    for (; i + 16 <= length; i += 16) {
        const v128_t pairs = wasm_u16x8_extadd_pairwise_u8x16(wasm_v128_load(bytes + i));
        sums = wasm_i32x4_add(sums, wasm_u32x4_extadd_pairwise_u16x8(pairs));
    }
    if (i < length) {
        const v128_t inside = wasm_u8x16_lt(lanes, wasm_u8x16_splat((uint8_t)(length - i)));
        const v128_t pairs = wasm_u16x8_extadd_pairwise_u8x16(wasm_v128_and(wasm_v128_load(bytes + i), inside));
        sums = wasm_i32x4_add(sums, wasm_u32x4_extadd_pairwise_u16x8(pairs));
    }
    return wasm_u32x4_extract_lane(sums, 0) + wasm_u32x4_extract_lane(sums, 1) + wasm_u32x4_extract_lane(sums, 2) +
           wasm_u32x4_extract_lane(sums, 3);
#else
    uint32_t sum = 0;
    LANESCOPE_UNROLL
    for (uint32_t i = 0; i < length; i++) sum += bytes[i];
    return sum;
#endif
}

/* Bounds are counted from the read as it came. */
static inline void lanescope_trim(const lanescope_batch *batch, uint32_t read, uint32_t start, uint32_t end) {
    batch->trim_starts[read] = start;
    batch->trim_ends[read] = end;
}

static inline int lanescope_fail(const lanescope_batch *batch, const char *reason) {
    uint32_t i = 0;
    for (; reason[i] && i + 1 < batch->message_bytes; i++) batch->message[i] = reason[i];
    batch->message[i] = 0;
    return 1;
}

#ifdef LANESCOPE_PLUGIN
extern uint8_t __heap_base;

LANESCOPE_EXPORT(lanescope_abi) int32_t lanescope_abi(void) { return LANESCOPE_ABI; }

/* One region at a time, from the end of the module's own data on. */
LANESCOPE_EXPORT(lanescope_reserve) uint32_t lanescope_reserve(uint32_t bytes) {
    uint64_t start = ((uint64_t)(uintptr_t)&__heap_base + 63) & ~(uint64_t)63;
    uint64_t wanted = (start + bytes + 65535) >> 16, have = __builtin_wasm_memory_size(0);
    if (wanted > 65536) return 0;
    if (wanted > have && __builtin_wasm_memory_grow(0, (uint32_t)(wanted - have)) == (uintptr_t)-1) return 0;
    return (uint32_t)start;
}

#define LANESCOPE_PROCESS(function) \
    LANESCOPE_EXPORT(lanescope_process) int32_t lanescope_process(const lanescope_batch *batch) { return function(batch); }
#endif

#endif
