/* Plans the launches that its input asks for: a kernel's name, then type and value of each argument. */
#include "mxforge_kernels.h"

#include <stdlib.h>

int main(void) {
    const mxforge_device device = {132, 233472};
    char name[512];
    while (scanf("%511s", name) == 1) {
        const mxforge_description *kernel = mxforge_find(name);
        union {
            int integer;
            float real;
            CUdeviceptr address;
        } storage[64];
        void *values[64];
        char message[MXFORGE_MESSAGE];
        mxforge_geometry geometry;
        for (int i = 0; i < kernel->arguments; i++) {
            char type[16];
            char text[64];
            if (scanf("%15s %63s", type, text) != 2) {
                return 1;
            }
            values[i] = &storage[i];
            if (type[0] == 'a') {
                storage[i].address = strtoull(text, NULL, 10);
            } else if (type[0] == 'i') {
                storage[i].integer = atoi(text);
            } else {
                storage[i].real = strtof(text, NULL);
            }
        }
        if (kernel->plan(&device, values, &geometry, message) == CUDA_SUCCESS) {
            printf("%lld %lld %u %lld\n", geometry.grid_x, geometry.grid_y, kernel->threads, geometry.shared_bytes);
        } else {
            printf("refused: %s\n", message);
        }
    }
    return 0;
}
