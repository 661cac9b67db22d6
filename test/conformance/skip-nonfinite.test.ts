/** `skipNonfinite`: a step with NaN or infinity in a gradient changes nothing; other steps keep their bits. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  Adam,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  type OptimizerOptions,
  ops,
  Sequential,
  SGD,
  setRandomSeed,
  Variable,
} from "../../ts/index.js";
import { RULES } from "../support/rules.js";

const variables = () => [
  new Variable(
    [
      [1, -2],
      [0.5, 3],
    ],
    { name: "a/kernel" },
  ),
  new Variable([0.25, -1], { name: "b/bias" }),
];
const GOOD = [
  [
    [1, 0.5],
    [-0.25, 2],
  ],
  [-1, 0.125],
];
const BAD = [Number.NaN, Infinity, -Infinity].flatMap((bad) => [
  [GOOD[0]!, [1, bad]],
  [
    [
      [bad, 1],
      [1, 1],
    ],
    GOOD[1]!,
  ],
]);

const stateOf = (optimizer: Optimizer, trained: readonly Variable[]) => [
  trained.map((variable) => variable.array()),
  optimizer.getWeights(),
];

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  warn.mockRestore();
});

const AROUND: readonly OptimizerOptions[] = [
  {},
  { useEma: true, emaOverwriteFrequency: 2, weightDecay: 0.1, clipnorm: 0.5 },
  { gradientAccumulationSteps: 2, globalClipnorm: 1 },
  { lossScaleFactor: 0.5 },
];

describe.each(RULES)("%s", (_, make) => {
  it.each(AROUND)("skips with %o", (around) => {
    const [skipping, plain] = [true, false].map((skipNonfinite) => new make({ ...around, skipNonfinite }));
    const [trained, others] = [variables(), variables()];
    let skipped = 0;
    for (let step = 0; step < 5; step++) {
      // Once before the state exists, and then in the middle of what is gathered.
      for (const bad of BAD) {
        if (skipping!.built) {
          const before = stateOf(skipping!, trained);
          skipping!.apply(bad as never, trained);
          expect(stateOf(skipping!, trained)).toEqual(before);
        } else skipping!.apply(bad as never, trained);
        expect(skipping!.skippedSteps).toBe(++skipped);
      }
      for (const [optimizer, list] of [
        [skipping!, trained],
        [plain!, others],
      ] as const) {
        optimizer.apply(GOOD as never, list);
      }
      expect(stateOf(skipping!, trained)).toEqual(stateOf(plain!, others));
    }
    expect(plain!.skippedSteps).toBe(0);
    expect(warn.mock.calls).toEqual([
      [`${skipping!.name}: a gradient is NaN or infinite, so the step was skipped; skippedSteps counts such steps.`],
    ]);
  });
});

it("counts gradients that overflow when divided by the loss scale", () => {
  const [w] = variables();
  const optimizer = new SGD({ skipNonfinite: true, lossScaleFactor: 0.5 });
  optimizer.apply([[3e38, 0, 0, 0]], [w!]);
  expect([optimizer.skippedSteps, optimizer.iterations, [...w!.array()]]).toEqual([1, 0, [1, -2, 0.5, 3]]);
});

it("applies to applyGradients and minimize, whose labels the warning has", () => {
  const [w] = variables();
  const optimizer = new SGD({ skipNonfinite: true });
  expect(optimizer.applyGradients([[[1, 2, 3, Infinity], w!]], { name: "outer" })).toBe(0);
  expect(optimizer.minimize(() => ops.sum(ops.multiply(w!, Infinity)), [w!])).toBe(0);
  expect(optimizer.skippedSteps).toBe(2);
  expect(warn.mock.calls.map(([text]: unknown[]) => String(text).split(":")[0])).toEqual(["outer", optimizer.name]);
  expect([...w!.array()]).toEqual([1, -2, 0.5, 3]);
});

describe("in MultiOptimizer", () => {
  const made = () => {
    const inside = [new SGD({ learningRate: 0.5, skipNonfinite: true }), new SGD({ learningRate: 0.25 })] as const;
    return { inside, optimizer: new MultiOptimizer(new OptimizerMap(inside[1], { "a/.*": inside[0] })) };
  };

  it("each optimizer decides for its variables", () => {
    const { optimizer, inside } = made();
    const trained = variables();
    optimizer.apply(
      [
        [1, 1, 1, Number.NaN],
        [1, 2],
      ],
      trained,
    );
    expect(trained.map((variable) => [...variable.array()])).toEqual([
      [1, -2, 0.5, 3],
      [0, -1.5],
    ]);
    expect([optimizer.iterations, ...inside.map(({ iterations }) => iterations)]).toEqual([1, 0, 1]);
    expect([optimizer.skippedSteps, ...inside.map(({ skippedSteps }) => skippedSteps)]).toEqual([1, 1, 0]);
  });

  it("a step skipped by all does not count", () => {
    const { optimizer } = made();
    const [a] = variables();
    optimizer.apply([[1, 1, 1, Number.NaN]], [a!]);
    expect([optimizer.iterations, optimizer.skippedSteps]).toEqual([0, 1]);
  });

  it("a dynamic scale decides for all of them", () => {
    const { optimizer } = made();
    const scaling = new LossScaleOptimizer(optimizer, { initialScale: 2 });
    const trained = variables();
    scaling.apply(
      [
        [1, 1, 1, 1],
        [Number.NaN, 2],
      ],
      trained,
    );
    expect([scaling.iterations, scaling.skippedSteps, scaling.dynamicScale]).toEqual([0, 1, 1]);
    expect([...trained[0]!.array()]).toEqual([1, -2, 0.5, 3]);
  });
});

it("a dynamic scale counts its steps, and does not warn of them", () => {
  const scaling = new LossScaleOptimizer(new SGD());
  const trained = variables();
  for (const bad of BAD) scaling.apply(bad as never, trained);
  expect([scaling.skippedSteps, scaling.innerOptimizer.skippedSteps]).toEqual([BAD.length, BAD.length]);
  expect(warn).not.toHaveBeenCalled();
});

it("fit continues after a batch with NaN", async () => {
  const train = async (skipNonfinite: boolean, bad: boolean) => {
    setRandomSeed(5);
    const model = new Sequential([new layers.Dense(2, { inputShape: [1], activation: "tanh" }), new layers.Dense(1)]);
    model.compile({ optimizer: new Adam({ learningRate: 0.1, skipNonfinite }), loss: "mse" });
    const x = [1, 2, bad ? Number.NaN : 3, 4, 5, 6];
    const options = { batchSize: 2, epochs: 1, shuffle: false, verbose: 0 } as const;
    // The second of three batches has the NaN.
    await model.fit(
      bad ? x.map((n) => [n]) : [[1], [2], [5], [6]],
      bad ? x.map((n) => [n / 10]) : [[0.1], [0.2], [0.5], [0.6]],
      options,
    );
    return { weights: model.getWeights(), skipped: model.optimizer!.skippedSteps };
  };
  const good = await train(true, false);
  expect(good.skipped).toBe(0);
  expect(await train(true, true)).toEqual({ weights: good.weights, skipped: 1 });
  expect((await train(false, true)).weights[0]!.data.every(Number.isNaN)).toBe(true);
});

it("is in the config only if it is on: Keras refuses the key", () => {
  expect(new SGD({ skipNonfinite: false }).getConfig()).not.toHaveProperty("skip_nonfinite");
  const config = new Adam({ skipNonfinite: true }).getConfig();
  expect(config.skip_nonfinite).toBe(true);
  const again = Adam.fromConfig(JSON.parse(JSON.stringify(config)));
  expect([again.skipNonfinite, again.getConfig()]).toEqual([true, config]);
});
