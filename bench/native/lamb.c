// Lamb: Adam's direction, scaled to the norm of the variable. Sums are in double, eight at a time, so that the
// compiler may use vectors without a licence to reorder.

#include "problem.h"
#include <math.h>

#define SUMS 8

struct corrections {
    float m, v;
};

static float direction(float m, float v, struct corrections by) {
    return m * by.m / (sqrtf(v * by.v) + 1e-7f);
}

/** The moments; returns |w| / |u|, the trust ratio. `u` is left in the scratch. */
static float moments(size_t n, const float *restrict w, const float *restrict g, float *restrict m,
                     float *restrict v, float *restrict u, struct corrections by) {
    const float one_minus_b1 = 1.0 - 0.9, one_minus_b2 = 1.0 - 0.999;
    double ws[SUMS] = {0}, us[SUMS] = {0}, w_sum = 0, u_sum = 0;
    for (size_t i = 0; i < n; i += SUMS) {
        for (size_t j = 0; j < SUMS; j++) {
            size_t k = i + j;
            m[k] += (g[k] - m[k]) * one_minus_b1;
            v[k] += (g[k] * g[k] - v[k]) * one_minus_b2;
            u[k] = direction(m[k], v[k], by);
        }
        for (size_t j = 0; j < SUMS; j++) ws[j] += (double)w[i + j] * w[i + j];
        for (size_t j = 0; j < SUMS; j++) us[j] += (double)u[i + j] * u[i + j];
    }
    for (size_t j = 0; j < SUMS; j++) w_sum += ws[j], u_sum += us[j];
    return w_sum > 0 && u_sum > 0 ? sqrt(w_sum / u_sum) : 1;
}

static void descend(size_t n, float *restrict w, const float *restrict u, float scale) {
    for (size_t i = 0; i < n; i++) w[i] -= scale * u[i];
}

void lamb(struct problem *p) {
    double t = (double)p->t;
    struct corrections by = {1 / (1 - pow(0.9, t)), 1 / (1 - pow(0.999, t))};
    for (size_t i = 0; i < p->count; i++) {
        struct tensor *x = &p->tensors[i];
        float trust = moments(p->length, x->w, x->g, x->slots[0], x->slots[1], p->scratch, by);
        descend(p->length, x->w, p->scratch, trust * (float)LEARNING_RATE);
    }
}
