/** Recorded steps on replicas: the bits of usual steps, for one share in each worker and for several. */

import { layers, Sequential, SGD, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { expect, it } from "vitest";
import { Random } from "../support/random.js";

const COUNT = 44;
const x = new Random(1).values(COUNT * 4);
const y = Int32Array.from({ length: COUNT }, (_, i) => (i * 7) % 3);

async function trained(jitCompile: false | "auto", workers: number, options: object): Promise<readonly unknown[]> {
  setRandomSeed(5);
  await using distribute = new MirroredStrategy({ replicas: 2, workers, verify: true });
  const model = new Sequential([
    new layers.Dense(8, { activation: "tanh", inputShape: [4], kernelRegularizer: "l2" }),
    new layers.BatchNormalization(),
    new layers.Dropout(0.3),
    new layers.Dense(3, { activation: "softmax" }),
  ]);
  const loss = "sparse_categorical_crossentropy";
  model.compile({ optimizer: "adam", loss, metrics: ["accuracy"], distribute, jitCompile });
  const { history } = await model.fit(x, y, { epochs: 5, batchSize: 12, verbose: 0, ...options });
  return [history, ...model.getWeights().map(({ data }) => [...data])];
}

it.each([
  ["a worker each", 2, {}],
  ["one worker", 1, {}],
  ["class weights and validation", 1, { classWeight: { 0: 2, 2: 0.5 }, validationSplit: 0.25 }],
] as const)("%s", async (_, workers, options) => {
  expect(await trained("auto", workers, options)).toEqual(await trained(false, workers, options));
});

it("figures of updates are those of the whole batch", async () => {
  const histories = [2, 1].map(async (replicas) => {
    await using distribute = new MirroredStrategy({ replicas, verify: true });
    const model = new Sequential([new layers.Dense(1, { kernelInitializer: "ones", useBias: false, inputShape: [1] })]);
    model.compile({ optimizer: new SGD({ learningRate: 0.1 }), loss: "mse", stats: true, distribute });
    return (await model.fit([[1], [2]], [[2], [4]], { batchSize: 2, verbose: 0 })).history;
  });
  const [two, one] = await Promise.all(histories);
  // By hand: gradients of -2 and -8, of which the loss takes the mean.
  expect(two?.gradient_norm).toEqual([5]);
  expect(two?.update_ratio?.[0]).toBeCloseTo(0.5, 6);
  expect(two).toEqual(one);
});
