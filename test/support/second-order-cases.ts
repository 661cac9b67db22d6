/**
 * Operations with inputs at which they are smooth: cases for gradients of gradients.
 */

import { activations, ops, type Tensor, Variable } from "../../ts/index.js";

type Case = readonly [inputs: readonly Variable[], f: (...inputs: Variable[]) => Tensor<"float32">];

let state = 1;

/** From -1 to 1: the same numbers in each run. */
export function drawn(): number {
  state = (state * 16807) % 2147483647;
  return (state / 2147483647) * 2 - 1;
}

function variable(shape: readonly number[], draw: () => number = drawn): Variable {
  const size = shape.reduce((product, length) => product * length, 1);
  return new Variable(Float32Array.from({ length: size }, draw), { shape });
}

/** From 0.4 to 1.2. */
const positive = () => Math.abs(drawn()) * 0.8 + 0.4;
/** From 0.2 to 0.8. */
const probability = () => 0.2 + 0.6 * Math.abs(drawn());

/** Away from the kinks at 0, 1 and 3, and from whole and half numbers. */
function smooth(): number {
  for (;;) {
    const x = drawn() * 3.4;
    const distance = Math.abs(Math.abs(x * 2) - Math.round(Math.abs(x * 2)));
    if (distance > 0.15) return x;
  }
}

let count = 0;

/** From -1 to 1, every number once. */
const distinct = () => ((count++ * 47) % 151) / 75.5 - 1;

const of = (draw: () => number, f: (x: Variable) => Tensor<"float32">, shape = [2, 3]): Case => [
  [variable(shape, draw)],
  f,
];
const pair = (f: (a: Variable, b: Variable) => Tensor<"float32">): Case => [
  [variable([2, 3], positive), variable([3], positive)],
  f,
];
/** Reductions: along one axis, of everything, along two that are not adjacent. */
const reduced = (name: "sum" | "mean" | "prod" | "max" | "min" | "variance" | "std" | "logsumexp") => ({
  [name]: of(drawn, (x) => ops[name](x, { axis: 1 }), [2, 3, 4]),
  [`${name}: all`]: of(drawn, (x) => ops[name](x)),
  [`${name}: two axes`]: of(drawn, (x) => ops[name](x, { axis: [0, 2], keepdims: true }), [2, 3, 2]),
});

/** Of which sparsemax is smooth, along both axes. */
const ROWS = [
  [0.9, 0.35, 0.6],
  [-1, 0.6, 2],
];

const elementwise = [
  "abs",
  "exp",
  "square",
  "tanh",
  "sigmoid",
  "relu",
  "relu6",
  "elu",
  "selu",
  "softplus",
  "softsign",
  "gelu",
  "silu",
  "hardSigmoid",
  "hardSilu",
  "mish",
  "erf",
  "sin",
  "cos",
  "negative",
  "neg",
  "leakyRelu",
  "floor",
  "round",
  "sign",
] as const;

/** Names are those of `ops`, and may go on behind a colon. */
export const CASES: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(elementwise.map((name) => [name, of(smooth, (x) => ops[name](x))])),
  ...Object.fromEntries(
    (["log", "log1p", "sqrt", "rsqrt", "reciprocal"] as const).map((name) => [name, of(positive, (x) => ops[name](x))]),
  ),
  ...Object.fromEntries(
    (["add", "subtract", "sub", "multiply", "mul", "divide", "div", "maximum", "minimum", "power", "pow"] as const).map(
      (name) => [name, pair((a, b) => ops[name](a, b))],
    ),
  ),
  "gelu: exact": of(smooth, (x) => ops.gelu(x, false)),
  "relu: options": of(smooth, (x) => ops.relu(x, { negativeSlope: 0.3, maxValue: 2, threshold: 0.3 })),
  "relu: a threshold above the maximum": of(smooth, (x) =>
    ops.relu(ops.multiply(x, 2), { negativeSlope: 0.3, maxValue: 0.7, threshold: 2.1 }),
  ),
  clip: of(smooth, (x) => ops.clip(x, -1, 1)),
  "multiply: with itself": of(drawn, (x) => ops.multiply(x, x)),
  "power: negative base": [[new Variable([-2, -1.5, -0.7])], (x) => ops.power(x, [3, 2, 1])],
  "power: zero base": [[new Variable([0, 0, 0.5])], (x) => ops.power(x, [2, 3, 0])],
  where: [
    [variable([2, 3]), variable([3])],
    (a, b) =>
      ops.where(
        [
          [1, 0, 1],
          [0, 1, 0],
        ],
        a,
        b,
      ),
  ],
  "where: a small branch": [[variable([3]), variable([])], (a, b) => ops.where([[1], [0]], a, b)],
  concatenate: [[variable([2, 3]), variable([2, 2])], (a, b) => ops.concatenate([a, b], 1)],
  concat: [[variable([2, 3])], (a) => ops.concat([a, [[1, 2, 3]], a])],
  stack: [[variable([2, 3]), variable([2, 3])], (a, b) => ops.stack([a, b], 1)],
  split: of(drawn, (x) => ops.split(x, [1], 1)[1] as Tensor<"float32">),
  cast: of(drawn, (x) => ops.cast(x, "float32")),
  conv: [[variable([1, 4, 4, 2]), variable([2, 2, 2, 3])], (x, kernel) => ops.conv(x, kernel)],
  conv2d: [
    [variable([2, 5, 4, 2]), variable([3, 2, 2, 3]), variable([3])],
    (x, kernel, bias) => ops.conv2d(x, kernel, { strides: [2, 1], padding: "same", bias }),
  ],
  "conv2d: relu": [
    [variable([1, 3, 3, 1]), variable([2, 2, 1, 2]), variable([2])],
    (x, kernel, bias) => ops.conv2d(x, kernel, { bias, activation: "relu" }),
  ],
  "conv2d: dilated": [
    [variable([1, 6, 6, 2]), variable([2, 2, 2, 3])],
    (x, kernel) => ops.conv2d(x, kernel, { dilationRate: 2 }),
  ],
  conv1d: [
    [variable([2, 6, 2]), variable([3, 2, 2]), variable([2])],
    (x, kernel, bias) => ops.conv1d(x, kernel, { padding: "causal", bias }),
  ],
  conv2dTranspose: [
    [variable([2, 3, 3, 2]), variable([3, 3, 2, 2]), variable([2])],
    (x, kernel, bias) => ops.conv2dTranspose(x, kernel, { strides: 2, padding: "same", bias }),
  ],
  depthwiseConv2d: [
    [variable([2, 4, 4, 2]), variable([3, 3, 2, 2]), variable([4])],
    (x, kernel, bias) => ops.depthwiseConv2d(x, kernel, { bias, activation: "relu" }),
  ],
  dense: [[variable([4, 3]), variable([3, 2]), variable([2])], (x, kernel, bias) => ops.dense(x, kernel, bias)],
  "dense: relu": [
    [variable([2, 2, 3]), variable([3, 2]), variable([2])],
    (x, kernel, bias) => ops.dense(x, kernel, bias, "relu"),
  ],
  "dense: relu without bias": [[variable([4, 3]), variable([3, 2])], (x, kernel) => ops.dense(x, kernel, null, "relu")],
  matmul: [[variable([4, 3]), variable([3, 2])], (a, b) => ops.matmul(a, b)],
  "matmul: transposed": [[variable([3, 4]), variable([2, 3])], (a, b) => ops.matmul(a, b, true, true)],
  "matmul: batches": [[variable([2, 1, 4, 3]), variable([3, 3, 2])], (a, b) => ops.matmul(a, b)],
  "matmul: vector": [[variable([3]), variable([3, 2])], (a, b) => ops.matmul(a, b)],
  "matmul: two vectors": [[variable([3]), variable([3])], (a, b) => ops.matmul(a, b)],
  dropout: of(drawn, (x) => ops.dropout(x, 0.4, { seed: 3 }), [4, 3]),
  take: of(drawn, (x) => ops.take(x, [1, 1, 3]), [4, 3]),
  "take: along axis 1": of(drawn, (x) => ops.take(x, [[2, 0]], 1), [2, 3, 2]),
  topK: of(drawn, (x) => ops.topK(x, 2).values, [4, 5]),
  batchNormalization: [
    [variable([6, 3]), variable([3], positive), variable([3])],
    (x, gamma, beta) => ops.batchNormalization(x, gamma, beta).output,
  ],
  "batchNormalization: axis 1, no scale": of(
    drawn,
    (x) => ops.batchNormalization(x, null, null, { axis: 1 }).output,
    [2, 3, 4],
  ),
  "batchNormalization: statistics": [
    [variable([6, 3]), variable([3], positive), variable([3]), variable([3]), variable([3], positive)],
    (x, gamma, beta, mean, variance) =>
      ops.batchNormalization(x, gamma, beta, { training: false, mean, variance }).output,
  ],
  layerNormalization: [
    [variable([4, 5]), variable([5], positive), variable([5])],
    (x, gamma, beta) => ops.layerNormalization(x, gamma, beta),
  ],
  "layerNormalization: a scale alone": [
    [variable([2, 4]), variable([4], positive)],
    (x, gamma) => ops.layerNormalization(x, gamma, null),
  ],
  "layerNormalization: a shift alone": [
    [variable([2, 4]), variable([4], positive)],
    (x, beta) => ops.layerNormalization(x, null, beta),
  ],
  "layerNormalization: two axes": of(drawn, (x) => ops.layerNormalization(x, null, null, { axis: [0, 2] }), [2, 3, 4]),
  averagePool2d: of(drawn, (x) => ops.averagePool2d(x, 2, { padding: "same" }), [2, 5, 5, 3]),
  avgPool2d: of(drawn, (x) => ops.avgPool2d(x, 2), [1, 4, 4, 1]),
  maxPool2d: of(distinct, (x) => ops.maxPool2d(x, 2, { strides: 1, padding: "same" }), [2, 5, 5, 3]),
  ...reduced("sum"),
  ...reduced("mean"),
  ...reduced("prod"),
  ...reduced("max"),
  ...reduced("min"),
  ...reduced("variance"),
  ...reduced("std"),
  ...reduced("logsumexp"),
  "prod: zeros": [
    [
      new Variable([
        [0, 2, 3, 1, 0.5],
        [0, 0, 1, 2, 1],
      ]),
    ],
    (x) => ops.prod(x, { axis: 1 }),
  ],
  softmax: of(drawn, (x) => ops.softmax(x)),
  "softmax: axis 0": of(drawn, (x) => ops.softmax(x, 0)),
  logSoftmax: of(drawn, (x) => ops.logSoftmax(x)),
  slice: of(drawn, (x) => ops.slice(x, [1, 0], [2, 3]), [3, 4]),
  pad: of(drawn, (x) =>
    ops.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      5,
    ),
  ),
  transpose: of(drawn, (x) => ops.transpose(x, [2, 0, 1]), [2, 3, 4]),
  reshape: of(drawn, (x) => ops.reshape(x, [3, 4]), [2, 6]),
  expandDims: of(drawn, (x) => ops.expandDims(x, 1)),
  squeeze: of(drawn, (x) => ops.squeeze(x, 1), [2, 1, 6]),
  broadcastTo: of(drawn, (x) => ops.broadcastTo(x, [3, 2, 2]), [2, 1]),
  tile: of(drawn, (x) => ops.tile(x, [2, 3]), [2, 1]),
  categoricalCrossentropy: [
    [variable([3, 4], positive), variable([3, 4], positive)],
    (labels, output) => ops.categoricalCrossentropy(labels, output),
  ],
  "categoricalCrossentropy: logits": [
    [variable([3, 4], positive), variable([3, 4])],
    (labels, output) => ops.categoricalCrossentropy(labels, output, true, 0),
  ],
  softmaxCrossEntropy: [
    [variable([3, 4], positive), variable([3, 4])],
    (labels, logits) => ops.softmaxCrossEntropy(labels, logits),
  ],
  sparseCategoricalCrossentropy: of(positive, (x) => ops.sparseCategoricalCrossentropy([1, 3, 0], x), [3, 4]),
  sparseSoftmaxCrossEntropy: of(drawn, (x) => ops.sparseSoftmaxCrossEntropy([1, 3, 0], x), [3, 4]),
  binaryCrossentropy: [
    [variable([3, 4], probability), variable([3, 4], probability)],
    (labels, output) => ops.binaryCrossentropy(labels, output),
  ],
  sigmoidCrossEntropy: [
    [variable([3, 4], probability), variable([3, 4])],
    (labels, logits) => ops.sigmoidCrossEntropy(labels, logits),
  ],
  customGradient: of(drawn, (x) =>
    ops.customGradient((a) => {
      const squared = ops.square(a);
      return [ops.multiply(squared, a), (dy) => ops.multiply(dy, ops.multiply(squared, 3))];
    })(x),
  ),
  "customGradient: two inputs": [
    [variable([2, 3]), variable([2, 3])],
    ops.customGradient((a, b) => [ops.multiply(a, b), (dy) => [ops.multiply(dy, b), ops.multiply(dy, a)]]),
  ] as Case,
  "activations.sparsemax": [[new Variable(ROWS)], (x) => activations.sparsemax(x)],
  "activations.sparsemax: axis 0": [[new Variable(ROWS)], (x) => activations.sparsemax(x, 0)],
};

/** Operations whose results have no gradient: numbers of another kind, and copies. */
export const WITHOUT_GRADIENT: readonly string[] = [
  "arange",
  "argmax",
  "argmin",
  "equal",
  "eye",
  "full",
  "fullLike",
  "greater",
  "greaterEqual",
  "inTopK",
  "isnan",
  "keep",
  "less",
  "lessEqual",
  "linspace",
  "logicalAnd",
  "logicalNot",
  "logicalOr",
  "notEqual",
  "oneHot",
  "ones",
  "onesLike",
  "shape",
  "stopGradient",
  "zeros",
  "zerosLike",
];
