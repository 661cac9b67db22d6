// Lamb: Adam's direction, scaled to the norm of the variable. Sums are in double, eight at a time, so that the
// compiler may use vectors without a licence to reorder.

#include "problem.h"
#include <math.h>

#define SUMS 8
#define BLOCK 1024

struct corrections {
    float m, v;
};

static float direction(float m, float v, struct corrections by) {
    return m * by.m / (sqrtf(v * by.v) + 1e-7f);
}

static void moments(size_t n, const float *restrict g, float *restrict m, float *restrict v,
                    float *restrict u, struct corrections by) {
    const float one_minus_b1 = 1.0 - 0.9, one_minus_b2 = 1.0 - 0.999;
    for (size_t i = 0; i < n; i++) {
        m[i] += (g[i] - m[i]) * one_minus_b1;
        v[i] += (g[i] * g[i] - v[i]) * one_minus_b2;
        u[i] = direction(m[i], v[i], by);
    }
}

static double squares(size_t n, const float *restrict x) {
    double sums[SUMS] = {0}, sum = 0;
    for (size_t i = 0; i < n; i += SUMS)
        for (size_t k = 0; k < SUMS; k++) sums[k] += (double)x[i + k] * x[i + k];
    for (size_t k = 0; k < SUMS; k++) sum += sums[k];
    return sum;
}

/** The moments, and |w| / |u|, the trust ratio; `u` is left in the scratch. Blocks stay in the first-level cache. */
static float prepare(size_t n, struct tensor *x, float *u, struct corrections by) {
    double w_squares = 0, u_squares = 0;
    for (size_t at = 0; at < n; at += BLOCK) {
        size_t part = n - at < BLOCK ? n - at : BLOCK;
        moments(part, x->g + at, x->slots[0] + at, x->slots[1] + at, u + at, by);
        w_squares += squares(part, x->w + at);
        u_squares += squares(part, u + at);
    }
    return w_squares > 0 && u_squares > 0 ? sqrt(w_squares / u_squares) : 1;
}

static void descend(size_t n, float *restrict w, const float *restrict u, float scale) {
    for (size_t i = 0; i < n; i++) w[i] -= scale * u[i];
}

void lamb(struct problem *p) {
    double t = (double)p->t;
    struct corrections by = {1 / (1 - pow(0.9, t)), 1 / (1 - pow(0.999, t))};
    for (size_t i = 0; i < p->count; i++) {
        struct tensor *x = &p->tensors[i];
        float trust = prepare(p->length, x, p->scratch, by);
        descend(p->length, x->w, p->scratch, trust * (float)LEARNING_RATE);
    }
}
