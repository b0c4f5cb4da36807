/* Drops reads whose mean quality is below a threshold. Change it into what you need. */
#define LANESCOPE_PLUGIN
#include "lanescope.h"

static int process(const lanescope_batch *batch) {
    const double least = batch->parameters[0].number;
    uint32_t dropped = 0;
    for (uint32_t read = 0; read < batch->reads; read++) {
        if (!batch->keep[read]) continue;
        const uint32_t length = batch->lengths[read];
        const uint32_t sum = lanescope_sum(lanescope_qualities(batch, read), length);
        const double mean = length ? (double)sum / length - 33.0 : 0.0;
        batch->read_metrics[read] = (float)mean;
        if (mean < least) {
            batch->keep[read] = 0;
            dropped++;
        }
    }
    batch->metrics[0] = dropped;
    return 0;
}

LANESCOPE_PROCESS(process)
