/** An optimizer in a worker computes the same bits as on this thread. */

import { Adam, SGD, schedules, tensor, Variable } from "gradstep";
import { RemoteOptimizer } from "gradstep/worker";
import { describe, expect, it } from "vitest";
import { startWorker } from "./platform.js";
import { bits } from "./training.js";

const gradient = (length: number, step: number) =>
  Float32Array.from({ length }, (_, i) => (((i + 3) * (step + 2)) % 7) / 4 - 0.8);
const variables = () => [
  new Variable(gradient(12, 1), { shape: [3, 4], name: "dense/kernel" }),
  new Variable(gradient(4, 2), { name: "dense/bias" }),
];

describe.each([true, false])("shared memory: %s", (sharedMemory) => {
  it("steps, clipped and unclipped, from an earlier state", async () => {
    const [here, there] = [variables(), variables()];
    const [local, moved] = [new Adam({ clipnorm: 0.5 }), new Adam({ clipnorm: 0.5 })];
    for (const [optimizer, trained] of [
      [local, here],
      [moved, there],
    ] as const) {
      optimizer.apply([gradient(12, 0), gradient(4, 0)], trained);
    }
    const remote = await RemoteOptimizer.create(moved, there, { sharedMemory });
    expect(remote.sharedMemory).toBe(sharedMemory);
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

  it("two calls at once are two steps", async () => {
    const w = new Variable([1, 2], { name: "w" });
    const remote = await RemoteOptimizer.create(new SGD({ learningRate: 0.5 }), [w], { sharedMemory });
    const [first] = await remote.apply([[2, 2]]);
    expect(first).toEqual(new Float32Array([0, 1]));
    const both = await Promise.all([remote.apply([[2, 0]]), remote.apply([[0, 2]])]);
    expect(both.map(([weights]) => [...(weights as Float32Array)])).toEqual([
      [-1, 1],
      [-1, 0],
    ]);
    // Its step is over: shared, it shows a later one.
    if (sharedMemory) expect(first).toEqual(new Float32Array([-1, 1]));
    else expect(first).toHaveLength(0);
    await remote.dispose();
  });

  it("gradients are written where the worker reads them, or are copied there", async () => {
    const trained = () => ["a", "b"].map((name) => new Variable([1, 2], { name }));
    const [here, there] = [trained(), trained()];
    const local = new Adam({ learningRate: 0.5 });
    const remote = await RemoteOptimizer.create(new Adam({ learningRate: 0.5 }), there, { sharedMemory });
    const step = async (given: (Float32Array | null)[]) => {
      local.apply(
        given.map((gradient) => gradient?.slice() ?? null),
        here,
      );
      const weights = await remote.apply(given);
      expect(weights).toEqual(here.map((variable) => variable.array()));
      return weights;
    };
    for (let i = 0; i < 3; i++) {
      const { gradients } = remote;
      expect(gradients.map(({ length }) => length)).toEqual([2, 2]);
      gradients.forEach((place, k) => place.set([i - 1, k + i]));
      const weights = await step(gradients);
      // By transfer the room went away with them; the next is where the weights are now.
      expect(gradients[0]).toHaveLength(sharedMemory ? 2 : 0);
      expect(weights[0]?.buffer).toBe(remote.gradients[0]?.buffer);
    }
    const [first, second] = remote.gradients as [Float32Array, Float32Array];
    first.set([1, 2]);
    second.set([-3, 4]);
    await step([second, first]);
    const { gradients } = remote;
    gradients[1]?.set([5, 6]);
    await step([null, gradients[1] as Float32Array]);
    const [mine] = remote.gradients as [Float32Array];
    mine.set([7, 8]);
    await step([mine.subarray(0, 2), mine.subarray(0, 2)]);
    await remote.dispose();
  });

  it("a refused step does not affect later ones", async () => {
    const w = new Variable([1, 2], { name: "w" });
    const remote = await RemoteOptimizer.create(new SGD({ learningRate: 0.5 }), [w], { sharedMemory });
    for (let i = 0; i < 3; i++) {
      await expect(remote.apply([null])).rejects.toMatchObject({ code: "ERR_GRADIENT_NONE" });
      const { gradients } = remote;
      gradients[0]?.set([2, 0]);
      const running = remote.apply(gradients);
      // Room for another step, while the first is under way.
      const others = remote.gradients;
      expect(others[0]?.buffer).not.toBe(gradients[0]?.buffer);
      others[0]?.set([0, 2]);
      const [[one], [two]] = (await Promise.all([running, remote.apply(others)])) as [[Float32Array], [Float32Array]];
      expect([...one, ...two]).toEqual([0 - i, 2 - i, 0 - i, 1 - i]);
    }
    await remote.dispose();
  });

  it("accepts no variables, and variables without elements", async () => {
    const none = await RemoteOptimizer.create("sgd", [], { sharedMemory });
    expect(await none.apply([])).toEqual([]);
    expect(await none.apply([])).toEqual([]);
    const empty = await RemoteOptimizer.create("sgd", [new Variable([], { name: "empty" })], { sharedMemory });
    for (let i = 0; i < 2; i++) expect(await empty.apply([[]])).toEqual([new Float32Array()]);
    await Promise.all([none.dispose(), empty.dispose()]);
  });
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

it("a counter of 2^31 and more arrives, in every form, before build and after it", async () => {
  const w = new Variable([1, 2], { name: "w" });
  const unbuilt = new Adam();
  unbuilt.setWeights([2 ** 31]);
  const remote = await RemoteOptimizer.create(unbuilt, [w], { createWorker: startWorker });
  await remote.apply([[0, 0]]);
  expect(remote.iterations).toBe(2 ** 31 + 1);
  const state = await remote.getWeights();
  expect(state[0]).toEqual({ data: Float64Array.of(2 ** 31 + 1), shape: [], dtype: "float64" });
  const slots = state.slice(1);
  for (const count of [
    2 ** 53 - 3,
    [2 ** 32 + 1],
    Float64Array.of(2 ** 40 + 1),
    { ...state[0], data: Int32Array.of(7) },
  ]) {
    await remote.setWeights([count as never, ...slots]);
    const [sent] = await remote.getWeights();
    expect([...(sent as { data: ArrayLike<number> & Iterable<number> }).data]).toEqual([remote.iterations]);
    expect(remote.iterations).toBe(
      typeof count === "number" ? count : Number([...("data" in count ? count.data : count)]),
    );
  }
  await expect(remote.setWeights([2 ** 53, ...slots])).rejects.toMatchObject({ code: "ERR_WEIGHTS_SHAPE" });
  await remote.dispose();
});

it("invalid arguments are refused before anything is sent, and errors of the worker are rethrown", async () => {
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

it("memory is shared where it may be, unless the caller says otherwise", async () => {
  const w = new Variable([1], { name: "w" });
  const remote = await RemoteOptimizer.create("sgd", [w]);
  expect(remote.sharedMemory).toBe(true);
  await remote.dispose();
  await expect(RemoteOptimizer.create("sgd", [w], { sharedMemory: 1 as never })).rejects.toMatchObject({
    code: "ERR_OPTION_TYPE",
  });
  const { crossOriginIsolated } = globalThis;
  Object.defineProperty(globalThis, "crossOriginIsolated", { value: false, configurable: true });
  try {
    const moving = await RemoteOptimizer.create("sgd", [w]);
    expect(moving.sharedMemory).toBe(false);
    await moving.dispose();
    await expect(RemoteOptimizer.create("sgd", [w], { sharedMemory: true })).rejects.toMatchObject({
      code: "ERR_SHARED_MEMORY",
      message:
        'RemoteOptimizer needs memory that workers share, which this page may not use. Serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp", over https or from localhost; crossOriginIsolated is true then. Without "sharedMemory", numbers are transferred.',
    });
  } finally {
    Object.defineProperty(globalThis, "crossOriginIsolated", { value: crossOriginIsolated, configurable: true });
  }
});
