// Gradient descent without momentum.

#include "problem.h"

static void update(size_t n, float *restrict w, const float *restrict g) {
    for (size_t i = 0; i < n; i++) w[i] -= g[i] * (float)LEARNING_RATE;
}

void sgd(struct problem *p) {
    for (size_t i = 0; i < p->count; i++) update(p->length, p->tensors[i].w, p->tensors[i].g);
}
