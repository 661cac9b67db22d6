/**
 * Types of training, as programs read them, checked by tsc: results of `fit` and `evaluate`, custom layers, arguments that are
 * required.
 */

import { expectTypeOf } from "vitest";
import {
  Input,
  initializers,
  layers,
  losses,
  Model,
  metrics,
  ops,
  regularizers,
  Sequential,
  type StepData,
  schedules,
  type Tensor,
} from "../../ts/index.js";
import type { RemoteModel } from "../../ts/worker/index.js";

const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
const x = [[1], [2]];

async function* batches() {
  yield [x, x] as const;
}

export async function results(remote: RemoteModel): Promise<void> {
  const history = await model.fit(x, x);
  expectTypeOf(history.history.loss).toEqualTypeOf<number[]>();
  expectTypeOf(history.history.val_loss).toEqualTypeOf<number[] | undefined>();
  expectTypeOf(history.history.loss.at(-1)).toEqualTypeOf<number | undefined>();

  for (const one of [model, remote]) {
    const [loss, accuracy] = await one.evaluate(x, x);
    expectTypeOf(loss).toEqualTypeOf<number>();
    expectTypeOf(accuracy).toEqualTypeOf<number>();
    const [batchLoss, batchAccuracy] = await one.trainOnBatch(x, x);
    expectTypeOf([batchLoss, batchAccuracy]).toEqualTypeOf<number[]>();
  }
  const alone = await model.evaluate(x, x);
  expectTypeOf(alone).toExtend<number>();
  console.log(alone.toFixed(2), alone < 1, typeof alone === "number" ? alone * 2 : 0);
  const number: number = await model.testOnBatch(x, x);
  const list: number[] = await model.evaluate(x, x);
  console.log(number, list);
  expectTypeOf(await model.evaluate(x, x, { returnDict: true })).toEqualTypeOf<Record<string, number>>();
  expectTypeOf(await model.evaluate(batches, { returnDict: true })).toEqualTypeOf<Record<string, number>>();

  // Streams, and data without labels, with the options behind them.
  await model.fit(batches, { epochs: 2 });
  await model.fit(batches(), { epochs: 2, validationData: { xs: x, ys: x } });
  await model.fit(x, { epochs: 2 });
  await remote.fit(new ReadableStream<[number[][], number[][]]>(), { epochs: 0 });
  await model.evaluate(batches(), { steps: 1 });
  await model.predict(batches(), { steps: 1 });
  // @ts-expect-error: misspelt.
  await model.fit(x, x, { epoch: 2 });

  // Batches whose type is inferred as lists, and logs whose loss is a number.
  function* inferred() {
    for (let i = 0; i < 3; i++) yield [[[i]], [3]];
  }
  await model.fit(inferred, {
    callbacks: [{ onEpochEnd: (epoch, logs) => console.log(epoch.toFixed(), logs.loss?.toFixed(2), logs.accuracy) }],
  });
  model.compile({ optimizer: "sgd", loss: (yTrue: Tensor, yPred: Tensor): Tensor => ops.subtract(yTrue, yPred) });
}

// A custom layer or model needs one short type for its inputs, and none for its output.
class Twice extends layers.Layer {
  override call(x: Tensor) {
    this.addLoss(ops.sum(x));
    return ops.multiply(x, 2);
  }
}
class Both extends layers.Layer {
  override call([a, b]: readonly Tensor[], { training }: layers.CallContext) {
    return training ? ops.add(a!, b!) : a!;
  }
}
class Observed extends layers.Layer {
  override call(x: Tensor) {
    this.addLoss(ops.mean(x));
    return x;
  }
}
class Heads extends Model {
  override call(x: Tensor) {
    return [x, ops.square(x)];
  }
}
console.log(new Observed(), new Heads());
class Residual extends Model {
  inner = new Twice();

  override call(x: Tensor) {
    return ops.add(x, this.inner.apply(x));
  }
}
expectTypeOf(new Residual().losses).toEqualTypeOf<Tensor<"float32">[]>();
console.log(new Both());

// Losses are applied.
expectTypeOf(new losses.MeanSquaredError().apply(x, x)).toEqualTypeOf<Tensor<"float32">>();
// @ts-expect-error: what Python calls is applied here.
new losses.MeanSquaredError()(x, x);

// Required arguments, by position, by name, and mixed.
new layers.Conv2D(32, 3);
new layers.Conv2D(32, 3, 2, "same", { activation: "relu" });
new layers.Conv2D(32, [3, 3], { activation: "relu" });
new layers.Conv2D(32, { kernelSize: 3, padding: "same" });
new layers.Conv2D({ filters: 32, kernelSize: 3 });
new layers.Conv1D({ filters: 32, kernelSize: 3 });
new layers.Embedding(10, 4, { name: "table" });
new layers.Embedding({ inputDim: 10, outputDim: 4 });
new layers.Dense({ units: 1, activation: "relu" });
new metrics.IoU(2, [0]);
new metrics.IoU({ numClasses: 2, targetClassIds: [0] });
// @ts-expect-error: without kernelSize.
new layers.Conv2D(32);
// @ts-expect-error: without kernelSize.
new layers.Conv2D({ filters: 32 });
// @ts-expect-error: without kernelSize.
new layers.Conv1D(32);
// @ts-expect-error: without kernelSize.
new layers.Conv2DTranspose(32);
// @ts-expect-error: without kernelSize.
new layers.DepthwiseConv2D();
// @ts-expect-error: without units.
new layers.Dense();
// @ts-expect-error: without units.
new layers.Dense({ activation: "relu" });
// @ts-expect-error: without outputDim.
new layers.Embedding(10);
// @ts-expect-error: without a rate.
new layers.Dropout();
// @ts-expect-error: without stddev.
new layers.GaussianNoise();
// @ts-expect-error: without a shape.
new layers.Reshape();
// @ts-expect-error: without dims.
new layers.Permute();
// @ts-expect-error: without n.
new layers.RepeatVector();
// @ts-expect-error: without a function.
new layers.Activation();
new metrics.IoU(2, { targetClassIds: [0], name: "iou" });
new metrics.IoU(2, [0], { ignoreClass: 1 });
new metrics.MeanIoU(2, { ignoreClass: 1 });
// @ts-expect-error: without targetClassIds.
new metrics.IoU(2);
// @ts-expect-error: without targetClassIds.
new metrics.IoU(2, { name: "iou" });
// @ts-expect-error: without numClasses.
new metrics.MeanIoU();
new schedules.PolynomialDecay(0.1, 100);
new schedules.PolynomialDecay(0.1, 100, 0.01, { cycle: true });
new schedules.PolynomialDecay(0.1, { decaySteps: 100, power: 2 });
new schedules.CosineDecay(0, 100, 0, "warm", 0.1, 10);
new schedules.CosineDecayRestarts(0.1, 100, 2, 0.5, { alpha: 0.1 });
new schedules.ExponentialDecay(0.1, 100, 0.9, true, "rate");
new schedules.ExponentialDecay(0.1, 100, { decayRate: 0.9, staircase: true });
new schedules.ExponentialDecay(0.1, { decaySteps: 100, decayRate: 0.9 });
new schedules.InverseTimeDecay(0.1, 100, 0.9, { staircase: true });
new schedules.InverseTimeDecay(0.1, { decaySteps: 100, decayRate: 0.9 });
new schedules.PiecewiseConstantDecay([10], [1, 0.1], "rate");
new schedules.PiecewiseConstantDecay([10], { values: [1, 0.1] });
// @ts-expect-error: without decaySteps.
new schedules.PolynomialDecay(0.1);
// @ts-expect-error: without decaySteps.
new schedules.PolynomialDecay(0.1, { power: 2 });
// @ts-expect-error: initialLearningRate is given twice.
new schedules.PolynomialDecay(0.1, { initialLearningRate: 0.1, decaySteps: 100 });
// @ts-expect-error: without decaySteps.
new schedules.CosineDecay(0.1);
// @ts-expect-error: without firstDecaySteps.
new schedules.CosineDecayRestarts(0.1);
// @ts-expect-error: without decayRate.
new schedules.ExponentialDecay(0.1, 100);
// @ts-expect-error: without decayRate.
new schedules.ExponentialDecay(0.1, 100, { staircase: true });
// @ts-expect-error: without decayRate.
new schedules.ExponentialDecay(0.1, { decaySteps: 100 });
// @ts-expect-error: without decayRate.
new schedules.InverseTimeDecay(0.1, 100);
// @ts-expect-error: without decaySteps.
new schedules.InverseTimeDecay(0.1, { decayRate: 0.9 });
// @ts-expect-error: without values.
new schedules.PiecewiseConstantDecay([10]);
// @ts-expect-error: without values.
new schedules.PiecewiseConstantDecay([10], { name: "rate" });
// @ts-expect-error: without decaySteps.
new schedules.PolynomialDecay({ initialLearningRate: 0.1 });
// @ts-expect-error: without anything.
new schedules.PolynomialDecay({});
// @ts-expect-error: without anything.
new schedules.PolynomialDecay();
// @ts-expect-error: without decaySteps.
new schedules.CosineDecay({ initialLearningRate: 0.1, alpha: 0.1 });
// @ts-expect-error: without firstDecaySteps.
new schedules.CosineDecayRestarts({ initialLearningRate: 0.1 });
// @ts-expect-error: without decayRate.
new schedules.ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 10 });
// @ts-expect-error: without decayRate.
new schedules.InverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 10 });
// @ts-expect-error: without values.
new schedules.PiecewiseConstantDecay({ boundaries: [10] });
// @ts-expect-error: without targetClassIds.
new metrics.IoU({ numClasses: 2 });
// @ts-expect-error: without numClasses.
new metrics.MeanIoU({});

// Lower-case names are classes that need no new.
expectTypeOf(regularizers.l2(0.01)).toEqualTypeOf<regularizers.L2>();
expectTypeOf(new regularizers.l2(0.01)).toEqualTypeOf<regularizers.L2>();
new layers.Dense(1, { kernelRegularizer: regularizers.l2, kernelInitializer: initializers.heNormal({ seed: 1 }) });
// @ts-expect-error: not a number.
regularizers.l2("0.01");

// Steps and losses that declare what they use alone, as Keras's guides write them.
export class Brief extends Model {
  override trainStep([a, b]: [Tensor, Tensor]) {
    return { loss: ops.mean(ops.subtract(a, b)) };
  }
  override testStep([a, b, weights]: StepData<Tensor, Tensor>) {
    expectTypeOf(weights).toEqualTypeOf<Tensor | undefined>();
    return { loss: ops.mean(ops.subtract(a, b)) };
  }
}
export class Gap extends losses.Loss {
  override call(yTrue: Tensor, yPred: Tensor) {
    return ops.mean(ops.abs(ops.subtract(yTrue, yPred)), { axis: -1 });
  }
}

export function untyped(): void {
  const data = JSON.parse("[[1]]");
  // Data of type any are numbers more often than symbolic tensors.
  expectTypeOf(new layers.Dense(1).apply(data)).toEqualTypeOf<Tensor<"float32">>();
  expectTypeOf(model.apply(data)).toEqualTypeOf<Tensor<"float32">>();
  expectTypeOf(new layers.Dense(1).apply(Input({ shape: [1] }))).toEqualTypeOf<layers.SymbolicTensor>();
  expectTypeOf(model.apply([Input({ shape: [1] })])).toEqualTypeOf<layers.SymbolicTensor>();
}
