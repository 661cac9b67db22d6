/**
 * The result of a step does not depend on how it is called.
 */

import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { type Gradient, type Optimizer, tensor, type Variable, zip } from "../../ts/index.js";
import { expectSameBits } from "../support/bytes.js";
import { started, type Trial, withOptions } from "../support/optimizers.js";
import { nameless, snapshot } from "../support/snapshot.js";
import {
  anySeed,
  anyShapes,
  anyTrial,
  anyTrialByVariable,
  disposeAll,
  gradientsAt,
  nested,
  seeded,
} from "./arbitraries.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Missing gradients are part of the plan.

const STEPS = 4;
const RUNS = { numRuns: 150 };

/** Everything after some steps, names aside. */
function outcome(
  trial: Trial,
  seed: number,
  variables: readonly Variable[],
  step: (optimizer: Optimizer, gradients: (Float32Array | null)[]) => void,
): unknown {
  const optimizer = started(trial);
  optimizer.build(variables);
  for (let at = 0; at < STEPS; at++) step(optimizer, gradientsAt(seed, at, variables));
  const result = nameless(snapshot(optimizer, variables));
  disposeAll(optimizer, ...variables);
  return result;
}

it("many variables at once are the same as one by one", () => {
  fc.assert(
    fc.property(anyTrialByVariable, anySeed, anyShapes, (trial, seed, shapes) => {
      const [together, alone] = [seeded(seed, shapes), seeded(seed, shapes)];
      const one = started(trial);
      const many = alone.map(() => started(trial));
      for (let step = 0; step < STEPS; step++) {
        // All present: Keras counts a call only where there is a gradient.
        const gradients = gradientsAt(seed, step, together).map(
          (g, i) => g ?? new Float32Array(together[i]?.size ?? 0),
        );
        one.apply(gradients, together);
        many.forEach((optimizer, i) => optimizer.apply([gradients[i] as Float32Array], [alone[i] as Variable]));
      }
      together.forEach((variable, i) =>
        expectSameBits(variable.name, variable.array(), (alone[i] as Variable).array()),
      );
      disposeAll(one, ...many, ...together, ...alone);
    }),
    RUNS,
  );
});

it("the order of pairs does not matter", () => {
  fc.assert(
    fc.property(anyTrialByVariable, anySeed, anyShapes, (trial, seed, shapes) => {
      const straight = outcome(trial, seed, seeded(seed, shapes), (optimizer, gradients) => {
        optimizer.applyGradients(zip(gradients, optimizer.trained));
      });
      const reversed = outcome(trial, seed, seeded(seed, shapes), (optimizer, gradients) => {
        optimizer.applyGradients(zip(gradients, optimizer.trained).reverse());
      });
      expect(reversed).toEqual(straight);
    }),
    RUNS,
  );
});

it("a variable left out is the same as a variable without a gradient", () => {
  fc.assert(
    fc.property(anyTrial, anySeed, anyShapes, (trial, seed, shapes) => {
      const missing = outcome(trial, seed, seeded(seed, shapes), (optimizer, gradients) => {
        optimizer.apply(gradients);
      });
      const subset = outcome(trial, seed, seeded(seed, shapes), (optimizer, gradients) => {
        const pairs = zip(gradients, optimizer.trained).filter(([gradient]) => gradient !== null);
        optimizer.apply(
          pairs.map(([gradient]) => gradient),
          pairs.map(([, variable]) => variable),
        );
      });
      expect(subset).toEqual(missing);
    }),
    RUNS,
  );
});

it("tensors, typed arrays, flat and nested numbers give the same bits", () => {
  const forms: ((gradient: Float32Array, variable: Variable) => Gradient)[] = [
    (gradient) => gradient,
    (gradient, { shape }) => tensor(gradient, shape),
    (gradient) => [...gradient],
    (gradient, { shape }) => nested(gradient, shape) as Gradient,
  ];
  fc.assert(
    fc.property(anyTrial, anySeed, anyShapes, (trial, seed, shapes) => {
      // Nested arrays cannot distinguish a shape such as [0, 3] from [0].
      const solid = shapes.map(([name, shape]) => [name, shape.map((length) => length + 1)] as const);
      const outcomes = forms.map((form) =>
        outcome(trial, seed, seeded(seed, solid), (optimizer, gradients) => {
          const given = gradients.map((g, i) => (g === null ? null : form(g, optimizer.trained[i] as Variable)));
          optimizer.apply(given);
          for (const gradient of given) if (gradient instanceof Object && "dispose" in gradient) gradient.dispose();
        }),
      );
      for (const other of outcomes) expect(other).toEqual(outcomes[0]);
    }),
    { numRuns: 60 },
  );
});

it("clipGradients and then applyGradients is the same as apply", () => {
  // Unscaling and accumulation come before the clip in `apply`; by hand they cannot.
  const plain = { loss_scale_factor: null, gradient_accumulation_steps: null };
  fc.assert(
    fc.property(anyTrial, anySeed, anyShapes, (trial, seed, shapes) => {
      const config = withOptions(trial.config, plain);
      if ("inner_optimizer" in config) return; // It clips after it has unscaled.
      if ("adaptive_clip" in config) return; // It comes before the other clips, in every step.
      const without = { ...trial, config };
      const whole = outcome(without, seed, seeded(seed, shapes), (optimizer, gradients) => {
        optimizer.apply(gradients);
      });
      const byHand = outcome(without, seed, seeded(seed, shapes), (optimizer, gradients) => {
        optimizer.applyGradients(optimizer.clipGradients(zip(gradients, optimizer.trained)));
      });
      expect(byHand).toEqual(whole);
    }),
    RUNS,
  );
});

it("applyGradients without a clip is the same as apply", () => {
  fc.assert(
    fc.property(anyTrial, anySeed, anyShapes, (trial, seed, shapes) => {
      const config = withOptions(trial.config, { clipnorm: null, clipvalue: null, global_clipnorm: null });
      const without = { ...trial, config };
      const applied = outcome(without, seed, seeded(seed, shapes), (optimizer, gradients) => {
        optimizer.apply(gradients);
      });
      const pairs = outcome(without, seed, seeded(seed, shapes), (optimizer, gradients) => {
        optimizer.applyGradients(zip(gradients, optimizer.trained));
      });
      expect(pairs).toEqual(applied);
    }),
    RUNS,
  );
});
