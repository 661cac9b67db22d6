/**
 * Every function of tensors, called with text instead of each tensor, with an unknown option, and with one argument
 * too many: the message begins with its name, even if it is exported under a different name.
 */

import { activations, losses, ops, random } from "../../ts/index.js";
import type { Row, Rows } from "./row.js";

type Loose = Readonly<Record<string, (...list: unknown[]) => unknown>>;

/**
 * A function by its own name: arguments that it takes, tensors first, and after them the places of the tensors; then
 * either how many arguments it takes, in words, or the names of its options.
 */
type Described = readonly [name: string, given: readonly unknown[], tensors: number, takes: string];

const ONE = "takes one argument, got 2.";
const TWO = "takes at most 2 arguments, got 3.";
const THREE = "takes at most 3 arguments, got 4.";
const IMAGE = [
  [
    [[1], [2]],
    [[3], [4]],
  ],
];
const KERNEL = [[[[1]]]];

const OPS: readonly Described[] = [
  ...["tanh", "sigmoid", "relu6", "selu", "softplus", "softsign", "silu", "hardSigmoid", "hardSilu", "mish"].map(
    (name) => [name, [[1]], 1, ONE] as const,
  ),
  ...["negative", "abs", "sign", "exp", "log", "log1p", "sqrt", "rsqrt", "square", "reciprocal", "erf"].map(
    (name) => [name, [[1]], 1, ONE] as const,
  ),
  ...["sin", "cos", "floor", "isnan", "logicalNot", "stopGradient"].map((name) => [name, [[1]], 1, ONE] as const),
  ...["add", "subtract", "multiply", "divide", "maximum", "minimum", "power"].map(
    (name) => [name, [[1], [1]], 2, TWO] as const,
  ),
  ...["greater", "greaterEqual", "less", "lessEqual", "equal", "notEqual", "logicalAnd", "logicalOr"].map(
    (name) => [name, [[1], [1]], 2, TWO] as const,
  ),
  ["sigmoidCrossEntropy", [[1], [1]], 2, TWO],
  ["where", [[1], [1], [1]], 3, THREE],
  ["clip", [[1], 0, 1], 1, THREE],
  ["cast", [[1], "float32"], 1, TWO],
  ["broadcastTo", [[1], [2]], 1, TWO],
  ["tile", [[1], [2]], 1, TWO],
  ["reshape", [[1], [1]], 1, TWO],
  ["slice", [[1], [0], [1]], 1, THREE],
  ["inTopK", [[0], [[1]], 1], 2, THREE],
  ["relu", [[1]], 1, "negativeSlope, maxValue, threshold"],
  ["leakyRelu", [[1]], 1, "negativeSlope"],
  ["elu", [[1]], 1, "alpha"],
  ["gelu", [[1]], 1, "approximate"],
  ["round", [[1]], 1, "decimals"],
  ["softmax", [[1]], 1, "axis"],
  ["logSoftmax", [[1]], 1, "axis"],
  ["split", [[1], 1], 1, "axis"],
  ["take", [[1], [0]], 2, "axis"],
  ["oneHot", [[0], 2], 1, "axis"],
  ["topK", [[1], 1], 1, "sorted"],
  ["expandDims", [[1], 0], 1, "axis"],
  ["squeeze", [[1]], 1, "axis"],
  ["transpose", [[1]], 1, "axes"],
  ["pad", [[1], 1], 1, "mode, constantValues"],
  ["sum", [[1]], 1, "axis, keepdims"],
  ["mean", [[1]], 1, "axis, keepdims"],
  ["max", [[1]], 1, "axis, keepdims"],
  ["min", [[1]], 1, "axis, keepdims"],
  ["prod", [[1]], 1, "axis, keepdims"],
  ["argmax", [[1]], 1, "axis, keepdims"],
  ["argmin", [[1]], 1, "axis, keepdims"],
  ["logsumexp", [[1]], 1, "axis, keepdims"],
  ["std", [[1]], 1, "axis, keepdims"],
  ["variance", [[1]], 1, "axis, keepdims"],
  ["matmul", [[[1]], [[1]]], 2, "transposeA, transposeB"],
  ["dense", [[[1]], [[1]], [1]], 3, "activation, relu"],
  ["conv2d", [IMAGE, KERNEL], 2, "strides, padding, dataFormat, dilationRate, bias, activation"],
  ["depthwiseConv2d", [IMAGE, KERNEL], 2, "strides, padding, dataFormat, dilationRate, bias, activation"],
  [
    "conv2dTranspose",
    [IMAGE, KERNEL],
    2,
    "strides, padding, outputPadding, dataFormat, dilationRate, bias, activation",
  ],
  ["conv1d", [[[[1]]], [[[1]]]], 2, "strides, padding, dataFormat, dilationRate, bias, activation"],
  ["maxPool2d", [IMAGE, 1], 1, "strides, padding, dataFormat"],
  ["averagePool2d", [IMAGE, 1], 1, "strides, padding, dataFormat"],
  ["batchNormalization", [[[1]], [1], [1]], 3, "axis, epsilon, training, mean, variance"],
  ["layerNormalization", [[[1]], [1], [1]], 3, "axis, epsilon"],
  ["softmaxCrossEntropy", [[1], [1]], 2, "axis"],
  ["sparseSoftmaxCrossEntropy", [[0], [[1]]], 2, "axis"],
  ["categoricalCrossentropy", [[1], [1]], 2, "fromLogits, axis"],
  ["sparseCategoricalCrossentropy", [[0], [[1]]], 2, "fromLogits, axis"],
  ["binaryCrossentropy", [[1], [1]], 2, "fromLogits"],
];

const ACTIVATIONS: readonly Described[] = [
  ...["linear", "hardTanh", "tanhShrink", "logSigmoid", "sparsePlus", "sparseSigmoid"].map(
    (name) => [name, [[1]], 1, ONE] as const,
  ),
  ["celu", [[1]], 1, "alpha"],
  ["glu", [[1, 2]], 1, "axis"],
  ["sparsemax", [[1]], 1, "axis"],
  ["squareplus", [[1]], 1, "b"],
  ["hardShrink", [[1]], 1, "threshold"],
  ["softShrink", [[1]], 1, "threshold"],
  ["threshold", [[1], 1, 1], 1, THREE],
];

const LOSSES: readonly Described[] = [
  ...["meanSquaredError", "meanAbsoluteError", "meanAbsolutePercentageError", "meanSquaredLogarithmicError"].map(
    (name) => [name, [[1], [1]], 2, TWO] as const,
  ),
  ...["hinge", "squaredHinge", "categoricalHinge", "klDivergence", "poisson", "logCosh"].map(
    (name) => [name, [[1], [1]], 2, TWO] as const,
  ),
  ["huber", [[1], [1]], 2, "delta"],
  ["cosineSimilarity", [[1], [1]], 2, "axis"],
  ["dice", [[1], [1]], 2, "axis"],
  ["tversky", [[1], [1]], 2, "alpha, beta, axis"],
  ["categoricalCrossentropy", [[1], [1]], 2, "fromLogits, labelSmoothing, axis"],
  ["binaryCrossentropy", [[1], [1]], 2, "fromLogits, labelSmoothing, axis"],
  ["sparseCategoricalCrossentropy", [[0], [[1]]], 2, "fromLogits, ignoreClass, axis"],
];

const RANDOM: readonly Described[] = [
  ["dropout", [[1], 0.5], 1, "seed"],
  ["uniform", [[1]], 0, "minval, maxval, dtype, seed"],
  ["normal", [[1]], 0, "mean, stddev, dtype, seed"],
  ["truncatedNormal", [[1]], 0, "mean, stddev, dtype, seed"],
  ["randint", [[1], 0, 2], 0, "dtype, seed"],
];

function rowsOf(functions: object, described: readonly Described[]): Rows {
  return described.flatMap(([name, given, tensors, takes]) => {
    const fn = (functions as Loose)[name] as (...list: unknown[]) => unknown;
    const text = (at: number): Row => [
      () => fn(...given.with(at, "x")),
      "TypeError",
      "ERR_VALUES_DTYPE",
      `${name}: expected numbers (a typed array, a tensor, or nested lists), got "x".`,
    ];
    const texts = Array.from({ length: tensors }, (_, at) => text(at));
    const surplus: Row = takes.startsWith("takes")
      ? [() => fn(...given, 1), "TypeError", "ERR_ARGUMENT_COUNT", `${name} ${takes}`]
      : [
          () => fn(...given, { quux: 1 }),
          "ValueError",
          "ERR_OPTION_UNKNOWN",
          `${name} does not know "quux". Its options are: ${takes}.`,
        ];
    return [...texts, surplus];
  });
}

export const operations: Rows = rowsOf(ops, OPS);
export const activation: Rows = rowsOf(activations, ACTIVATIONS);
export const loss: Rows = rowsOf(losses, LOSSES);
export const draw: Rows = rowsOf(random, RANDOM);
