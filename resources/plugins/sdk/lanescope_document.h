/* The document interface of Lanescope, version 1, for plugins in C. ABI.md describes it byte by byte.
 *
 * Define LANESCOPE_DOCUMENT in the one file that implements the plugin, write
 *
 *     static int process(lanescope_document *document) { ...; return 0; }
 *
 * and end the file with LANESCOPE_PROCESS_DOCUMENT(process).
 */
#ifndef LANESCOPE_DOCUMENT_H
#define LANESCOPE_DOCUMENT_H

#include <stdint.h>

#define LANESCOPE_DOCUMENT_ABI 1

enum { LANESCOPE_QUERY = 1, LANESCOPE_RESULT = 2 };

typedef union {
    int64_t integer; /* integer; boolean, 0 or 1; choice, its place among the choices */
    double number;
    struct {
        uint32_t offset; /* from the first parameter, in bytes */
        uint32_t length;
    } text;
} lanescope_value;

typedef struct {
    uint32_t abi;
    uint32_t size;
    uint32_t kind;
    const char *text; /* the document, JSON in UTF-8 */
    uint32_t text_bytes;
    const lanescope_value *parameters; /* in the manifest's order */
    const lanescope_value *fields;     /* in the manifest's order */
    uint32_t field_count;
    uint32_t keep;       /* 1; set it to 0 to reject the document */
    uint32_t has_number; /* 0; set it to 1 with a number */
    double number;
    const char *output;    /* a JSON object to merge into the document */
    uint32_t output_bytes; /* 0 for none */
    char *message;         /* why, where process returns something else than 0; UTF-8, ends with 0 */
    uint32_t message_bytes;
} lanescope_document;

_Static_assert(sizeof(void *) == 4, "compile for wasm32");
_Static_assert(sizeof(lanescope_document) == 64, "the document descriptor has 64 bytes");

#ifdef LANESCOPE_DOCUMENT
extern uint8_t __heap_base;

__attribute__((export_name("lanescope_document_abi"))) int32_t lanescope_document_abi(void) {
    return LANESCOPE_DOCUMENT_ABI;
}

__attribute__((export_name("lanescope_reserve"))) uint32_t lanescope_reserve(uint32_t bytes) {
    uint64_t start = ((uint64_t)(uintptr_t)&__heap_base + 63) & ~(uint64_t)63;
    uint64_t wanted = (start + bytes + 65535) >> 16, have = __builtin_wasm_memory_size(0);
    if (wanted > 65536) return 0;
    if (wanted > have && __builtin_wasm_memory_grow(0, (uint32_t)(wanted - have)) == (uintptr_t)-1) return 0;
    return (uint32_t)start;
}

#define LANESCOPE_PROCESS_DOCUMENT(function)                                                              \
    __attribute__((export_name("lanescope_document"))) int32_t lanescope_process_document(                \
        lanescope_document *document) {                                                                   \
        return function(document);                                                                        \
    }
#endif

#endif
