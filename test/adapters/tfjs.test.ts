/** gradstep's optimizers in real models of TensorFlow.js. */

import { describe, expect, it } from "vitest";
import {
  Adam,
  AdamW,
  LBFGS,
  Lion,
  LossScaleOptimizer,
  layers,
  memoryUse,
  type Optimizer,
  ops,
  optimizers,
  SAM,
  Sequential,
  SGD,
  schedules,
  type Tensor,
  Variable,
} from "../../ts/index.js";
import { type TfjsOptimizer, tfjsOptimizer } from "../../ts/tfjs/index.js";
import { expectClose } from "../support/peers.js";
import { tf, tfl } from "../support/tfjs-models.js";

const KERNELS = [
  [0.5, -0.3, 0.2, 0.8, -0.6, 0.1],
  [0.4, -0.7],
] as const;
const X = Array.from({ length: 24 }, (_, i) => [Math.fround(Math.sin(i)), Math.fround(Math.cos(3 * i)), i / 24]);
const Y = X.map(([a, b, c]) => [2 * (a as number) - (b as number) * (c as number)]);

/** The same two layers in TensorFlow.js. */
function tfModel(optimizer: tf.Optimizer): tfl.Sequential {
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 2, inputShape: [3], activation: "tanh" }),
      tfl.layers.dense({ units: 1, useBias: false }),
    ],
  });
  const [first, second] = KERNELS;
  const values = [tf.tensor([...first], [3, 2]), tf.zeros([2]), tf.tensor([...second], [2, 1])];
  model.setWeights(values);
  tf.dispose(values);
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

/** The same in gradstep. */
function ourModel(optimizer: Optimizer): Sequential {
  const model = new Sequential([
    new layers.Dense(2, { inputShape: [3], activation: "tanh" }),
    new layers.Dense(1, { useBias: false }),
  ]);
  const [first, second] = KERNELS;
  model.setWeights([new Variable([...first], { shape: [3, 2] }), [0, 0], new Variable([...second], { shape: [2, 1] })]);
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

const fitted = { batchSize: 8, epochs: 5, shuffle: false, verbose: 0 } as const;

async function fitTf(model: tfl.LayersModel): Promise<number[]> {
  const [x, y] = [tf.tensor2d(X), tf.tensor2d(Y)];
  const { history } = await model.fit(x, y, fitted);
  tf.dispose([x, y]);
  return history.loss as number[];
}

const weightsOf = (model: tfl.LayersModel) => model.getWeights().flatMap((weight) => [...weight.dataSync()]);

const CASES: Record<string, () => Optimizer> = {
  ...Object.fromEntries(
    ["SGD", "Adam", "RMSprop", "Adagrad", "Lamb", "Lion", "Nadam", "Adafactor", "Muon"].map((name) => [
      name,
      () => optimizers.get(name.toLowerCase()) as Optimizer,
    ]),
  ),
  "AdamW with a schedule, clipping and an average": () =>
    new AdamW({
      learningRate: new schedules.CosineDecay(0.05, 20),
      globalClipnorm: 0.5,
      useEma: true,
      emaOverwriteFrequency: 4,
    }),
  "accumulated gradients": () => new Adam({ learningRate: 0.05, gradientAccumulationSteps: 2 }),
  "a loss scale": () => new LossScaleOptimizer(new Adam({ learningRate: 0.05 })),
};

describe("tfjsOptimizer", () => {
  it.each(Object.entries(CASES))("%s: a model of TensorFlow.js learns what ours learns", async (_, make) => {
    const theirs = tfModel(tfjsOptimizer(make()));
    const ours = ourModel(make());
    const losses = await fitTf(theirs);
    const optimizer = theirs.optimizer as TfjsOptimizer;
    // fit of TensorFlow.js does not ask for the averages at its end, as Keras's does.
    if (optimizer.optimizer.useEma) optimizer.finalizeVariableValues();
    const { history } = await ours.fit(X, Y, fitted);
    expectClose(losses, history.loss as number[], 2e-5, "loss");
    expectClose(
      weightsOf(theirs),
      ours.getWeights().flatMap((weight) => [...weight.data]),
      2e-5,
      "weights",
    );
  });

  it("agrees with TensorFlow.js's own Adam and SGD", async () => {
    for (const [ours, theirs] of [
      [new Adam({ learningRate: 0.01, epsilon: 1e-7 }), tf.train.adam(0.01, 0.9, 0.999, 1e-7)],
      [optimizers.get({ class_name: "SGD", config: { learning_rate: 0.1 } }), tf.train.sgd(0.1)],
    ] as [Optimizer, tf.Optimizer][]) {
      const [a, b] = [tfModel(tfjsOptimizer(ours)), tfModel(theirs)];
      expectClose(await fitTf(a), await fitTf(b), 2e-5, ours.name);
      expectClose(weightsOf(a), weightsOf(b), 2e-5, ours.name);
    }
  });

  it("minimizes in a loop, with all variables or some, and gives the cost", () => {
    const optimizer = tfjsOptimizer("sgd");
    optimizer.learningRate = 0.25;
    const [w, other] = [tf.variable(tf.scalar(4)), tf.variable(tf.scalar(1))];
    const cost = optimizer.minimize(() => tf.add<tf.Scalar>(tf.square(w), other), true, [w]) as tf.Scalar;
    expect([cost.dataSync()[0], w.dataSync()[0], other.dataSync()[0]]).toEqual([17, 2, 1]);
    // 2 - 0.25 * 4, by gradients of the user's.
    const { value, grads } = tf.variableGrads(() => tf.square<tf.Scalar>(w), [w]);
    optimizer.applyGradients(grads);
    expect(w.dataSync()[0]).toBe(1);
    expect([optimizer.iterations, optimizer.learningRate]).toEqual([2, 0.25]);
    tf.dispose([value, grads, w, other, cost]);
  });

  it("sees assignments by other code between steps", () => {
    const optimizer = tfjsOptimizer("sgd");
    optimizer.learningRate = 0.25;
    const w = tf.variable(tf.scalar(4));
    optimizer.minimize(() => tf.square<tf.Scalar>(w));
    tf.tidy(() => w.assign(tf.scalar(8)));
    optimizer.minimize(() => tf.square<tf.Scalar>(w));
    expect(w.dataSync()[0]).toBe(4);
    w.dispose();
  });

  it("keeps the numbers of a state that is set before the first step, and refuses a wrong one", async () => {
    const [a, b] = [tfjsOptimizer("adam"), tfjsOptimizer("adam")];
    const w = tf.variable(tf.tensor1d([1, 2]));
    a.minimize(() => tf.sum<tf.Scalar>(tf.square(w)));
    const state = await a.getWeights();
    await b.setWeights(state);
    expect(b.iterations).toBe(1);
    const again = await b.getWeights();
    expect(again.map(({ tensor }) => [...tensor.dataSync()])).toEqual(
      state.map(({ tensor }) => [...tensor.dataSync()]),
    );
    b.minimize(() => tf.sum<tf.Scalar>(tf.square(w)));
    expect(b.iterations).toBe(2);
    await expect(a.setWeights(state.slice(1))).rejects.toMatchObject({ code: "ERR_WEIGHTS_COUNT" });
    tf.dispose([w, ...state.map(({ tensor }) => tensor), ...again.map(({ tensor }) => tensor)]);
  });

  it("keeps no tensor over 10,000 steps", () => {
    const optimizer = tfjsOptimizer(new Lion({ learningRate: 0.1 }));
    const [a, b] = [tf.variable(tf.tensor1d([3, 4])), tf.variable(tf.scalar(5))];
    const before = tf.memory().numTensors;
    let used = 0;
    for (let i = 0; i < 10_000; i++) {
      if (i === 10) used = memoryUse().inUse;
      optimizer.minimize(() => tf.add<tf.Scalar>(tf.sum(tf.square(a)), tf.square(b)));
    }
    expect([tf.memory().numTensors, memoryUse().inUse]).toEqual([before, used]);
    expect(optimizer.iterations).toBe(10_000);
    tf.dispose([a, b]);
  });

  it.each([
    ["SAM", () => new SAM(new SGD({ learningRate: 0.1, momentum: 0.9 }), { rho: 0.2 })],
    ["LBFGS", () => new LBFGS({ maxIter: 3 })],
  ] as const)("minimizes by %s in loops and in fit, as gradstep does", async (_, make) => {
    const ours = ourModel(new Adam());
    const optimizer = make();
    const mse = () => {
      const y = ours.apply(X, { training: true }) as Tensor;
      return ops.mean(ops.square(ops.subtract(y, Y)));
    };
    const wrapped = tfjsOptimizer(make());
    const model = tfModel(wrapped);
    const fitted = tfModel(tfjsOptimizer(make()));
    fitted.compile({ optimizer: fitted.optimizer, loss: "meanSquaredError", metrics: ["mae"] });
    const [x, y] = [tf.tensor2d(X), tf.tensor2d(Y)];
    const loss = () => tf.losses.meanSquaredError(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar;
    let tensors = 0;
    let first = Number.NaN;
    for (let step = 0; step < 5; step++) {
      const cost = wrapped.minimize(loss, true);
      if (step === 0) first = cost?.dataSync()[0] as number;
      cost?.dispose();
      optimizer.minimize(mse, ours.trainableWeights);
      await fitted.fit(x, y, { batchSize: 24, epochs: 1, verbose: 0 });
      if (step === 1) tensors = tf.memory().numTensors;
    }
    expect(tf.memory().numTensors).toBe(tensors);
    const start = await ourModel(new Adam()).apply(X);
    expect(first).toBeCloseTo(ops.mean(ops.square(ops.subtract(start as Tensor, Y))).item(), 5);
    const expected = ours.getWeights().flatMap(({ data }) => Array.from(data));
    for (const one of [model, fitted]) {
      const got = one.getWeights().flatMap((weights) => Array.from(weights.dataSync()));
      got.forEach((value, i) => {
        expect(Math.abs(value - (expected[i] as number)), `weight ${i}`).toBeLessThan(1e-4);
      });
    }
    expect(wrapped.iterations).toBe(5);
    tf.dispose([x, y]);
  });

  it("leaves the weights of SAM and LBFGS as they were when a loss throws in the second evaluation", () => {
    for (const make of [() => new SAM(new SGD()), () => new LBFGS()]) {
      const optimizer = tfjsOptimizer(make());
      const w = tf.variable(tf.tensor1d([3, 4]));
      const before = tf.memory().numTensors;
      let calls = 0;
      const loss = () => {
        if (++calls === 2) throw new RangeError("lost");
        return tf.sum(tf.square(w)) as tf.Scalar;
      };
      expect(() => optimizer.minimize(loss)).toThrow("lost");
      expect([...w.dataSync()]).toEqual([3, 4]);
      expect(tf.memory().numTensors).toBe(before);
      expect(optimizer.iterations).toBe(0);
      expect(optimizer.minimize(loss)).toBeNull();
      expect(w.dataSync()[0]).toBeLessThan(3);
      expect(() => optimizer.applyGradients({ [w.name]: tf.tensor1d([1, 2]) })).toThrow(
        expect.objectContaining({ code: "ERR_LOSS_MISSING" }),
      );
      optimizer.dispose();
      w.dispose();
    }
  });

  it("refuses unknown names and values that do not fit, and then changes nothing", () => {
    expect(() => tfjsOptimizer("adamm")).toThrow(/Did you mean "Adam"/);
    const optimizer = tfjsOptimizer("sgd");
    expect(() => optimizer.applyGradients([{ name: "no such", tensor: tf.scalar(1) }])).toThrow(
      expect.objectContaining({ code: "ERR_VARIABLE_UNKNOWN" }),
    );
    const w = tf.variable(tf.tensor1d([1, 2]));
    expect(() => optimizer.applyGradients({ [w.name]: tf.tensor1d([1, 2, 3]) })).toThrow(/3/);
    expect([...w.dataSync()]).toEqual([1, 2]);
    expect(optimizer.iterations).toBe(0);
    const whole = tf.variable(tf.tensor1d([1, 2], "int32"));
    expect(() => optimizer.applyGradients({ [whole.name]: tf.tensor1d([1, 2]) })).toThrow(
      expect.objectContaining({ code: "ERR_VALUES_DTYPE" }),
    );
    tf.dispose([w, whole]);
  });
});
