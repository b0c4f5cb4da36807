/* What the parts of the runtime share. */
#pragma once
#include "runtime.h"
#include <pthread.h>

#define EMU_MOST_THREADS 1024
#define EMU_MOST_SHARED (48u << 10)

/* Held while a kernel runs. */
extern pthread_mutex_t emu_one_at_a_time;

extern emu_thread *emu_threads;
extern unsigned emu_n_threads;
extern const emu_kernel *emu_running;

/* Back to the scheduler, which may let another thread go on first. */
void emu_yield(void);

/* 1 where lanes that wait for each other were let go. */
int emu_let_shuffles_go(void);

void emu_read_settings(void);
int emu_are_checks_wanted(void);
void emu_begin_checks(void);
void emu_begin_block(void);
void emu_pass_barrier(void);

/* 0, or, where threads run in no order, any number below `n`. */
unsigned emu_any_of(unsigned n);
