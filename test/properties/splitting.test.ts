/** An elementwise rule has the same result for a vector as for its two parts. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { Variable } from "../../ts/index.js";
import { expectSameBits } from "../support/bytes.js";
import { PLAIN_TRIALS, started, type Trial, withOptions } from "../support/optimizers.js";
import { Random } from "../support/random.js";
import { anySeed, disposeAll } from "./arbitraries.js";

const STEPS = 3;

/** The vectors after some steps, each starting from its part. */
function trained(trial: Trial, starts: readonly Float32Array[], gradients: readonly (readonly Float32Array[])[]) {
  const variables = starts.map((start, i) => new Variable(start, { name: `part${i}` }));
  const optimizer = started(trial);
  for (const gradient of gradients) optimizer.apply(gradient, variables);
  const result = variables.map((variable) => variable.array());
  disposeAll(optimizer, ...variables);
  return result;
}

/** Whether one element's gradient acts on another's weight: a rule with norms or means of the variable. */
function reduces(trial: Trial): boolean {
  const start = Float32Array.of(1, 2, 3, 4, 5);
  const last = (gradients: readonly number[]) => {
    const steps = gradients.map((gradient) => [Float32Array.of(1, 1, 1, 1, gradient)]);
    return trained(trial, [start], steps)[0]?.[0];
  };
  return last([1, 1, 1]) !== last([1, 9, -9]);
}

const elementwise = PLAIN_TRIALS.filter((trial) => !reduces(trial));

it("most rules work element by element", () => {
  expect(elementwise.length).toBeGreaterThanOrEqual(10);
});

it.each(elementwise.map((trial) => [trial.className, trial] as const))("%s: a vector is its two parts", (_, trial) => {
  const decaying = {
    ...trial,
    config: withOptions(trial.config, { weight_decay: 0.01, clipvalue: 0.8, use_ema: true }),
  };
  fc.assert(
    fc.property(anySeed, fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 80 }), (seed, first, second) => {
      const random = new Random(seed);
      const start = random.values(first + second);
      const gradients = Array.from({ length: STEPS }, () => random.values(first + second));
      const split = (all: Float32Array) => [all.slice(0, first), all.slice(first)];
      const [whole] = trained(
        decaying,
        [start],
        gradients.map((gradient) => [gradient]),
      );
      const [head, tail] = trained(decaying, split(start), gradients.map(split));
      const joined = Float32Array.of(...(head as Float32Array), ...(tail as Float32Array));
      expectSameBits(trial.className, whole as Float32Array, joined);
    }),
    { numRuns: 30 },
  );
});
