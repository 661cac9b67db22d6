/**
 * No finite gradient makes a weight NaN or infinite, whatever the optimizer, its options, and the gradients before.
 */

import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { goldenOf } from "../support/golden.js";
import { make, withOptions } from "../support/optimizers.js";
import { anyConfig, anySeed, disposeAll, seeded } from "./arbitraries.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Loss scales at their lower bound.

const SHAPES = [
  ["dense/kernel", [5, 3]],
  ["dense/bias", [3]],
  ["wide/kernel", [3, 8]],
  ["long", [2050]],
  ["scale", []],
] as const;

const LARGEST = 3.4028234663852886e38;

/** Numbers of every size, those at which squares, sums and products leave float32 more often. */
const anyGradient = fc.oneof(
  fc.constantFrom(0, 1, -1, 1e-30, 1e-45, 1.8e19, -1.9e19, 1e25, -1e25, 3e37, 3e38, -3e38, LARGEST, -LARGEST),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
);

/** One number for all elements of a step, or a few in turn. */
const anyStep = fc.array(anyGradient, { minLength: 1, maxLength: 5 });

/** Options at the ends of their ranges, for those optimizers that have them. */
const anyExtreme = fc.record(
  {
    learning_rate: fc.constantFrom(0, 1e-3, 1, 100, 1e30),
    epsilon: fc.constantFrom(0, 1e-30, 1e-7, 1),
    clipnorm: fc.constantFrom(1e-30, 1, 1e38),
    initial_accumulator_value: fc.constantFrom(0, 1, 2e31, LARGEST),
  },
  { requiredKeys: [] },
);

it.each(["RMSprop", "Nadam", "Adadelta", "ScheduleFreeAdamW"])(
  "%s: elements that become -Infinity are seen among others",
  (name) => {
    for (const extra of [{}, { momentum: 0.9 }]) {
      const own = { epsilon: 0, learning_rate: 1e30, centered: true, ...extra };
      const known = Object.entries(own).filter(([key]) => key in goldenOf(name).kerasDefaults);
      const optimizer = make(name, Object.fromEntries(known));
      const variables = seeded(1, SHAPES);
      for (const step of [[1, 0, 1], [-1, 7e-43], [0]]) {
        optimizer.apply(
          variables.map(({ size }, at) => Float32Array.from({ length: size }, (_, i) => step[(i + at) % step.length]!)),
          variables,
        );
        for (const variable of variables) expect(variable.array().every(Number.isFinite), variable.name).toBe(true);
      }
      disposeAll(optimizer, ...variables);
    }
  },
);

it("weights stay finite", () => {
  fc.assert(
    fc.property(
      anyConfig,
      anyExtreme,
      anySeed,
      fc.array(anyStep, { minLength: 1, maxLength: 12 }),
      ({ className, config }, extreme, seed, steps) => {
        const { kerasDefaults } = goldenOf(className);
        const own = Object.entries(extreme).filter(([key]) => key in kerasDefaults);
        const clips = "clipnorm" in extreme ? { clipvalue: null, global_clipnorm: null } : {};
        const optimizer = make(
          className,
          withOptions(config, own.length > 0 ? { ...Object.fromEntries(own), ...clips } : {}),
        );
        const variables = seeded(seed, SHAPES);
        for (const step of steps) {
          const gradients = variables.map(({ size }, at) =>
            Float32Array.from({ length: size }, (_, i) => step[(i + at) % step.length] as number),
          );
          optimizer.apply(gradients, variables);
          for (const variable of variables) {
            expect(variable.array().every(Number.isFinite), `${variable.name} after ${step}`).toBe(true);
          }
        }
        disposeAll(optimizer, ...variables);
      },
    ),
    { numRuns: 300 },
  );
});
