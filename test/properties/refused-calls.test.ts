/**
 * A refused call changes nothing: not the weights, the state, the counter, nor whether the optimizer is built.
 */

import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { type Optimizer, tensor, Variable, zip } from "../../ts/index.js";
import { isWrapper, started } from "../support/optimizers.js";
import { refusal } from "../support/refusal.js";
import { nameless, snapshot } from "../support/snapshot.js";
import { anySeed, anyShapes, anyTrial, disposeAll, gradientsAt, seeded } from "./arbitraries.js";

vi.spyOn(console, "warn").mockImplementation(() => {});

/** The arguments of a bad call. `at` is the position of the fault. */
interface Scene {
  readonly optimizer: Optimizer;
  readonly variables: readonly Variable[];
  readonly gradients: readonly Float32Array[];
  readonly at: number;
}

/** Applies good gradients with one replaced. */
const withGradient = (bad: (good: Float32Array, variable: Variable) => unknown) => (scene: Scene) => {
  const { optimizer, variables, gradients, at } = scene;
  const given: unknown[] = [...gradients];
  given[at] = bad(gradients[at] as Float32Array, variables[at] as Variable);
  optimizer.applyGradients(zip(given, variables) as never);
};

const disposedTensor = (good: Float32Array, { shape }: Variable) => {
  const made = tensor(good, shape);
  made.dispose();
  return made;
};

const BAD_CALLS: Readonly<Record<string, (scene: Scene) => void>> = {
  "a gradient too long": withGradient((good) => new Float32Array(good.length + 1)),
  "a gradient too long, through apply": ({ optimizer, variables, gradients, at }) => {
    optimizer.apply(
      gradients.map((g, i) => (i === at ? new Float32Array(g.length + 4) : g)),
      variables,
    );
  },
  "a gradient of bytes without a type": withGradient((good) => new DataView(new ArrayBuffer(4 * good.length))),
  "a tensor of another shape": withGradient((good, { shape }) => tensor(good, [...shape, 1])),
  "a tensor of int32": withGradient((good, { shape }) => tensor(new Int32Array(good.length), shape)),
  "a disposed tensor": withGradient(disposedTensor),
  "a ragged gradient": withGradient(() => [[1, 2], [3]]),
  "ragged rows of the right first length": withGradient((_, { shape }) =>
    shape.length === 2 && (shape[0] as number) > 1
      ? Array.from({ length: shape[0] as number }, (_, i) =>
          new Array(i === 0 ? shape[1] : (shape[1] as number) + 1).fill(1),
        )
      : "ragged",
  ),
  "strings for numbers": withGradient((good) => (good.length === 0 ? "none" : Array.from(good, () => "1"))),
  "undefined for a gradient": withGradient(() => undefined),
  "no gradient at all": ({ optimizer, variables }) => {
    optimizer.applyGradients(variables.map((variable) => [null, variable] as const));
  },
  "a variable twice": ({ optimizer, variables, gradients }) => {
    const [pair] = zip(gradients, variables);
    optimizer.applyGradients([pair as [Float32Array, Variable], pair as [Float32Array, Variable]]);
  },
  "a disposed variable": ({ optimizer, variables, gradients, at }) => {
    const gone = new Variable(gradients[at] as Float32Array);
    gone.dispose();
    optimizer.apply([...gradients, gradients[at] as Float32Array], [...variables, gone]);
  },
  "pairs swapped": ({ optimizer, variables, gradients }) => {
    optimizer.applyGradients(zip(variables, gradients) as never);
  },
  "no pairs": ({ optimizer }) => void optimizer.applyGradients([1, 2] as never),
  "no list": ({ optimizer }) => void optimizer.applyGradients(7 as never),
  "no list, through apply": ({ optimizer }) => void optimizer.apply(7 as never),
  "a gradient too many": ({ optimizer, variables, gradients }) => {
    optimizer.apply([...gradients, new Float32Array(1)], variables);
  },
  "an unknown option of applyGradients": ({ optimizer, variables, gradients }) => {
    optimizer.applyGradients(zip(gradients, variables), { aggregate: true } as never);
  },
  "weights of another count": ({ optimizer }) => optimizer.setWeights([...optimizer.getWeights(), 1]),
  "a counter below 0": ({ optimizer }) => optimizer.setWeights([-1, ...optimizer.getWeights().slice(1)]),
  "a counter that is not a whole number": ({ optimizer }) =>
    optimizer.setWeights([0.5, ...optimizer.getWeights().slice(1)]),
  "weights that are not a list": ({ optimizer }) => optimizer.setWeights("weights" as never),
  "a rate of NaN": ({ optimizer }) => {
    optimizer.learningRate = Number.NaN;
  },
  "a rate in words": ({ optimizer }) => {
    optimizer.learningRate = "0.1" as never;
  },
  "exclusions that are not patterns": ({ optimizer }) => optimizer.excludeFromWeightDecay({ varNames: ["("] }),
  "exclusions that are not variables": ({ optimizer }) => optimizer.excludeFromWeightDecay({ varList: [1] as never }),
  "clipping of a bad gradient": ({ optimizer, variables, gradients }) => {
    optimizer.clipGradients(zip([...gradients.slice(1), new Float32Array(999)], variables));
  },
};

const anyBadCalls = fc.uniqueArray(fc.constantFrom(...Object.keys(BAD_CALLS)), { minLength: 1, maxLength: 6 });

it("before the optimizer is built, and after", () => {
  fc.assert(
    fc.property(
      anyTrial,
      anySeed,
      anyShapes,
      anyBadCalls,
      fc.nat(),
      fc.nat(2),
      (trial, seed, shapes, calls, where, steps) => {
        const [variables, untouched] = [seeded(seed, shapes), seeded(seed, shapes)];
        const [optimizer, twin] = [started(trial), started(trial)];
        for (let step = 0; step < steps; step++) {
          optimizer.apply(gradientsAt(seed, step, variables), variables);
          twin.apply(gradientsAt(seed, step, untouched), untouched);
        }
        const gradients = variables.map(({ size }) => new Float32Array(size).fill(0.25));
        const scene = { optimizer, variables, gradients, at: where % variables.length };
        const before = snapshot(optimizer, variables);
        for (const call of calls) {
          const error = refusal(() => BAD_CALLS[call]?.(scene));
          expect(error, `${call}: ${error.stack}`).toHaveProperty("code");
          expect(snapshot(optimizer, variables), call).toEqual(before);
        }
        // And it continues as if nothing had been.
        optimizer.apply(gradientsAt(seed, 9, variables), variables);
        twin.apply(gradientsAt(seed, 9, untouched), untouched);
        expect(nameless(snapshot(optimizer, variables))).toEqual(nameless(snapshot(twin, untouched)));
        disposeAll(optimizer, twin, ...variables, ...untouched);
      },
    ),
    { numRuns: 400 },
  );
});

it("each of the bad calls is refused by every kind of optimizer", () => {
  fc.assert(
    fc.property(anyTrial, anySeed, (trial, seed) => {
      const shapes = [
        ["dense/kernel", [3, 2]],
        ["dense/bias", [4]],
      ] as const;
      const variables = seeded(seed, shapes);
      const optimizer = started(trial);
      optimizer.build(variables);
      const before = snapshot(optimizer, variables);
      const gradients = variables.map(({ size }) => new Float32Array(size).fill(0.25));
      for (const [name, call] of Object.entries(BAD_CALLS)) {
        const error = refusal(() => call({ optimizer, variables, gradients, at: 0 }));
        expect(error, `${name}, wrapper ${isWrapper(trial.className)}: ${error.stack}`).toHaveProperty("code");
      }
      expect(snapshot(optimizer, variables)).toEqual(before);
      disposeAll(optimizer, ...variables);
    }),
    { numRuns: 60 },
  );
});
