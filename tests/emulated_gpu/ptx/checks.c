/* What each access to memory is checked for, where it is asked for: bounds, races, shared memory never written. */
#include "blocks.h"
#include <stdlib.h>

static int is_bounded, race_level, is_uninitialised_told;
static double switches; /* how probably a thread is left at an access */
static uint64_t random_state;

static int number_of(const char *name, int otherwise) {
    const char *text = getenv(name);
    return text && *text ? atoi(text) : otherwise;
}

void emu_read_settings(void) {
    is_bounded = number_of("EMU_BOUNDS", 0);
    race_level = number_of("EMU_RACES", 0);
    is_uninitialised_told = number_of("EMU_UNINIT", race_level);
    const char *text = getenv("EMU_RANDOM");
    switches = text ? atof(text) : 0;
    if (!random_state) random_state = (uint64_t)number_of("EMU_SEED", 1) * 0x9E3779B97F4A7C15ull | 1;
}

int emu_are_checks_wanted(void) {
    return is_bounded || race_level || is_uninitialised_told || switches > 0;
}

static uint32_t any_number(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 16);
}

unsigned emu_any_of(unsigned n) {
    return switches > 0 ? any_number() % n : 0;
}

typedef struct {
    uintptr_t base;
    size_t size;
    uint64_t *last; /* two marks for each byte, see find_race */
} allocation;

static allocation *allocations, *found_last;
static size_t n_allocations, room;

void emu_register(void *base, size_t size) {
    pthread_mutex_lock(&emu_one_at_a_time);
    if (n_allocations == room) {
        room = room ? 2 * room : 64;
        allocations = realloc(allocations, room * sizeof *allocations);
    }
    size_t i = n_allocations++;
    for (; i && allocations[i - 1].base > (uintptr_t)base; i--) allocations[i] = allocations[i - 1];
    allocations[i] = (allocation){(uintptr_t)base, size, 0};
    found_last = 0;
    pthread_mutex_unlock(&emu_one_at_a_time);
}

void emu_unregister(void *base) {
    pthread_mutex_lock(&emu_one_at_a_time);
    for (size_t i = 0; i < n_allocations; i++)
        if (allocations[i].base == (uintptr_t)base) {
            free(allocations[i].last);
            memmove(allocations + i, allocations + i + 1, (n_allocations - i - 1) * sizeof *allocations);
            n_allocations--;
            break;
        }
    found_last = 0;
    pthread_mutex_unlock(&emu_one_at_a_time);
}

static int holds(const allocation *one, uintptr_t a, unsigned size) {
    return a >= one->base && a - one->base + size <= one->size;
}

static allocation *find(uintptr_t a, unsigned size) {
    if (found_last && holds(found_last, a, size)) return found_last;
    size_t low = 0, high = n_allocations;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (allocations[middle].base <= a)
            low = middle + 1;
        else
            high = middle;
    }
    return low && holds(allocations + low - 1, a, size) ? found_last = allocations + low - 1 : 0;
}

/* A mark, of who touched a byte, and when: launch 20 bits, block 20, interval between barriers 12, thread 10, how 2. */
static unsigned launch, interval;
enum { READ = 1, WRITE = 2, ATOMIC = 3 };

static uint64_t launch_of(uint64_t mark) {
    return mark >> 44;
}
static uint64_t block_of(uint64_t mark) {
    return mark >> 24 & 0xfffff;
}
static uint64_t interval_of(uint64_t mark) {
    return mark >> 12 & 0xfff;
}
static uint64_t thread_of(uint64_t mark) {
    return mark >> 2 & 0x3ff;
}
static unsigned how_of(uint64_t mark) {
    return mark & 3;
}
static const char *name_of(uint64_t mark) {
    return how_of(mark) == READ ? "read" : how_of(mark) == WRITE ? "write" : "atomic";
}

static uint64_t mark_of(int how) {
    uint64_t block = emu_block.at[0] +
                     (uint64_t)emu_block.grid[0] * (emu_block.at[1] + (uint64_t)emu_block.grid[1] * emu_block.at[2]);
    unsigned kind = how & EMU_ATOMIC ? ATOMIC : how & EMU_WRITE ? WRITE : READ;
    return (uint64_t)(launch & 0xfffff) << 44 | (block & 0xfffff) << 24 | (uint64_t)(interval & 0xfff) << 12 |
           (uint64_t)emu_me->number << 2 | kind;
}

static int are_in_conflict(uint64_t was, uint64_t now, int is_shared) {
    if (!was || launch_of(was) != launch_of(now)) return 0;
    if (how_of(was) == how_of(now) && how_of(now) != WRITE) return 0;
    int is_same_block = block_of(was) == block_of(now);
    if (is_same_block && (interval_of(was) != interval_of(now) || thread_of(was) == thread_of(now))) return 0;
    if (is_shared && !is_same_block) return 0;
    int is_look = how_of(was) != how_of(now) && how_of(was) != WRITE && how_of(now) != WRITE;
    return race_level > 1 || !is_look; /* a plain look at what others add to may be meant */
}

/* last[0]: the last write or atomic; last[1]: a read. Of several readers of an interval none, or all blocks, is kept,
   so that a write of any of them is seen against another's read. */
static void find_race(uint64_t *last, uint64_t now, int is_shared, uint64_t a, unsigned site) {
    for (int i = 0; i < 2; i++)
        if (are_in_conflict(last[i], now, is_shared))
            emu_fault("line %u: race at %s %llx: %s of thread %llu block %llu, then %s", site,
                      is_shared ? "shared" : "global", (unsigned long long)a, name_of(last[i]),
                      (unsigned long long)thread_of(last[i]), (unsigned long long)block_of(last[i]), name_of(now));
    if (how_of(now) != READ) {
        last[0] = now;
        return;
    }
    uint64_t was = last[1];
    if (was && launch_of(was) == launch_of(now) && block_of(was) != block_of(now))
        last[1] = now | 0xfffffull << 24;
    else if (!was || was >> 12 != now >> 12)
        last[1] = now;
    else if (thread_of(was) != thread_of(now))
        last[1] = was | 0x3ffull << 2;
}

static uint8_t is_written[EMU_MOST_SHARED];
static uint64_t shared_last[2 * EMU_MOST_SHARED];

void emu_begin_checks(void) {
    launch++;
    if (race_level) memset(shared_last, 0, sizeof shared_last);
}

void emu_begin_block(void) {
    interval = 0;
    if (is_uninitialised_told) memset(is_written, 0, emu_block.shared_size);
}

void emu_pass_barrier(void) {
    interval++;
}

static void check_shared(size_t at, unsigned size, int how, unsigned site) {
    if (is_uninitialised_told && how & EMU_READ)
        for (unsigned i = 0; i < size; i++)
            if (!is_written[at + i]) emu_fault("line %u: shared byte %zu is read before it is written", site, at + i);
    if (how & EMU_WRITE) memset(is_written + at, 1, size);
    if (race_level)
        for (unsigned i = 0; i < size; i++) find_race(shared_last + 2 * (at + i), mark_of(how), 1, at + i, site);
}

static void check_global(uint64_t a, unsigned size, int how, unsigned site) {
    allocation *one = find(a, size);
    if (!one) emu_fault("line %u: global address %llx (+%u) in no allocation", site, (unsigned long long)a, size);
    if (!race_level) return;
    if (!one->last) one->last = calloc(2 * one->size, sizeof *one->last);
    for (unsigned i = 0; i < size; i++) find_race(one->last + 2 * (a - one->base + i), mark_of(how), 0, a + i, site);
}

void emu_check(int is_shared, uint64_t a, unsigned size, int how, unsigned site) {
    if (switches > 0 && any_number() < switches * 4294967296.0) emu_yield();
    if (!is_shared) {
        if (is_bounded || race_level) check_global(a, size, how, site);
    } else if (a >= EMU_SHARED_BASE && a - EMU_SHARED_BASE + size <= emu_block.shared_size) /* else emu_address tells */
        check_shared(a - EMU_SHARED_BASE, size, how, site);
}
