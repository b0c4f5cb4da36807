/* Says of a result whether it has the reads and bases that were ordered, and by how much it misses them. */
#define LANESCOPE_DOCUMENT
#include "lanescope_document.h"

enum { READS, BASES };
enum { LEAST_READS, LEAST_BASES, REJECT };

static char output[128];
static uint32_t used;

static void text(const char *words) {
    while (*words) output[used++] = *words++;
}

static void whole(int64_t value) {
    char digits[20];
    int count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (count) output[used++] = digits[--count];
}

static int64_t missing(const lanescope_document *document, int field, int parameter) {
    int64_t have = document->fields[field].integer, least = document->parameters[parameter].integer;
    return have < least ? least - (have > 0 ? have : 0) : 0;
}

static int process(lanescope_document *document) {
    const int64_t reads = missing(document, READS, LEAST_READS), bases = missing(document, BASES, LEAST_BASES);
    const int passed = !reads && !bases;
    used = 0;
    text("{\"yield_gate\":{\"passed\":");
    text(passed ? "true" : "false");
    text(",\"missing_reads\":");
    whole(reads);
    text(",\"missing_bases\":");
    whole(bases);
    text("}}");
    document->output = output;
    document->output_bytes = used;
    if (!passed && document->parameters[REJECT].integer) document->keep = 0;
    return 0;
}

LANESCOPE_PROCESS_DOCUMENT(process)
