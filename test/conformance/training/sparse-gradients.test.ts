/** Row gradients: `Embedding` with `sparseGradient`, and the optimizers that take them. */

import { expect, it } from "vitest";
import {
  Adagrad,
  Adam,
  AdamW,
  type CompileOptions,
  GradientTape,
  Lion,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  memoryUse,
  type Optimizer,
  OptimizerMap,
  ops,
  RMSprop,
  Sequential,
  SGD,
  setRandomSeed,
  type Tensor,
  tensor,
  type Variable,
} from "../../../ts/index.js";
import { loadModel, saveModel } from "../../../ts/saving/index.js";
import { replayedBy } from "../../support/recorded-runs.js";

type Step = readonly [indices: readonly number[], gradients: readonly (readonly number[])[]];

/** The table after steps whose gradients of the looked-up rows are these. */
function trained(optimizer: Optimizer, start: readonly (readonly number[])[], steps: readonly Step[], sparse: boolean) {
  const layer = new layers.Embedding(start.length, start[0]!.length, { sparseGradient: sparse });
  layer.build([null]);
  const table = layer.embeddings as Variable;
  table.assign(start);
  for (const [indices, gradients] of steps) {
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(ops.multiply(layer.apply(indices) as Tensor, gradients)));
    optimizer.apply(tape.gradient(loss, [table]), [table]);
  }
  return [...table.array()];
}

const START = [
  [0, 0.1, 0.2],
  [0.3, 0.4, 0.5],
  [0.6, 0.7, 0.8],
  [0.9, 1, 1.1],
];
const STEPS: readonly Step[] = [
  [
    [1, 3, 1],
    [
      [1, -2, 0.5],
      [3, 0.25, -1],
      [0.5, 0.5, 2],
    ],
  ],
  [
    [0, 3],
    [
      [-1, 1, 1],
      [2, -1, 4],
    ],
  ],
  [
    [3, 1, 0],
    [
      [0.5, 0.5, 0.5],
      [-1, 2, -3],
      [1, 0, 2],
    ],
  ],
];

it.each<[string, () => Optimizer]>([
  ["SGD", () => new SGD(0.1)],
  ["SGD, clipped", () => new SGD({ learningRate: 0.1, globalClipnorm: 0.5 })],
  ["Adagrad", () => new Adagrad({ learningRate: 0.1, clipnorm: 0.5 })],
  ["SGD, scaled", () => new LossScaleOptimizer(new SGD(0.1))],
])("%s has the bits of the whole gradient", (_, make) => {
  expect(trained(make(), START, STEPS, true)).toEqual(trained(make(), START, STEPS, false));
});

it("Adam is torch.optim.SparseAdam", () => {
  // torch 1.13.1 in float64: SparseAdam(lr=0.1, betas=(0.9, 0.999), eps=1e-7) with these gradients.
  const expected = [
    0.069895233, -0.031935257, 0.042729407, 0.187593686, 0.483387666, 0.412271386, 0.6, 0.7, 0.8, 0.619886664,
    0.966968779, 1.093420084,
  ];
  const got = trained(new Adam(0.1), START, STEPS, true);
  got.forEach((x, i) => {
    expect(Math.abs(x - expected[i]!)).toBeLessThan(2e-6);
  });
  expect(got.slice(6, 9)).toEqual([0.6, 0.7, 0.8].map(Math.fround));
});

it.each<[string, () => Optimizer]>([
  ["AdamW", () => new AdamW(0.1)],
  ["RMSprop", () => new RMSprop({ learningRate: 0.1, momentum: 0.9, centered: true })],
  ["SGD with momentum", () => new SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 })],
])("%s leaves the other rows, and treats these as a table of them alone", (_, make) => {
  const steps = STEPS.map(([, gradients]) => [[3, 1], gradients.slice(0, 2)] as const);
  const got = trained(make(), START, steps, true);
  const few = steps.map(([, gradients]) => [[0, 1], gradients] as const);
  const alone = trained(make(), [START[3]!, START[1]!], few, false);
  expect([...got.slice(9), ...got.slice(3, 6)]).toEqual(alone);
  expect(got.slice(0, 3)).toEqual(START[0]!.map(Math.fround));
});

it("fit trains by rows, and keeps no gradient of the table", async () => {
  const model = (sparseGradient: boolean) => {
    setRandomSeed(1);
    const parts = [new layers.Embedding(50_000, 8, { sparseGradient, inputShape: [4] }), new layers.Flatten()];
    const made = new Sequential([...parts, new layers.Dense(1)]);
    made.compile({ optimizer: new SGD(0.1), loss: "mse" });
    return made;
  };
  const x = tensor([
    [1, 2, 3, 1],
    [5, 1, 2, 9],
  ]);
  const y = tensor([[1], [2]]);
  const [byRows, whole] = [model(true), model(false)];
  const before = memoryUse().inUse;
  await byRows.fit(x, y, { epochs: 30, batchSize: 1, verbose: 0, shuffle: false });
  const used = memoryUse().inUse - before;
  expect(used).toBeLessThan(50_000 * 8 * 4);
  await whole.fit(x, y, { epochs: 30, batchSize: 1, verbose: 0, shuffle: false });
  expect(byRows.getWeights()).toEqual(whole.getWeights());
});

/** A model over words, compiled: the same start each time. */
function words(optimizer: Optimizer, options: CompileOptions = {}, sparseGradient = true): Sequential {
  setRandomSeed(1);
  const model = new Sequential([
    new layers.Embedding(40, 3, { sparseGradient, inputShape: [4], name: "words" }),
    new layers.Flatten(),
    new layers.Dense(1, { name: "head" }),
  ]);
  model.compile({ optimizer, loss: "mse", ...options });
  return model;
}
const TEXTS = tensor([
  [1, 2, 3, 1],
  [5, 1, 2, 9],
]);
const SCORES = tensor([[1], [2]]);
const quiet = { epochs: 3, batchSize: 1, verbose: 0, shuffle: false } as const;

it("MultiOptimizer hands them to the optimizer of the table", async () => {
  const around = (table: Optimizer) => new MultiOptimizer(new OptimizerMap(new Lion(0.01), { "words/.*": table }));
  const [byRows, whole] = [words(around(new SGD(0.1))), words(around(new SGD(0.1)), {}, false)];
  for (const model of [byRows, whole]) await model.fit(TEXTS, SCORES, quiet);
  expect(byRows.getWeights()).toEqual(whole.getWeights());
  const refused = words(around(new Lion(0.1))).fit(TEXTS, SCORES, quiet);
  await expect(refused).rejects.toMatchObject({ code: "ERR_OPTION_CONFLICT" });
});

it("a loaded model trains on by rows, with the same bits", async () => {
  const model = words(new Adam(0.1));
  await model.fit(TEXTS, SCORES, quiet);
  const again = await loadModel(await saveModel(model, { format: "keras" }), { format: "keras" });
  expect((again.layers[0] as layers.Embedding).sparseGradient).toBe(true);
  for (const one of [model, again]) await one.fit(TEXTS, SCORES, quiet);
  expect(again.getWeights()).toEqual(model.getWeights());
  // Rows without a gradient keep their weights: the whole gradient would move them by the moments.
  const before = model.getWeights()[0]?.data.slice(15, 18);
  await model.fit(tensor([[1, 2, 3, 1]]), tensor([[1]]), quiet);
  expect(model.getWeights()[0]?.data.slice(15, 18)).toEqual(before);
});

it("steps with them are not recorded", async () => {
  const usual = words(new Adam(0.1));
  await usual.fit(TEXTS, SCORES, quiet);
  expect(replayedBy(usual)).toBe(0);
  const asked = words(new Adam(0.1), { jitCompile: true }).fit(TEXTS, SCORES, quiet);
  await expect(asked).rejects.toMatchObject({ code: "ERR_NOT_RECORDABLE" });
});

it("the option is in the config where it is true", () => {
  const config = new layers.Embedding(3, 2, { sparseGradient: true }).getConfig();
  expect((layers.Embedding.fromConfig(config) as layers.Embedding).sparseGradient).toBe(true);
  expect(new layers.Embedding(3, 2).getConfig()).not.toHaveProperty("sparse_gradient");
});

it("the gradient reads as a tensor of the whole, and is one where the table is used otherwise", () => {
  const layer = new layers.Embedding(3, 2, { sparseGradient: true });
  layer.build([null]);
  const table = layer.embeddings as Variable;
  const gradientOf = (loss: () => Tensor) => {
    const tape = new GradientTape();
    return tape.gradient(tape.run(loss), table);
  };
  const twice = () => ops.add(ops.sum(layer.apply([2, 2])), ops.sum(layer.apply([0])));
  expect(gradientOf(twice)?.toArray()).toEqual([
    [1, 1],
    [0, 0],
    [2, 2],
  ]);
  const tied = gradientOf(() => ops.add(ops.sum(layer.apply([2])), ops.sum(table)));
  expect(tied?.toArray()).toEqual([
    [1, 1],
    [1, 1],
    [2, 2],
  ]);
  expect(new Lion(0.1).apply([tied], [table])).toBe(1);
});

it.each([
  ["Lion", () => new Lion(0.1), "only SGD, RMSprop, Adam, AdamW and Adagrad support"],
  ["Adam with useEma", () => new Adam({ useEma: true }), 'conflicts with "useEma"'],
  [
    "SGD with accumulation",
    () => new SGD({ gradientAccumulationSteps: 2 }),
    'conflicts with "gradientAccumulationSteps"',
  ],
  ["SGD, cautious", () => new SGD({ cautious: true }), 'conflicts with "cautious"'],
])("%s refuses them", (_, make, text) => {
  const optimizer: Optimizer = make();
  expect(() => trained(optimizer, START, STEPS, true)).toThrow(
    expect.objectContaining({ code: "ERR_OPTION_CONFLICT" }),
  );
  expect(() => trained(optimizer, START, STEPS, true)).toThrow(text);
  expect(optimizer.iterations).toBe(0);
});
