/**
 * Every exported function of tensors, losses and random numbers, with a call of it.
 */

import { activations, losses, ops, random, tensor } from "../../ts/index.js";

/** A call: required arguments, then the optional ones that may come by position, all of them. */
export type Call = readonly [required: readonly unknown[], byPosition?: readonly unknown[]];

const x = [
  [1, 2],
  [3, 4],
];
const half = [
  [0.5, 0.5],
  [0.25, 0.75],
];
const image = tensor(new Float32Array(9), [1, 3, 3, 1]);
const taps = tensor(new Float32Array(1), [1, 1, 1, 1]);
const sequence = tensor(new Float32Array(3), [1, 3, 1]);
const unary: Call = [[x]];
const binary: Call = [[x, x]];
const reduce: Call = [[x], [0, true]];
const along: Call = [[x], [0]];
const conv: Call = [
  [image, taps],
  [1, "valid", "channels_last", 1, [0], "relu"],
];
const pool: Call = [
  [image, 2],
  [1, "valid", "channels_last"],
];

const OPS: Readonly<Record<string, Call>> = {
  ...Object.fromEntries(
    "relu6 selu sigmoid silu softplus softsign tanh hardSigmoid hardSilu mish isnan logicalNot abs cos erf exp floor log log1p negative neg reciprocal rsqrt sign sin sqrt square stopGradient"
      .split(" ")
      .map((name) => [name, unary]),
  ),
  ...Object.fromEntries(
    "add sub subtract mul multiply div divide maximum minimum pow power equal notEqual greater greaterEqual less lessEqual logicalAnd logicalOr sigmoidCrossEntropy"
      .split(" ")
      .map((name) => [name, binary]),
  ),
  ...Object.fromEntries(
    "sum mean prod max min std variance logsumexp argmax argmin".split(" ").map((name) => [name, reduce]),
  ),
  ...Object.fromEntries("softmax logSoftmax".split(" ").map((name) => [name, along])),
  conv2d: conv,
  conv,
  depthwiseConv2d: conv,
  conv1d: [
    [sequence, tensor([1], [1, 1, 1])],
    [1, "valid", "channels_last", 1, [0], "relu"],
  ],
  conv2dTranspose: [
    [image, taps],
    [1, "valid", null, "channels_last", 1, [0], "relu"],
  ],
  maxPool2d: pool,
  averagePool2d: pool,
  avgPool2d: pool,
  relu: [[x], [0, null, 0]],
  leakyRelu: [[x], [0.1]],
  elu: [[x], [1]],
  gelu: [[x], [true]],
  round: [[x], [1]],
  clip: [[x, 0, 1]],
  where: [[x, x, x]],
  concatenate: [[[x, x]], [0]],
  concat: [[[x, x]], [0]],
  stack: [[[x, x]], [0]],
  split: [[x, 2], [0]],
  cast: [[x, "float32"]],
  customGradient: [[() => [tensor(1), () => null]]],
  binaryCrossentropy: [[half, half], [false]],
  categoricalCrossentropy: [
    [half, half],
    [false, -1],
  ],
  sparseCategoricalCrossentropy: [
    [[0, 1], half],
    [false, -1],
  ],
  softmaxCrossEntropy: [[half, half], [-1]],
  sparseSoftmaxCrossEntropy: [[[0, 1], half], [-1]],
  dense: [[x, x, null], ["relu"]],
  dropout: [[x, 0.5]],
  inTopK: [[[0, 1], half, 1]],
  oneHot: [[[0, 1], 2], [-1]],
  zeros: [[[2]], ["float32"]],
  ones: [[[2]], ["float32"]],
  full: [[[2], 1], ["float32"]],
  zerosLike: [[x], ["float32"]],
  onesLike: [[x], ["float32"]],
  fullLike: [[x, 1], ["float32"]],
  arange: [[0], [2, 1, "int32"]],
  linspace: [
    [0, 1],
    [5, true],
  ],
  eye: [[2], [2, 0, "float32"]],
  shape: [[x]],
  take: [[x, [0]], [0]],
  topK: [[x, 1], [true]],
  batchNormalization: [[x, null, null]],
  layerNormalization: [
    [x, null, null],
    [-1, 1e-3],
  ],
  matmul: [
    [x, x],
    [false, false],
  ],
  broadcastTo: [[x, [2, 2]]],
  tile: [[x, [2]]],
  expandDims: [[x, 0]],
  reshape: [[x, [4]]],
  squeeze: [[[x]], [0]],
  pad: [
    [x, 1],
    ["constant", 0],
  ],
  slice: [[x, [0, 0], [1, 1]]],
  transpose: [[x], [[1, 0]]],
};

const ACTIVATIONS: Readonly<Record<string, Call>> = {
  ...Object.fromEntries(
    "exponential linear hardTanh tanhShrink logSigmoid sparsePlus sparseSigmoid"
      .split(" ")
      .map((name) => [name, unary]),
  ),
  celu: [[tensor(x)], [1]],
  glu: [[tensor(x)], [-1]],
  hardShrink: [[tensor(x)], [0.5]],
  softShrink: [[tensor(x)], [0.5]],
  squareplus: [[tensor(x)], [4]],
  sparsemax: [[tensor(x)], [-1]],
  threshold: [[tensor(x), 0, 1]],
};

const LOSSES: Readonly<Record<string, Call>> = {
  ...Object.fromEntries(
    "categoricalHinge hinge squaredHinge klDivergence kld logCosh meanAbsoluteError mae meanAbsolutePercentageError mape meanSquaredError mse meanSquaredLogarithmicError msle poisson"
      .split(" ")
      .map((name) => [name, [[half, half]] as Call]),
  ),
  binaryCrossentropy: [
    [half, half],
    [false, 0, -1],
  ],
  bce: [
    [half, half],
    [false, 0, -1],
  ],
  binaryFocalCrossentropy: [
    [half, half],
    [false, 0.25, 2, false, 0, -1],
  ],
  categoricalCrossentropy: [
    [half, half],
    [false, 0, -1],
  ],
  categoricalFocalCrossentropy: [
    [half, half],
    [0.25, 2, false, 0, -1],
  ],
  cosineSimilarity: [[half, half], [-1]],
  dice: [[half, half], [null]],
  huber: [[half, half], [1]],
  sparseCategoricalCrossentropy: [
    [[0, 1], half],
    [false, null, -1],
  ],
  tversky: [
    [half, half],
    [0.5, 0.5, null],
  ],
};

const RANDOM: Readonly<Record<string, Call>> = {
  uniform: [[[2]], [0, 1, "float32", 7]],
  normal: [[[2]], [0, 1, "float32", 7]],
  truncatedNormal: [[[2]], [0, 1, "float32", 7]],
  randint: [
    [[2], 0, 2],
    ["int32", 7],
  ],
  permutation: [[4]],
  dropout: [[x, 0.5]],
};

/** Those that look things up, and `keep`, which belongs to the tape. */
const ELSEWHERE = new Set(["get", "serialize", "deserialize", "keep"]);

const families: readonly (readonly [string, object, Readonly<Record<string, Call>>])[] = [
  ["ops", ops, OPS],
  ["activations", activations, { ...OPS, ...ACTIVATIONS }],
  ["losses", losses, LOSSES],
  ["random", random, RANDOM],
];

/** Whether a function is also exported under its own name, such as `silu` for `swish`. */
const isSecondName = (name: string, member: { readonly name: string }, members: object): boolean =>
  name !== member.name && (members as Record<string, unknown>)[member.name] === member;

/** Path, function, and its call; `undefined` where one is missing here. */
export const PUBLIC_FUNCTIONS = families.flatMap(([family, members, calls]) =>
  Object.entries(members as Record<string, unknown>)
    .filter(([name, member]) => typeof member === "function" && /^[a-z]/.test(name) && !ELSEWHERE.has(name))
    .filter(([name, member]) => !isSecondName(name, member as { readonly name: string }, members))
    .map(([name, member]) => [`${family}.${name}`, member as (...args: unknown[]) => unknown, calls[name]] as const),
);
