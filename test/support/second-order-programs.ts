/** The operations of test/golden/training/second_order_programs.py, on matrices of 3 x 3. */

import { ops, type Tensor, tensor, type Variable } from "../../ts/index.js";

type Floats = Tensor<"float32">;
type Operand = Floats | Variable;

/** A name, and the numbers of its operands: values before it. */
export type Node = readonly [name: string, ...operands: number[]];

const ROWS = [
  [0.3, -0.2, 0.5],
  [0.1, 0.4, -0.6],
  [-0.3, 0.2, 0.7],
];
/** Factors of the results. */
export const C: Floats = tensor(ROWS);
const MASK = [
  [1, 0, 1],
  [0, 1, 0],
  [1, 1, 0],
];
const LABELS = [
  [0.2, 0.5, 0.3],
  [0.6, 0.1, 0.3],
  [0.25, 0.25, 0.5],
];

const { add, concatenate, expandDims, multiply, reshape, slice, sqrt, subtract } = ops;
const [ROW, ALONG] = [
  { axis: 1, keepdims: true },
  { axis: 0, keepdims: true },
] as const;

const row = (x: Operand, i: number) => reshape(slice(x, [i, 0], [1, 3]), [3]);
const column = (x: Operand, i: number) => slice(x, [0, i], [3, 1]);
const image = (x: Operand) => reshape(x, [1, 3, 3, 1]);
const matrix = (x: Operand) => reshape(x, [3, 3]);
const kernel = (x: Operand) => reshape(slice(x, [0, 0], [2, 2]), [2, 2, 1, 1]);
const padded = (x: Operand) => {
  const last = [0, 1] as const;
  return ops.pad(reshape(x, [2, 2]), [last, last]);
};

const UNARY: Readonly<Record<string, (x: Operand) => Floats>> = {
  tanh: ops.tanh,
  sigmoid: ops.sigmoid,
  softplus: ops.softplus,
  sin: ops.sin,
  cos: ops.cos,
  "exp of tanh": (x) => ops.exp(ops.tanh(x)),
  square: (x) => multiply(ops.square(x), 0.5),
  softmax: (x) => ops.softmax(x),
  "softmax, axis 0": (x) => ops.softmax(x, 0),
  logSoftmax: (x) => ops.logSoftmax(x),
  gelu: (x) => ops.gelu(x, false),
  "gelu, approximate": (x) => ops.gelu(x, true),
  silu: ops.silu,
  erf: ops.erf,
  mish: ops.mish,
  selu: ops.selu,
  root: (x) => sqrt(add(ops.square(x), 1)),
  transpose: (x) => ops.transpose(x),
  centered: (x) => subtract(x, ops.mean(x, ROW)),
  layerNormalization: (x) => ops.layerNormalization(x, null, null, { epsilon: 0.1 }),
  batchNormalization: (x) => ops.batchNormalization(x, null, null, { epsilon: 0.1 }).output,
  "slice, concatenate": (x) => concatenate([slice(x, [1, 0], [2, 3]), multiply(slice(x, [0, 0], [1, 3]), 2)], 0),
  "split, concatenate": (x) => {
    const [first, rest] = ops.split(x, [1], 1) as [Floats, Floats];
    return concatenate([rest, multiply(first, column(rest, 0))], 1);
  },
  take: (x) => ops.take(x, [2, 0, 0]),
  "take, axis 1": (x) => ops.take(x, [1, 1, 2], 1),
  pad: (x) => {
    const around = [
      [1, 0],
      [0, 1],
    ] as const;
    return slice(ops.pad(x, around, 0.5), [0, 1], [3, 3]);
  },
  stack: (x) => ops.sum(ops.stack([x, multiply(x, x), C], 1), { axis: 1 }),
  where: (x) => ops.where(MASK, x, multiply(x, x)),
  reshape: (x) => add(x, slice(reshape(x, [9]), [0], [3])),
  tile: (x) => add(ops.tile(multiply(slice(x, [0, 0], [1, 3]), slice(x, [1, 0], [1, 3])), [3, 1]), x),
  broadcastTo: (x) => multiply(ops.broadcastTo(column(x, 1), [3, 3]), x),
  logsumexp: (x) => add(x, ops.logsumexp(x, ROW)),
  variance: (x) => multiply(x, sqrt(add(ops.variance(x, ALONG), 0.2))),
  "variance of all": (x) => multiply(x, ops.variance(x)),
  prod: (x) => add(x, ops.prod(x, ROW)),
  max: (x) => multiply(x, ops.max(x, ROW)),
  topK: (x) => multiply(x, ops.topK(x, 1).values),
  "divided by norm": (x) => ops.divide(x, sqrt(add(ops.sum(ops.square(x), ROW), 0.3))),
  stopGradient: (x) => multiply(x, ops.stopGradient(multiply(x, x))),
  squeeze: (x) => ops.squeeze(multiply(expandDims(x, 1), expandDims(x, 1)), 1),
  crossentropy: (x) => add(x, expandDims(ops.categoricalCrossentropy(LABELS, x, true), 1)),
  "sparse crossentropy": (x) => multiply(x, expandDims(ops.sparseSoftmaxCrossEntropy([2, 0, 1], x), 1)),
  averagePool2d: (x) => multiply(x, padded(ops.averagePool2d(image(x), 2, { strides: 1 }))),
  maxPool2d: (x) => multiply(x, padded(ops.maxPool2d(image(x), 2, { strides: 1 }))),
  depthwiseConv2d: (x) => matrix(ops.depthwiseConv2d(image(x), kernel(C), { padding: "same" })),
  conv1d: (x) => {
    const options = { bias: [5, 5, 5], activation: "relu" } as const;
    return add(subtract(reshape(ops.conv1d(reshape(x, [1, 3, 3]), [ROWS, ROWS, ROWS], options), [1, 3]), 5), x);
  },
};

const BINARY: Readonly<Record<string, (a: Operand, b: Operand) => Floats>> = {
  add,
  subtract,
  multiply,
  divide: (a, b) => ops.divide(a, add(multiply(b, b), 1)),
  power: (a, b) => ops.power(add(multiply(multiply(b, b), 0.3), 1), ops.tanh(a)),
  maximum: (a, b) => ops.maximum(a, add(multiply(b, 0.5), 0.1)),
  "where of two": (a, b) => ops.where(MASK, a, b),
  matmul: (a, b) => multiply(ops.matmul(a, b), 0.5),
  "matmul, transposed": (a, b) => multiply(ops.matmul(a, b, true, true), 0.5),
  "matmul of stacks": (a, b) => multiply(ops.sum(ops.matmul(ops.stack([a, b]), ops.stack([b, a])), { axis: 0 }), 0.3),
  "outer product": (a, b) => ops.matmul(reshape(row(a, 0), [3, 1]), reshape(row(b, 1), [1, 3])),
  dense: (a, b) => ops.dense(a, b, row(b, 0)),
  "dense, relu": (a, b) => ops.dense(a, b, row(b, 1), "relu"),
  "batchNormalization of two": (a, b) => ops.batchNormalization(a, row(b, 0), row(b, 1), { epsilon: 0.1 }).output,
  "layerNormalization of two": (a, b) => ops.layerNormalization(a, row(b, 0), row(b, 2), { epsilon: 0.1 }),
  conv2d: (a, b) => {
    const bias = reshape(slice(b, [2, 2], [1, 1]), [1]);
    return matrix(ops.conv2d(image(a), kernel(b), { padding: "same", bias }));
  },
  weighted: (a, b) => multiply(a, ops.sum(multiply(a, b), ROW)),
  "crossentropy of two": (a, b) => add(a, expandDims(ops.categoricalCrossentropy(ops.softmax(b), a, true), 1)),
  "sigmoid crossentropy": (a, b) => add(a, ops.mean(ops.sigmoidCrossEntropy(ops.sigmoid(b), a), ROW)),
};

/** Computes the nodes whose values are not among `values`, which begin with two matrices; adds theirs. */
export function compute(nodes: readonly Node[], values: Operand[]): void {
  for (const [name, first, second] of nodes.slice(values.length - 2)) {
    const a = values[first as number] as Operand;
    values.push(second === undefined ? UNARY[name]!(a) : BINARY[name]!(a, values[second] as Operand));
  }
}
