/* What musl's sources for threads take for granted of Linux, said in WebAssembly. Included before each of them. */

#ifndef PORT_H
#define PORT_H

#define SYS_futex futex
#define SYS_set_robust_list set_robust_list
#define __syscall(number, ...) port_##number(__VA_ARGS__)

long port_SYS_futex(volatile void *address, int operation, ...);
static inline long port_SYS_set_robust_list(void *list, unsigned long size) {
    (void)list, (void)size;
    return 0;
}

void __vm_lock(void);
void __vm_unlock(void);

#endif
