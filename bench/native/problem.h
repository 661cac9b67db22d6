// The tensors of one case, and the rules that step over them. One file per rule.

#ifndef GRADSTEP_BENCH_PROBLEM_H
#define GRADSTEP_BENCH_PROBLEM_H

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

void adam(struct problem *p);
void sgd(struct problem *p);
void lion(struct problem *p);
void lamb(struct problem *p);
void adafactor(struct problem *p);

#endif
