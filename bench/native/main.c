// Answers the lines of contestants/child.mjs: makes a case, runs steps against the monotonic clock, ends with its input.

#include "rules.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define POOL (1u << 20)
#define WEIGHTS_FROM 7919 // as in data.mjs

static const struct rule {
    const char *name;
    void (*step)(struct problem *p);
} RULES[] = {{"Adam", adam}, {"SGD", sgd}, {"Lion", lion}, {"Lamb", lamb}, {"Adafactor", adafactor}};

static void *zeros(size_t bytes) {
    size_t lines = (bytes + 63) / 64 * 64;
    void *at = aligned_alloc(64, lines);
    if (!at) exit((fputs("out of memory\n", stderr), 1));
    return memset(at, 0, lines);
}

static float *read_pool(const char *path) {
    float *pool = zeros(POOL * sizeof(float));
    FILE *file = fopen(path, "rb");
    if (!file || fread(pool, sizeof(float), POOL, file) != POOL)
        exit((fprintf(stderr, "cannot read %s\n", path), 1));
    fclose(file);
    return pool;
}

static float *repeated(const float *pool, size_t start, size_t n, float scale) {
    float *x = zeros(n * sizeof(float));
    for (size_t i = 0; i < n; i++) x[i] = pool[(start + i) % POOL] * scale;
    return x;
}

static const struct rule *make(struct problem *p, const char *line) {
    char name[32], gradients[1024], weights[1024];
    const struct rule *rule = NULL;
    if (sscanf(line, "make %31s %zu %zu %zu %*d %1023s %1023s", name, &p->count, &p->rows, &p->cols,
               gradients, weights) != 6)
        exit((fprintf(stderr, "bad line: %s", line), 1));
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        if (!strcmp(RULES[i].name, name)) rule = &RULES[i];
    if (!rule) return NULL;

    float *g = read_pool(gradients), *w = read_pool(weights);
    p->t = 0;
    p->length = p->rows * p->cols;
    p->tensors = zeros(p->count * sizeof(struct tensor));
    p->scratch = zeros(p->length * sizeof(float));
    p->columns = zeros(p->cols * sizeof(double));
    for (size_t i = 0; i < p->count; i++) {
        size_t start = i * p->length;
        p->tensors[i].w = repeated(w, start + WEIGHTS_FROM, p->length, 0.5f);
        p->tensors[i].g = repeated(g, start, p->length, 1);
        for (int s = 0; s < 2; s++) p->tensors[i].slots[s] = zeros(p->length * sizeof(float));
    }
    free(g);
    free(w);
    return rule;
}

static void dispose(struct problem *p) {
    for (size_t i = 0; i < p->count; i++) {
        struct tensor *x = &p->tensors[i];
        free(x->w), free(x->g), free(x->slots[0]), free(x->slots[1]);
    }
    free(p->tensors), free(p->scratch), free(p->columns);
}

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double run(struct problem *p, const struct rule *rule, long steps) {
    double start = milliseconds();
    for (long i = 0; i < steps; i++) {
        p->t++;
        rule->step(p);
    }
    return milliseconds() - start;
}

int main(void) {
    struct problem p = {0};
    const struct rule *rule = NULL;
    char line[4096];
    long n;
    while (fgets(line, sizeof line, stdin)) {
        if (!strncmp(line, "version", 7)) {
            puts("C");
        } else if (!strncmp(line, "make ", 5)) {
            rule = make(&p, line);
            puts(rule ? "ready" : "none");
        } else if (rule && sscanf(line, "run %ld", &n) == 1) {
            printf("%.6f\n", run(&p, rule, n));
        } else if (rule && sscanf(line, "weights %ld", &n) == 1) {
            for (long i = 0; i < n; i++) printf("%.9g ", p.tensors[0].w[i]);
            puts("");
        } else if (rule && !strncmp(line, "dispose", 7)) {
            dispose(&p);
            rule = NULL;
            puts("done");
        } else {
            return fprintf(stderr, "bad line: %s", line), 1;
        }
        fflush(stdout);
    }
    return 0;
}
