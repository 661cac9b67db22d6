// Adam with Keras's epsilon: added to the root of the uncorrected second moment.

#include "problem.h"
#include <math.h>

static void update(size_t n, float *restrict w, const float *restrict g, float *restrict m,
                   float *restrict v, float alpha) {
    const float one_minus_b1 = 1.0 - 0.9, one_minus_b2 = 1.0 - 0.999, epsilon = 1e-7f;
    for (size_t i = 0; i < n; i++) {
        float mi = m[i] + (g[i] - m[i]) * one_minus_b1;
        float vi = v[i] + (g[i] * g[i] - v[i]) * one_minus_b2;
        m[i] = mi;
        v[i] = vi;
        w[i] -= mi * alpha / (sqrtf(vi) + epsilon);
    }
}

void adam(struct problem *p) {
    double t = (double)p->t;
    float alpha = LEARNING_RATE * sqrt(1 - pow(0.999, t)) / (1 - pow(0.9, t));
    for (size_t i = 0; i < p->count; i++) {
        struct tensor *x = &p->tensors[i];
        update(p->length, x->w, x->g, x->slots[0], x->slots[1], alpha);
    }
}
