/* The little that is asked of NVIDIA's management library, by its own prototypes. */
#include <stdio.h>

int nvmlInit_v2(void) {
    return 0;
}

int nvmlShutdown(void) {
    return 0;
}

int nvmlSystemGetDriverVersion(char *text, unsigned n) {
    snprintf(text, n, "575.57.08-emulated");
    return 0;
}
