/* Instructions of PTX that C has no operator for. */
#pragma once
#include "runtime.h"

static inline uint32_t reversed_b32(uint32_t x) {
    uint32_t y = 0;
    for (int i = 0; i < 32; i++) y |= (x >> i & 1) << (31 - i);
    return y;
}

static inline uint64_t reversed_b64(uint64_t x) {
    return (uint64_t)reversed_b32((uint32_t)x) << 32 | reversed_b32((uint32_t)(x >> 32));
}

static inline uint64_t ones(uint32_t n) {
    return n >= 64 ? ~0ull : (1ull << n) - 1;
}

static inline uint64_t inserted_b64(uint64_t a, uint64_t b, uint32_t at, uint32_t n) {
    at &= 255;
    n &= 255;
    if (at > 63 || !n) return b;
    uint64_t mask = ones(n) << at;
    return (b & ~mask) | (a << at & mask);
}

static inline uint32_t inserted_b32(uint32_t a, uint32_t b, uint32_t at, uint32_t n) {
    return (at & 255) > 31 ? b : (uint32_t)inserted_b64(a, b, at, n);
}

static inline uint64_t extracted_u64(uint64_t a, uint32_t at, uint32_t n) {
    at &= 255;
    return at > 63 ? 0 : a >> at & ones(n & 255);
}

static inline uint32_t extracted_u32(uint32_t a, uint32_t at, uint32_t n) {
    return (uint32_t)extracted_u64(a, at, n);
}

static inline int64_t extracted_s64(int64_t a, uint32_t at, uint32_t n) {
    at &= 255;
    n &= 255;
    if (!n) return 0;
    int64_t x = a >> (at > 63 ? 63 : at);
    return n >= 64 ? x : (int64_t)((uint64_t)x << (64 - n)) >> (64 - n);
}

static inline int32_t extracted_s32(int32_t a, uint32_t at, uint32_t n) {
    return (int32_t)extracted_s64(a, at, n);
}

/* Any four of the eight bytes of b and a; with bit 3 of its number, a byte's sign in all of its bits. */
static inline uint32_t permuted(uint32_t a, uint32_t b, uint32_t which) {
    uint64_t both = (uint64_t)b << 32 | a;
    uint32_t out = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t number = which >> (4 * i) & 15, byte = (uint32_t)(both >> (8 * (number & 7))) & 255;
        if (number & 8) byte = byte & 128 ? 255 : 0;
        out |= byte << (8 * i);
    }
    return out;
}

static inline uint32_t dot_product(uint32_t a, uint32_t b, uint32_t c) {
    for (int i = 0; i < 4; i++) c += (a >> (8 * i) & 255) * (b >> (8 * i) & 255);
    return c;
}

/* A shift by as many bits as a number has, or more, is left undefined by C but not by PTX. */
static inline uint64_t shifted_left(uint64_t x, uint32_t by) {
    return by > 63 ? 0 : x << by;
}

static inline uint64_t shifted_right(uint64_t x, uint32_t by) {
    return by > 63 ? 0 : x >> by;
}

static inline int64_t shifted_right_signed(int64_t x, uint32_t by) {
    return x >> (by > 63 ? 63 : by);
}
