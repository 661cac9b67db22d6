// The tensors of one case, and the rules that step over them.

#include <math.h>
#include <stddef.h>

#define LEARNING_RATE 0.001

struct tensor {
    float *w, *g;
    float *slots[2];
};

struct problem {
    size_t count, rows, cols, length;
    long t; // steps so far and this one
    struct tensor *tensors;
    float *scratch;  // as many as one tensor has
    double *columns; // as many as it has columns
};

// Adam with Keras's epsilon: added to the root of the uncorrected second moment.

static void adam_update(size_t n, float *restrict w, const float *restrict g, float *restrict m,
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

static void adam(struct problem *p) {
    double t = (double)p->t;
    float alpha = LEARNING_RATE * sqrt(1 - pow(0.999, t)) / (1 - pow(0.9, t));
    for (size_t i = 0; i < p->count; i++) {
        struct tensor *x = &p->tensors[i];
        adam_update(p->length, x->w, x->g, x->slots[0], x->slots[1], alpha);
    }
}

// Gradient descent without momentum.

static void sgd_update(size_t n, float *restrict w, const float *restrict g) {
    for (size_t i = 0; i < n; i++) w[i] -= g[i] * (float)LEARNING_RATE;
}

static void sgd(struct problem *p) {
    for (size_t i = 0; i < p->count; i++) sgd_update(p->length, p->tensors[i].w, p->tensors[i].g);
}

// Lion: the sign of an interpolated momentum.

static void lion_update(size_t n, float *restrict w, const float *restrict g, float *restrict m) {
    const float b1 = 0.9f, b2 = 0.99f, lr = LEARNING_RATE;
    for (size_t i = 0; i < n; i++) {
        float c = m[i] * b1 + g[i] * (1 - b1);
        w[i] -= lr * ((float)(c > 0) - (float)(c < 0));
        m[i] = m[i] * b2 + g[i] * (1 - b2);
    }
}

static void lion(struct problem *p) {
    for (size_t i = 0; i < p->count; i++) {
        struct tensor *x = &p->tensors[i];
        lion_update(p->length, x->w, x->g, x->slots[0]);
    }
}

// Sums are in double, eight at a time, so that the compiler may use vectors without a licence to reorder.
#define SUMS 8

static double squares(size_t n, const float *restrict x) {
    double sums[SUMS] = {0}, sum = 0;
    for (size_t i = 0; i < n; i += SUMS)
        for (size_t k = 0; k < SUMS; k++) sums[k] += (double)x[i + k] * x[i + k];
    for (size_t k = 0; k < SUMS; k++) sum += sums[k];
    return sum;
}

static void descend(size_t n, float *restrict w, const float *restrict u, float scale) {
    for (size_t i = 0; i < n; i++) w[i] -= scale * u[i];
}

// Lamb: Adam's direction, scaled to the norm of the variable.

#define BLOCK 1024

struct corrections {
    float m, v;
};

static float lamb_direction(float m, float v, struct corrections by) {
    return m * by.m / (sqrtf(v * by.v) + 1e-7f);
}

static void lamb_moments(size_t n, const float *restrict g, float *restrict m, float *restrict v,
                    float *restrict u, struct corrections by) {
    const float one_minus_b1 = 1.0 - 0.9, one_minus_b2 = 1.0 - 0.999;
    for (size_t i = 0; i < n; i++) {
        m[i] += (g[i] - m[i]) * one_minus_b1;
        v[i] += (g[i] * g[i] - v[i]) * one_minus_b2;
        u[i] = lamb_direction(m[i], v[i], by);
    }
}

/** The moments, and |w| / |u|, the trust ratio; `u` is left in the scratch. Blocks stay in the first-level cache. */
static float lamb_prepare(size_t n, struct tensor *x, float *u, struct corrections by) {
    double w_squares = 0, u_squares = 0;
    for (size_t at = 0; at < n; at += BLOCK) {
        size_t part = n - at < BLOCK ? n - at : BLOCK;
        lamb_moments(part, x->g + at, x->slots[0] + at, x->slots[1] + at, u + at, by);
        w_squares += squares(part, x->w + at);
        u_squares += squares(part, u + at);
    }
    return w_squares > 0 && u_squares > 0 ? sqrt(w_squares / u_squares) : 1;
}

static void lamb(struct problem *p) {
    double t = (double)p->t;
    struct corrections by = {1 / (1 - pow(0.9, t)), 1 / (1 - pow(0.999, t))};
    for (size_t i = 0; i < p->count; i++) {
        struct tensor *x = &p->tensors[i];
        float trust = lamb_prepare(p->length, x, p->scratch, by);
        descend(p->length, x->w, p->scratch, trust * (float)LEARNING_RATE);
    }
}

// Adafactor on a matrix: second moments as one number a row and one a column.

static double adafactor_row_sum(size_t cols, const float *restrict g, double *restrict columns) {
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
static double adafactor_direction(size_t cols, const float *restrict g, const float *restrict c,
                        float *restrict u, float share) {
    double sums[SUMS] = {0}, sum = 0;
    for (size_t j = 0; j < cols; j += SUMS) {
        for (size_t k = 0; k < SUMS; k++) u[j + k] = g[j + k] / sqrtf(share * c[j + k]);
        for (size_t k = 0; k < SUMS; k++) sums[k] += (double)u[j + k] * u[j + k];
    }
    for (size_t k = 0; k < SUMS; k++) sum += sums[k];
    return sum;
}

static void adafactor_update(struct problem *p, struct tensor *x, float b, float rho) {
    float *r = x->slots[0], *c = x->slots[1], *u = p->scratch;
    double mean = 0, u_squares = 0;
    for (size_t j = 0; j < p->cols; j++) p->columns[j] = 0;
    for (size_t i = 0; i < p->rows; i++) {
        double sum = adafactor_row_sum(p->cols, x->g + i * p->cols, p->columns);
        r[i] = b * r[i] + (1 - b) * (float)(sum / p->cols);
        mean += r[i] / p->rows;
    }
    for (size_t j = 0; j < p->cols; j++) c[j] = b * c[j] + (1 - b) * (float)(p->columns[j] / p->rows);
    for (size_t i = 0; i < p->rows; i++)
        u_squares += adafactor_direction(p->cols, x->g + i * p->cols, c, u + i * p->cols, r[i] / (float)mean);
    double alpha = fmax(1e-3, sqrt(squares(p->length, x->w) / p->length)) * rho;
    descend(p->length, x->w, u, alpha / fmax(1, sqrt(u_squares / p->length)));
}

static void adafactor(struct problem *p) {
    double t = (double)p->t;
    float b = 1 - pow(t, -0.8), rho = fmin(LEARNING_RATE, 1 / sqrt(t));
    for (size_t i = 0; i < p->count; i++) adafactor_update(p, &p->tensors[i], b, rho);
}
