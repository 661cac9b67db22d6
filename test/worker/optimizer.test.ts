/** An optimizer in a worker gives the bits that it gives here. */

import { Adam, SGD, schedules, tensor, Variable } from "gradstep";
import { RemoteOptimizer } from "gradstep/worker";
import { expect, it } from "vitest";
import { startWorker } from "./platform.js";
import { bits } from "./training.js";

const gradient = (length: number, step: number) =>
  Float32Array.from({ length }, (_, i) => (((i + 3) * (step + 2)) % 7) / 4 - 0.8);
const variables = () => [
  new Variable(gradient(12, 1), { shape: [3, 4], name: "dense/kernel" }),
  new Variable(gradient(4, 2), { name: "dense/bias" }),
];

it("steps, clipped and unclipped, from a state on", async () => {
  const [here, there] = [variables(), variables()];
  const [local, moved] = [new Adam({ clipnorm: 0.5 }), new Adam({ clipnorm: 0.5 })];
  for (const [optimizer, trained] of [
    [local, here],
    [moved, there],
  ] as const) {
    optimizer.apply([gradient(12, 0), gradient(4, 0)], trained);
  }
  const remote = await RemoteOptimizer.create(moved, there);
  for (let step = 1; step < 6; step++) {
    const given = [gradient(12, step), step === 3 ? null : gradient(4, step)];
    local.apply(given, here);
    const weights = await remote.apply(given);
    expect(weights.map((numbers) => [...numbers])).toEqual(here.map((variable) => [...variable.array()]));
    expect(remote.iterations).toBe(local.iterations);
  }
  local.applyGradients([[tensor(gradient(12, 9), [3, 4]), here[0] as Variable]]);
  await remote.applyGradients([[tensor(gradient(12, 9), [3, 4]), there[0] as Variable]]);
  expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
  expect((await remote.getVariables()).map(({ data }) => data)).toEqual(here.map((variable) => variable.array()));
  await remote.dispose();
});

it("one buffer goes to and fro; two calls at once are two steps", async () => {
  const w = new Variable([1, 2], { name: "w" });
  const remote = await RemoteOptimizer.create(new SGD({ learningRate: 0.5 }), [w]);
  const [first] = await remote.apply([[2, 2]]);
  expect(first).toEqual(new Float32Array([0, 1]));
  const both = await Promise.all([remote.apply([[2, 0]]), remote.apply([[0, 2]])]);
  expect(both.map(([weights]) => [...(weights as Float32Array)])).toEqual([
    [-1, 1],
    [-1, 0],
  ]);
  expect(first).toHaveLength(0);
  await remote.dispose();
});

it("learning rate, variables and state can be read and set", async () => {
  const w = new Variable([1, 2], { name: "w" });
  const remote = await RemoteOptimizer.create("sgd", [w], { createWorker: startWorker });
  await remote.setLearningRate(0.25);
  expect(await remote.getLearningRate()).toBe(0.25);
  await remote.setVariables([[4, 8]]);
  await remote.setWeights([17]);
  const [weights] = await remote.apply([new Float32Array([4, 4])]);
  expect(weights).toEqual(new Float32Array([3, 7]));
  expect(remote.iterations).toBe(18);
  await remote.setWeights([3]);
  expect(remote.iterations).toBe(3);
  await remote.dispose();
});

it("what does not fit is refused before anything is sent, and errors of the worker come back", async () => {
  const [w, other] = [new Variable([1, 2], { name: "w" }), new Variable([1], { name: "other" })];
  const learningRate = new schedules.ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.5 });
  const remote = await RemoteOptimizer.create(new SGD({ learningRate }), [w]);
  await expect(remote.apply([])).rejects.toMatchObject({ code: "ERR_GRADIENT_COUNT" });
  await expect(remote.apply([[1, 2, 3]])).rejects.toMatchObject({ code: "ERR_GRADIENT_SHAPE" });
  await expect(remote.apply(["x" as never])).rejects.toMatchObject({ code: "ERR_PAIRS_MALFORMED" });
  await expect(remote.applyGradients([[[1], other]])).rejects.toMatchObject({ code: "ERR_VARIABLE_UNKNOWN" });
  await expect(remote.apply([null])).rejects.toMatchObject({ code: "ERR_GRADIENT_NONE" });
  await expect(remote.setLearningRate(1)).rejects.toMatchObject({ code: "ERR_LEARNING_RATE_FIXED" });
  await expect(remote.setVariables([[1]])).rejects.toMatchObject({ name: "ValueError" });
  expect(await remote.apply([[0, 0]])).toEqual([new Float32Array([1, 2])]);
  await remote.dispose();
  await expect(remote.apply([[0, 0]])).rejects.toMatchObject({ code: "ERR_DISPOSED" });
});
