/** SwapEMAWeights, compared with Keras 3.15.1 on JAX: SGD(0.02, use_ema=True, ema_momentum=0.8) on a layer that begins at zero. */

import { describe, expect, it } from "vitest";
import {
  callbacks,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  Sequential,
  SGD,
} from "../../../ts/index.js";

const X = [[1], [2], [3], [4]];
const Y = [[2], [3], [5], [9]];
const VAL_LOSSES = [19.311342239379883, 11.238824844360352, 5.916137218475342, 3.158324718475342];
const WEIGHTS = [
  [1.0860000848770142, 0.35359999537467957],
  [1.5256905555725098, 0.483058363199234],
  [1.7059617042541504, 0.5227274894714355],
  [1.7820764780044556, 0.5265219807624817],
];
const AVERAGES = [
  [0.3452000021934509, 0.15071998536586761],
  [0.7046555280685425, 0.25295981764793396],
  [1.0328339338302612, 0.3419909179210663],
  [1.283669352531433, 0.40409231185913086],
];

const averaging = () => new SGD({ learningRate: 0.02, useEma: true, emaMomentum: 0.8 });

function line(optimizer: Optimizer = averaging()): Sequential {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros" })]);
  model.compile({ optimizer, loss: "mse" });
  return model;
}

const weightsOf = (model: { getWeights(): { data: ArrayLike<number> }[] }) =>
  model.getWeights().flatMap(({ data }) => Array.from(data));

/** A callback after SwapEMAWeights that keeps the weights at the end of each epoch. */
class Seen extends callbacks.Callback {
  readonly weights: number[][] = [];
  override onEpochEnd = () => void this.weights.push(weightsOf(this.model));
}

const near = (numbers: readonly number[]) => numbers.map((number) => expect.closeTo(number, 5));
const run = { batchSize: 2, epochs: 4, shuffle: false, verbose: 0, validationData: [X, Y] } as const;

describe("SwapEMAWeights", () => {
  it.each([
    [false, WEIGHTS],
    [true, AVERAGES],
  ] as const)("swapOnEpoch: %s", async (swapOnEpoch, expected) => {
    for (const optimizer of [averaging(), new LossScaleOptimizer(averaging(), { initialScale: 1 })]) {
      const model = line(optimizer);
      const seen = new Seen();
      const swapping = new callbacks.SwapEMAWeights({ swapOnEpoch });
      const { history } = await model.fit(X, Y, { ...run, callbacks: [swapping, seen] });
      expect(history.val_loss).toEqual(near(VAL_LOSSES));
      expect(seen.weights).toEqual(expected.map(near));
      expect(weightsOf(model)).toEqual(near(AVERAGES[3] as number[]));
    }
  });

  it("exchanges the variables of a MultiOptimizer whose own optimizer keeps averages", async () => {
    const model = line(
      new MultiOptimizer(new OptimizerMap(new SGD({ learningRate: 0.02 }), { ".*kernel": averaging() })),
    );
    const seen = new Seen();
    await model.fit(X, Y, { ...run, callbacks: [new callbacks.SwapEMAWeights(true), seen] });
    const [[kernel, bias]] = seen.weights as [[number, number]];
    expect(kernel).toBeCloseTo((AVERAGES[0] as number[])[0] as number, 5);
    expect(bias).toBeCloseTo((WEIGHTS[0] as number[])[1] as number, 5);
  });

  it("ends with the averages when training is stopped early", async () => {
    const model = line();
    const stopping = new callbacks.LambdaCallback({
      onEpochEnd: (epoch) => {
        if (epoch === 1) model.stopTraining = true;
      },
    });
    await model.fit(X, Y, { ...run, callbacks: [new callbacks.SwapEMAWeights(true), stopping] });
    expect(weightsOf(model)).toEqual(near(AVERAGES[1] as number[]));
  });

  it("evaluates and predicts with the averages, and leaves the weights", async () => {
    const model = line();
    const optimizer = model.optimizer as Optimizer;
    await model.fit(X, Y, { ...run, epochs: 1, validationData: undefined });
    // fit ends with the averages: one more step parts them.
    model.trainOnBatch(X, Y);
    const weights = weightsOf(model);
    const averages = optimizer
      .getWeights()
      .slice(1, 3)
      .flatMap(({ data }) => Array.from(data));
    const plain = line();
    plain.setWeights([[[averages[0] as number]], [averages[1] as number]]);
    const swapping = new callbacks.SwapEMAWeights();
    const expected = await plain.evaluate(X, Y, { verbose: 0 });
    expect(await model.evaluate(X, Y, { verbose: 0, callbacks: [swapping] })).toEqual(expected);
    const predicted = await model.predict(X, { verbose: 0, callbacks: [swapping] });
    expect(predicted.array()).toEqual((await plain.predict(X, { verbose: 0 })).array());
    expect(weightsOf(model)).toEqual(weights);
  });

  it("trains on from the weights when an evaluation threw", async () => {
    const [model, other] = [line(), line()];
    for (const one of [model, other]) for (let i = 0; i < 3; i++) one.trainOnBatch(X, Y);
    const throwing = new callbacks.LambdaCallback({
      onTestBatchBegin: () => {
        throw new Error("stop");
      },
    });
    const swapping = new callbacks.SwapEMAWeights();
    await expect(model.evaluate(X, Y, { verbose: 0, callbacks: [swapping, throwing] })).rejects.toThrow("stop");
    for (const one of [model, other]) one.trainOnBatch(X, Y);
    expect(weightsOf(model)).toEqual(weightsOf(other));
  });

  it("shows nothing before the first step, and refuses an optimizer without averages", async () => {
    const model = line();
    model.setWeights([[[3]], [1]]);
    const swapping = new callbacks.SwapEMAWeights();
    await model.evaluate(X, Y, { verbose: 0, callbacks: [swapping] });
    expect(weightsOf(model)).toEqual([3, 1]);
    const fit = line(new SGD()).fit(X, Y, { ...run, callbacks: [swapping] });
    await expect(fit).rejects.toMatchObject({ code: "ERR_OPTION_CONFLICT" });
  });
});
