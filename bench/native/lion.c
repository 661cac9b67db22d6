// Lion: the sign of an interpolated momentum.

#include "problem.h"

static void update(size_t n, float *restrict w, const float *restrict g, float *restrict m) {
    const float b1 = 0.9f, b2 = 0.99f, lr = LEARNING_RATE;
    for (size_t i = 0; i < n; i++) {
        float c = m[i] * b1 + g[i] * (1 - b1);
        w[i] -= lr * ((float)(c > 0) - (float)(c < 0));
        m[i] = m[i] * b2 + g[i] * (1 - b2);
    }
}

void lion(struct problem *p) {
    for (size_t i = 0; i < p->count; i++) {
        struct tensor *x = &p->tensors[i];
        update(p->length, x->w, x->g, x->slots[0]);
    }
}
