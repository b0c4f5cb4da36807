/* Drops reads of low complexity: too few of their bases differ from the base after them. */
#define LANESCOPE_PLUGIN
#include "lanescope.h"

static int process(const lanescope_batch *batch) {
    const double threshold = batch->parameters[0].number / 100.0;
    uint32_t dropped = 0;
    for (uint32_t read = 0; read < batch->reads; read++) {
        if (!batch->keep[read]) continue;
        const uint8_t *bases = lanescope_bases(batch, read);
        const uint32_t length = batch->lengths[read];
        uint32_t different = 0;
        LANESCOPE_UNROLL
        for (uint32_t i = 1; i < length; i++) different += (bases[i] & 0xDF) != (bases[i - 1] & 0xDF);
        const double complexity = length > 1 ? (double)different / (length - 1) : 0.0;
        batch->read_metrics[read] = (float)(complexity * 100.0);
        if (complexity < threshold) {
            batch->keep[read] = 0;
            dropped++;
        }
    }
    batch->metrics[0] = dropped;
    return 0;
}

LANESCOPE_PROCESS(process)
