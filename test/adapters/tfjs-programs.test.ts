/** TensorFlow.js programs that use an optimizer for more than one `fit`: variables created and disposed of, averages, several networks. */

import { describe, expect, it } from "vitest";
import {
  Adam,
  Lookahead,
  LossScaleOptimizer,
  MultiOptimizer,
  memoryUse,
  type Optimizer,
  OptimizerMap,
  Prodigy,
  ScheduleFree,
  ScheduleFreeSGD,
  SGD,
  SWA,
  Variable,
} from "../../ts/index.js";
import { type TfjsOptimizer, tfjsOptimizer } from "../../ts/tfjs/index.js";
import { expectClose } from "../support/peers.js";
import { tf, tfl } from "../support/tfjs-models.js";

const X = Array.from({ length: 24 }, (_, i) => [Math.fround(Math.sin(i)), Math.fround(Math.cos(3 * i)), i / 24]);
const Y = X.map(([a, b, c]) => [2 * (a as number) - (b as number) * (c as number)]);
const KERNELS = [
  [0.5, -0.3, 0.2, 0.8, -0.6, 0.1],
  [0.4, -0.7],
] as const;

function compiled(optimizer: tf.Optimizer): tfl.Sequential {
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 2, inputShape: [3], activation: "tanh" }),
      tfl.layers.dense({ units: 1, useBias: false }),
    ],
  });
  tf.tidy(() =>
    model.setWeights([tf.tensor([...KERNELS[0]], [3, 2]), tf.zeros([2]), tf.tensor([...KERNELS[1]], [2, 1])]),
  );
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

async function fitTf(model: tfl.LayersModel, callbacks: tfl.CustomCallbackArgs = {}): Promise<number[]> {
  const [x, y] = [tf.tensor2d(X), tf.tensor2d(Y)];
  const { history } = await model.fit(x, y, { batchSize: 8, epochs: 4, shuffle: false, verbose: 0, callbacks });
  tf.dispose([x, y]);
  return history.loss as number[];
}

const weightsOf = (model: tfl.LayersModel) => model.getWeights().flatMap((weight) => [...weight.dataSync()]);
const numbers = (variable: tf.Variable) => [...variable.dataSync()];
describe("variables that are created and disposed of", () => {
  const loss = (...variables: tf.Variable[]) => tf.addN(variables.map((w) => tf.sum(tf.square(w)))) as tf.Scalar;

  it("networks that take turns, by one optimizer", () => {
    const [a, b] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3, -1, 2]))];
    const theirs = tfjsOptimizer(new Adam(0.1));
    for (let step = 0; step < 6; step++) {
      const turn = step % 2 === 0 ? a : b;
      theirs.minimize(() => loss(turn), false, [turn]);
    }
    // The same where all are known from the start.
    const copies = [new Variable([1, 2]), new Variable([3, -1, 2])];
    const ours = new Adam(0.1);
    ours.build(copies);
    for (let step = 0; step < 6; step++) {
      const turn = copies[step % 2] as Variable;
      ours.apply([turn.array().map((w) => 2 * w)], [turn]);
    }
    expect([numbers(a), numbers(b)]).toEqual(copies.map((copy) => [...copy.array()]));
    tf.dispose([a, b]);
  });

  it.each<[string, () => Optimizer]>([
    ["Adam", () => new Adam(0.1)],
    ["Prodigy, whose variables share numbers", () => new Prodigy({ d0: 0.01 })],
    ["Lookahead", () => new Lookahead(new Adam(0.1), { syncPeriod: 3 })],
    ["several optimizers", () => new MultiOptimizer(new OptimizerMap(new Adam(0.1), { "omega.*": new SGD(0.1) }))],
    ["a loss scale", () => new LossScaleOptimizer(new Adam(0.1))],
  ])("%s: the state of the others stays when a variable comes later", (_, make) => {
    const optimizer = tfjsOptimizer(make());
    const first = tf.variable(tf.tensor1d([1, 2, 3]), true, "alpha");
    for (let step = 0; step < 4; step++) optimizer.minimize(() => loss(first), false, [first]);
    const stateOf = () =>
      optimizer.optimizer.weights.filter(({ path }) => path.includes("alpha")).map((one) => [one.path, one.array()]);
    const before = [numbers(first), stateOf()];
    expect(stateOf().length).toBeGreaterThan(0);
    const later = tf.variable(tf.scalar(5), true, "omega");
    optimizer.minimize(() => loss(later), false, [later]);
    expect([numbers(first), stateOf()]).toEqual(before);
    expect(numbers(later)[0]).toBeLessThan(5);
    expect(optimizer.iterations).toBe(5);
    tf.dispose([first, later]);
  });

  it("SGD with momentum: a variable that comes later changes no bit of the others", () => {
    const train = (isLate: boolean) => {
      const [first, later] = [tf.variable(tf.tensor1d([1, 2, 3])), tf.variable(tf.scalar(5))];
      const optimizer = tfjsOptimizer(new SGD({ learningRate: 0.1, momentum: 0.9 }));
      for (let step = 0; step < 8; step++) {
        optimizer.minimize(() => loss(first), false, [first]);
        if (isLate && step > 2) optimizer.minimize(() => loss(later), false, [later]);
      }
      const result = [numbers(first), numbers(later)[0] === 5];
      tf.dispose([first, later]);
      return result;
    };
    const [weights, isSame] = train(true);
    expect([weights, isSame]).toEqual([train(false)[0], false]);
  });

  it("a variable that reuses the name of a disposed one starts again", () => {
    const optimizer = tfjsOptimizer(new SGD({ learningRate: 0.1, momentum: 0.9 }));
    const once = () => {
      const w = tf.variable(tf.scalar(1), true, "again");
      for (let step = 0; step < 3; step++) optimizer.minimize(() => loss(w), false, [w]);
      const result = numbers(w);
      w.dispose();
      return result;
    };
    const first = once();
    expect([once(), once()]).toEqual([first, first]);
  });

  it("keep no memory of disposed variables or their state", () => {
    const optimizer = tfjsOptimizer(new Adam(0.1));
    const stays = tf.variable(tf.tensor1d([1, 2]));
    const once = () => {
      const w = tf.tidy(() => tf.variable(tf.zeros([256])));
      optimizer.minimize(() => tf.tidy(() => loss(w, stays)), false, [w, stays]);
      w.dispose();
    };
    for (let i = 0; i < 20; i++) once();
    const before = [memoryUse().inUse, tf.memory().numTensors];
    for (let i = 0; i < 500; i++) once();
    expect([memoryUse().inUse, tf.memory().numTensors]).toEqual(before);
    expect(optimizer.iterations).toBe(520);
    stays.dispose();
    optimizer.dispose();
  });
});

describe("averages", () => {
  it.each<[string, () => Optimizer]>([
    ["ScheduleFreeSGD", () => new ScheduleFreeSGD({ learningRate: 0.2 })],
    ["ScheduleFree", () => new ScheduleFree(new SGD({ learningRate: 0.2 }))],
    ["SWA", () => new SWA(new SGD({ learningRate: 0.2 }), { averagePeriod: 2 })],
    ["useEma", () => new Adam({ learningRate: 0.1, useEma: true, emaMomentum: 0.5 })],
  ])("%s: shown by evalMode, and training continues from the weights", (_, make) => {
    const w = tf.variable(tf.tensor1d([1, 2, -3]));
    const [theirs, ours, copy] = [tfjsOptimizer(make()), make(), new Variable([1, 2, -3])];
    const step = () => {
      theirs.minimize(() => tf.sum<tf.Scalar>(tf.square(w)), false, [w]);
      ours.trainMode();
      ours.apply([copy.array().map((x) => 2 * x)], [copy]);
    };
    for (let turn = 0; turn < 3; turn++) {
      for (let i = 0; i < 5; i++) step();
      expect(numbers(w)).toEqual([...copy.array()]);
      const trained = numbers(w);
      theirs.evalMode();
      ours.evalMode();
      expect(numbers(w)).toEqual([...copy.array()]);
      expect(numbers(w)).not.toEqual(trained);
      // As callbacks of TensorFlow.js may do it.
      if (turn === 1) theirs.trainMode();
      if (turn === 1) expectClose(numbers(w), trained, 1e-6, "weights");
    }
    theirs.finalizeVariableValues();
    expect(numbers(w)).toEqual([...copy.array()]);
    w.dispose();
  });

  it("finalizeVariableValues leaves out variables that are gone", () => {
    const [w, other] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
    const optimizer = tfjsOptimizer(new SGD({ learningRate: 0.25, useEma: true, emaMomentum: 0.5 }));
    for (let i = 0; i < 2; i++) optimizer.minimize(() => tf.add<tf.Scalar>(tf.square(w), tf.square(other)));
    other.dispose();
    optimizer.finalizeVariableValues();
    // 0.5, then 0.5 * 0.5 + 0.5 * 0.25.
    expect(numbers(w)).toEqual([0.375]);
    w.dispose();
  });
});

it("callbacks set the rate, as tf.Callback programs do", async () => {
  const model = compiled(tfjsOptimizer(new SGD({ learningRate: 0.5 })));
  const rates: number[] = [];
  await fitTf(model, {
    onEpochBegin: async (epoch) => {
      const optimizer = model.optimizer as TfjsOptimizer;
      optimizer.learningRate = epoch < 2 ? 0.1 : 0;
      rates.push(optimizer.learningRate);
    },
    onEpochEnd: async (epoch) => {
      if (epoch === 1) rates.push(...weightsOf(model));
    },
  });
  const kept = rates.slice(2, -2);
  expect(kept).toEqual(weightsOf(model));
});

it("a layer that is frozen between two compilations keeps its weights, and takes part again", async () => {
  const optimizer = tfjsOptimizer(new Adam(0.05));
  const model = compiled(optimizer);
  const [first] = model.layers as [tfl.layers.Layer];
  const kernel = () => [...(first.getWeights()[0] as tf.Tensor).dataSync()];
  first.trainable = false;
  model.compile({ optimizer, loss: "meanSquaredError" });
  const before = kernel();
  await fitTf(model);
  expect(kernel()).toEqual(before);
  first.trainable = true;
  model.compile({ optimizer, loss: "meanSquaredError" });
  await fitTf(model);
  expect(kernel()).not.toEqual(before);
});

it("a step with NaN is skipped by skipNonfinite", () => {
  const optimizer = tfjsOptimizer(new SGD({ learningRate: 0.5, skipNonfinite: true }));
  const w = tf.variable(tf.scalar(4));
  optimizer.applyGradients({ [w.name]: tf.scalar(1) });
  expect(numbers(w)).toEqual([3.5]);
  w.dispose();
});
