/* Instructions by which the lanes of a warp take from each other. */
#include "blocks.h"

/* The lane that is taken from; *is_valid: whether it is within the segment, else the lane's own. */
static unsigned lane_of(int kind, unsigned lane, uint32_t b, uint32_t c, int *is_valid) {
    unsigned clamp = c & 31, segment = (c >> 8) & 31;
    int last = (int)((lane & segment) | (clamp & ~segment)), by = (int)(b & 31), from;
    switch (kind) {
    case EMU_UP: from = (int)lane - by; break;
    case EMU_DOWN: from = (int)lane + by; break;
    case EMU_BUTTERFLY: from = (int)lane ^ by; break;
    default: from = (int)((lane & segment) | ((unsigned)by & ~segment));
    }
    *is_valid = kind == EMU_UP ? from >= last : from <= last;
    return *is_valid ? (unsigned)from : lane;
}

static uint32_t together(int kind, const emu_thread *warp, uint32_t mask) {
    uint32_t out = 0;
    int is_first = 1;
    for (unsigned i = 0; i < 32; i++) {
        if (!(mask >> i & 1)) continue;
        uint32_t v = warp[i].taken;
        switch (kind) {
        case EMU_BALLOT:
        case EMU_ANY:
        case EMU_ALL: out |= (uint32_t)(v != 0) << i; break;
        case EMU_ADD: out += v; break;
        case EMU_MIN: out = is_first || v < out ? v : out; break;
        case EMU_MAX: out = is_first || v > out ? v : out; break;
        case EMU_AND: out = is_first ? v : out & v; break;
        case EMU_OR: out |= v; break;
        case EMU_XOR: out ^= v; break;
        default: break;
        }
        is_first = 0;
    }
    if (kind == EMU_ANY) return out != 0;
    if (kind == EMU_ALL) return out == mask;
    return out;
}

uint32_t emu_shuffle(unsigned site, int kind, uint32_t value, uint32_t b, uint32_t c, uint32_t mask, int *is_valid) {
    emu_thread *me = emu_me;
    unsigned lane = me->number & 31;
    if (!(mask >> lane & 1)) emu_fault("line %u: a lane that is not in its own mask %x", site, mask);
    me->given = value;
    me->mask = mask;
    me->site = site;
    me->state = EMU_AT_SHUFFLE;
    emu_yield();
    const emu_thread *warp = emu_threads + (me->number - lane);
    if (kind >= EMU_BALLOT) return together(kind, warp, mask);
    int is_there;
    unsigned from = lane_of(kind, lane, b, c, &is_there);
    if (is_valid) *is_valid = is_there;
    if (!(mask >> from & 1)) emu_fault("line %u: shuffle from lane %u that is not in the mask %x", site, from, mask);
    return warp[from].taken;
}

static unsigned end_of_warp(unsigned first) {
    return first + 32 < emu_n_threads ? first + 32 : emu_n_threads;
}

static int let_go_with(unsigned first, const emu_thread *one) {
    uint32_t mask = one->mask, there = 0;
    unsigned end = end_of_warp(first);
    for (unsigned i = first; i < end; i++) {
        const emu_thread *t = emu_threads + i;
        if (t->state == EMU_AT_SHUFFLE && t->site == one->site && t->mask == mask) there |= 1u << (i - first);
    }
    if ((there & mask) != mask) return 0;
    for (unsigned i = first; i < end; i++) {
        if (!(mask >> (i - first) & 1)) continue;
        emu_threads[i].taken = emu_threads[i].given;
        emu_threads[i].state = EMU_READY;
    }
    return 1;
}

int emu_let_shuffles_go(void) {
    int is_any = 0;
    for (unsigned first = 0; first < emu_n_threads; first += 32)
        for (unsigned i = first; i < end_of_warp(first); i++)
            if (emu_threads[i].state == EMU_AT_SHUFFLE) is_any |= let_go_with(first, emu_threads + i);
    return is_any;
}
