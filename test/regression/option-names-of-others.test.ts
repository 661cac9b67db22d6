/**
 * Names of options in Keras 1 and 2, TensorFlow.js and torch: the error names gradstep's. Many have nothing in common
 * with it, and had no hint.
 */

import { expect, it } from "vitest";
import { layers, ops, Sequential } from "../../ts/index.js";
import { MADE_CLASSES } from "../support/public-classes.js";

const classes = new Map(MADE_CLASSES.map(([, name, made]) => [name, made]));

/** The class, the other options it needs, the unknown one, and the one that is meant. */
const CASES: readonly (readonly [name: string, needed: object, wrong: string, meant: string])[] = [
  // Keras 1 and 2, TensorFlow.js
  ["LeakyReLU", {}, "alpha", "negativeSlope"],
  ["Dense", { units: 2 }, "input_dim", "inputShape"],
  ["Dense", { units: 2 }, "batchInputShape", "inputShape"],
  ["Dense", { units: 2 }, "batch_input_shape", "inputShape"],
  ["Dense", {}, "output_dim", "units"],
  ["Dense", { units: 2 }, "init", "kernelInitializer"],
  ["Dense", { units: 2 }, "W_regularizer", "kernelRegularizer"],
  ["Dense", { units: 2 }, "b_regularizer", "biasRegularizer"],
  ["Embedding", { inputDim: 2, outputDim: 2 }, "input_length", "inputShape"],
  ["Conv2D", { kernelSize: 3 }, "nb_filter", "filters"],
  ["Conv2D", { filters: 2 }, "kernel_size", "kernelSize"],
  ["Conv2D", { filters: 2, kernelSize: 3 }, "border_mode", "padding"],
  ["Conv2D", { filters: 2, kernelSize: 3 }, "subsample", "strides"],
  ["Conv2D", { filters: 2, kernelSize: 3 }, "dim_ordering", "dataFormat"],
  ["MaxPooling2D", {}, "size", "poolSize"],
  ["Dropout", {}, "p", "rate"],
  ["GaussianNoise", {}, "sigma", "stddev"],
  ["ReduceLROnPlateau", {}, "epsilon", "minDelta"],
  ["SGD", {}, "lr", "learningRate"],
  ["SGD", {}, "decay", "weightDecay"],
  // torch
  ["Dense", {}, "out_features", "units"],
  ["Dense", { units: 2 }, "bias", "useBias"],
  ["Embedding", { outputDim: 2 }, "num_embeddings", "inputDim"],
  ["Embedding", { inputDim: 2 }, "embedding_dim", "outputDim"],
  ["Conv2D", { filters: 2, kernelSize: 3 }, "stride", "strides"],
  ["Conv2D", { filters: 2, kernelSize: 3 }, "dilation", "dilationRate"],
  ["BatchNormalization", {}, "eps", "epsilon"],
  ["Adam", {}, "eps", "epsilon"],
  ["Adam", {}, "betas", "beta1"],
  ["OneCycle", { totalSteps: 2 }, "max_lr", "maxLearningRate"],
  ["ExponentialDecay", { decaySteps: 2, decayRate: 0.5 }, "lr", "initialLearningRate"],
  ["ReduceLROnPlateau", {}, "min_lr", "minLr"],
  ["BatchNormalization", {}, "decay", "momentum"],
  ["Softmax", {}, "dim", "axis"],
  // Names that are a part of ours, or of which ours is a part
  ["Dense", { units: 2 }, "shape", "inputShape"],
  ["Reshape", {}, "shape", "targetShape"],
  ["ExponentialDecay", { initialLearningRate: 1, decayRate: 0.5 }, "steps", "decaySteps"],
  ["BinaryCrossentropy", {}, "logits", "fromLogits"],
  ["CategoricalCrossentropy", {}, "smoothing", "labelSmoothing"],
  ["EarlyStopping", {}, "restore_best", "restoreBestWeights"],
  ["EarlyStopping", {}, "delta", "minDelta"],
  ["TruncatedNormal", {}, "std", "stddev"],
  ["RandomUniform", {}, "min", "minval"],
  ["MaxNorm", {}, "max", "maxValue"],
  ["Adam", {}, "learningRateSchedule", "learningRate"],
];

it.each(CASES)("%s %o: %s is %s", (name, needed, wrong, meant) => {
  const Made = classes.get(name)!;
  expect(() => new Made({ ...needed, [wrong]: 1 })).toThrow(
    expect.objectContaining({
      code: "ERR_OPTION_UNKNOWN",
      message: expect.stringContaining(`does not know "${wrong}" (did you mean "${meant}"?)`),
    }),
  );
});

it.each([
  ["fit", "nb_epoch", "epochs"],
  ["fit", "steps", "stepsPerEpoch"],
  ["fit", "val_data", "validationData"],
  ["evaluate", "batch_size", "batchSize"],
  ["predict", "batch", "batchSize"],
] as const)("%s: %s is %s", async (method, wrong, meant) => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  model.compile("sgd", "mse");
  const given = method === "predict" ? [[1]] : [[1], [1]];
  const call = model[method] as (...given: unknown[]) => Promise<unknown>;
  await expect(call.call(model, ...given, { [wrong]: 1 })).rejects.toThrow(`"${wrong}" (did you mean "${meant}"?)`);
});

it("of compile and operations", () => {
  const model = new Sequential([new layers.Dense(1)]);
  const compile = (options: object) => () => model.compile(options as never);
  expect(compile({ learning_rate: 1 })).toThrow('"learning_rate" (did you mean "optimizer"?)');
  expect(compile({ loss_function: "mse" })).toThrow('"loss_function" (did you mean "loss"?)');
  expect(() => ops.sum([1], { dim: 0 } as never)).toThrow('"dim" (did you mean "axis"?)');
  expect(() => ops.sum([1], { keep_dims: true } as never)).toThrow('"keep_dims" (did you mean "keepdims"?)');
});

it("nothing is suggested where nothing is meant", () => {
  expect(() => new layers.Dense({ units: 1, quux: 1 } as never)).toThrow(/^Dense does not know "quux"\. /);
  expect(() => new layers.Dense({ units: 1, constructor: 1 } as never)).toThrow(
    /^Dense does not know "constructor"\. /,
  );
});
