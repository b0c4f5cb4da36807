/* Drops reads that have a window whose GC content lies outside the bounds. */
#define LANESCOPE_PLUGIN
#include "lanescope.h"

enum { WINDOW, LEAST, MOST };

static inline uint32_t is_gc(uint8_t base) {
    base &= 0xDF;
    return base == 'G' || base == 'C';
}

static int process(const lanescope_batch *batch) {
    const uint32_t window = (uint32_t)batch->parameters[WINDOW].integer;
    const double least = batch->parameters[LEAST].number * window / 100.0;
    const double most = batch->parameters[MOST].number * window / 100.0;
    uint32_t dropped = 0;
    if (least > most) return lanescope_fail(batch, "the least GC content is above the greatest");
    for (uint32_t read = 0; read < batch->reads; read++) {
        if (!batch->keep[read] || batch->lengths[read] < window) continue;
        const uint8_t *bases = lanescope_bases(batch, read);
        const uint32_t length = batch->lengths[read];
        uint32_t gc = 0;
        LANESCOPE_UNROLL
        for (uint32_t i = 0; i < window; i++) gc += is_gc(bases[i]);
        uint32_t lowest = gc, highest = gc;
        LANESCOPE_UNROLL
        for (uint32_t i = window; i < length; i++) {
            gc += is_gc(bases[i]) - is_gc(bases[i - window]);
            lowest = gc < lowest ? gc : lowest;
            highest = gc > highest ? gc : highest;
        }
        batch->read_metrics[read] = (float)(100.0 * lowest / window);
        batch->read_metrics[batch->reads + read] = (float)(100.0 * highest / window);
        if (lowest < least || highest > most) {
            batch->keep[read] = 0;
            dropped++;
        }
    }
    batch->metrics[0] = dropped;
    return 0;
}

LANESCOPE_PROCESS(process)
