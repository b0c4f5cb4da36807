/* Moves the unique molecular identifier from the start of each read to the end of its name's first word. */
#define LANESCOPE_PLUGIN
#include "lanescope.h"

enum { LENGTH, SKIP, SEPARATOR };

static uint8_t *append(uint8_t *to, const uint8_t *from, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++) to[i] = from[i];
    return to + bytes;
}

static int process(const lanescope_batch *batch) {
    static const uint8_t separators[] = {'_', ':', '+'};
    const uint32_t umi = (uint32_t)batch->parameters[LENGTH].integer;
    const uint32_t cut = umi + (uint32_t)batch->parameters[SKIP].integer;
    const uint8_t *separator = &separators[batch->parameters[SEPARATOR].integer];
    uint8_t *next = batch->new_names;
    uint32_t moved = 0, dropped = 0;
    for (uint32_t read = 0; read < batch->reads; read++) {
        if (!batch->keep[read]) continue;
        if (batch->lengths[read] < cut) {
            batch->keep[read] = 0;
            dropped++;
            continue;
        }
        const uint8_t *name = batch->text + batch->name_starts[read];
        const uint32_t length = batch->name_lengths[read];
        uint32_t word = 0;
        while (word < length && name[word] != ' ' && name[word] != '\t') word++;
        batch->new_name_starts[read] = (uint32_t)(next - batch->new_names);
        batch->new_name_lengths[read] = length + 1 + umi;
        next = append(next, name, word);
        next = append(next, separator, 1);
        next = append(next, lanescope_bases(batch, read), umi);
        next = append(next, name + word, length - word);
        lanescope_trim(batch, read, cut, batch->lengths[read]);
        moved++;
    }
    batch->metrics[0] = moved;
    batch->metrics[1] = dropped;
    return 0;
}

LANESCOPE_PROCESS(process)
