/* Cuts runs of one base from the ends of reads, such as the poly-G of two-colour instruments or poly-A tails. */
#define LANESCOPE_PLUGIN
#include "lanescope.h"

enum { BASE, LEAST, START, END };

static int process(const lanescope_batch *batch) {
    static const uint8_t bases_to_cut[] = {'G', 'A', 'C', 'T', 'N'};
    const uint8_t base = bases_to_cut[batch->parameters[BASE].integer];
    const uint32_t least = (uint32_t)batch->parameters[LEAST].integer;
    const int at_start = batch->parameters[START].integer != 0, at_end = batch->parameters[END].integer != 0;
    uint64_t reads_cut = 0, bases_cut = 0;
    for (uint32_t read = 0; read < batch->reads; read++) {
        if (!batch->keep[read]) continue;
        const uint8_t *bases = lanescope_bases(batch, read);
        const uint32_t length = batch->lengths[read];
        uint32_t start = 0, end = length;
        while (at_end && end > 0 && (bases[end - 1] & 0xDF) == base) end--;
        if (length - end < least) end = length;
        while (at_start && start < end && (bases[start] & 0xDF) == base) start++;
        if (start < least) start = 0;
        const uint32_t cut = start + (length - end);
        if (!cut) continue;
        lanescope_trim(batch, read, start, end);
        reads_cut++;
        bases_cut += cut;
        batch->metrics[2 + (cut < 199 ? cut : 199)] += 1;
    }
    batch->metrics[0] = (double)reads_cut;
    batch->metrics[1] = (double)bases_cut;
    return 0;
}

LANESCOPE_PROCESS(process)
