// Adafactor on a matrix: second moments as one number a row and one a column. Sums as in lamb.c.

#include "problem.h"
#include <math.h>

#define SUMS 8

static double row_sum(size_t cols, const float *restrict g, double *restrict columns) {
    double sums[SUMS] = {0}, sum = 0;
    for (size_t j = 0; j < cols; j += SUMS) {
        for (size_t k = 0; k < SUMS; k++) {
            float q = g[j + k] * g[j + k] + 1e-30f;
            sums[k] += q;
            columns[j + k] += q;
        }
    }
    for (size_t k = 0; k < SUMS; k++) sum += sums[k];
    return sum;
}

/** u = g / sqrt(share c); returns the sum of its squares. */
static double direction(size_t cols, const float *restrict g, const float *restrict c,
                        float *restrict u, float share) {
    double sums[SUMS] = {0}, sum = 0;
    for (size_t j = 0; j < cols; j += SUMS) {
        for (size_t k = 0; k < SUMS; k++) u[j + k] = g[j + k] / sqrtf(share * c[j + k]);
        for (size_t k = 0; k < SUMS; k++) sums[k] += (double)u[j + k] * u[j + k];
    }
    for (size_t k = 0; k < SUMS; k++) sum += sums[k];
    return sum;
}

static double squares(size_t n, const float *restrict w) {
    double sums[SUMS] = {0}, sum = 0;
    for (size_t i = 0; i < n; i += SUMS)
        for (size_t k = 0; k < SUMS; k++) sums[k] += (double)w[i + k] * w[i + k];
    for (size_t k = 0; k < SUMS; k++) sum += sums[k];
    return sum;
}

static void descend(size_t n, float *restrict w, const float *restrict u, float scale) {
    for (size_t i = 0; i < n; i++) w[i] -= scale * u[i];
}

static void update(struct problem *p, struct tensor *x, float b, float rho) {
    float *r = x->slots[0], *c = x->slots[1], *u = p->scratch;
    double mean = 0, u_squares = 0;
    for (size_t j = 0; j < p->cols; j++) p->columns[j] = 0;
    for (size_t i = 0; i < p->rows; i++) {
        double sum = row_sum(p->cols, x->g + i * p->cols, p->columns);
        r[i] = b * r[i] + (1 - b) * (float)(sum / p->cols);
        mean += r[i] / p->rows;
    }
    for (size_t j = 0; j < p->cols; j++) c[j] = b * c[j] + (1 - b) * (float)(p->columns[j] / p->rows);
    for (size_t i = 0; i < p->rows; i++)
        u_squares += direction(p->cols, x->g + i * p->cols, c, u + i * p->cols, r[i] / (float)mean);
    double alpha = fmax(1e-3, sqrt(squares(p->length, x->w) / p->length)) * rho;
    descend(p->length, x->w, u, alpha / fmax(1, sqrt(u_squares / p->length)));
}

void adafactor(struct problem *p) {
    double t = (double)p->t;
    float b = 1 - pow(t, -0.8), rho = fmin(LEARNING_RATE, 1 / sqrt(t));
    for (size_t i = 0; i < p->count; i++) update(p, &p->tensors[i], b, rho);
}
