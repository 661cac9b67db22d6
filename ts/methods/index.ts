/**
 * `import "gradstep/methods"`: operations as methods of tensors and variables, as in TensorFlow.js: `t.add(u)` is
 * `ops.add(t, u)`. Only this import adds them: a page that does not use them does not load them.
 *
 * @module
 */

import * as ops from "../ops/index.js";
import { Tensor } from "../tensor.js";
import type { DType } from "../values.js";
import { Variable } from "../variable.js";

/** Operations whose first argument is a tensor, under their names. */
const NAMES = [
  "abs",
  "add",
  "argmax",
  "argmin",
  "broadcastTo",
  "clip",
  "cos",
  "div",
  "divide",
  "elu",
  "equal",
  "erf",
  "exp",
  "floor",
  "gelu",
  "greater",
  "greaterEqual",
  "leakyRelu",
  "less",
  "lessEqual",
  "log",
  "log1p",
  "logSoftmax",
  "logicalAnd",
  "logicalNot",
  "logicalOr",
  "logsumexp",
  "matmul",
  "max",
  "maximum",
  "mean",
  "min",
  "minimum",
  "mul",
  "multiply",
  "neg",
  "negative",
  "notEqual",
  "oneHot",
  "pad",
  "pow",
  "power",
  "prod",
  "reciprocal",
  "relu",
  "round",
  "rsqrt",
  "selu",
  "sigmoid",
  "sign",
  "silu",
  "sin",
  "slice",
  "softmax",
  "softplus",
  "split",
  "sqrt",
  "square",
  "std",
  "sub",
  "subtract",
  "sum",
  "take",
  "tanh",
  "tile",
  "topK",
  "transpose",
  "variance",
] as const;

/** Operations that keep the type of the numbers. */
const SAME_TYPE = ["expandDims", "reshape", "squeeze"] as const;

/** TensorFlow.js's names, and the operations to which they refer. */
const OTHER_NAMES = {
  argMax: "argmax",
  argMin: "argmin",
  clipByValue: "clip",
  logSumExp: "logsumexp",
  matMul: "matmul",
  topk: "topK",
} as const;

/**
 * TensorFlow.js's methods for reading the numbers, without its asynchronous `array()` and `data()`: in gradstep
 * `array()` is the flat copy, and weights are objects with `data`.
 */
interface Readers<D extends DType> {
  /** Copies the numbers, like `array()`. */
  dataSync(): ReturnType<Tensor<D>["array"]>;
  /** Copies the numbers into nested lists, like `toArray()`. */
  arraySync(): ReturnType<Tensor["toArray"]>;
  /** Prints shape, type and numbers. */
  print(): void;
}

const READERS: { readonly [K in keyof Readers<DType>]: (this: Tensor | Variable) => unknown } = {
  dataSync() {
    return this.array();
  },
  arraySync() {
    return this.toArray();
  },
  print() {
    console.log(this.toString());
  },
};

type Ops = typeof ops;
type Rest<F> = F extends (first: never, ...rest: infer R) => unknown ? R : never;
type Result<F> = F extends (...given: never[]) => infer R ? R : never;
type Method<F> = (...rest: Rest<F>) => Result<F>;

/** Operations as methods: the object is the first argument. docs/operations.md describes the other arguments. */
export type TensorMethods<D extends DType = DType> = { [K in (typeof NAMES)[number]]: Method<Ops[K]> } & {
  [K in keyof typeof OTHER_NAMES]: Method<Ops[(typeof OTHER_NAMES)[K]]>;
} & { [K in (typeof SAME_TYPE)[number]]: (...rest: Rest<Ops[K]>) => Tensor<D> } & Readers<D>;

declare module "../tensor.js" {
  interface Tensor<D extends DType = DType> extends TensorMethods<D> {}
}

declare module "../variable.js" {
  interface Variable extends TensorMethods<"float32"> {}
}

const functions: Ops = ops;
const methods = [...[...NAMES, ...SAME_TYPE].map((name) => [name, name] as const), ...Object.entries(OTHER_NAMES)];
for (const [name, operation] of methods) {
  const call = functions[operation] as (...given: unknown[]) => unknown;
  add(name, function (this: unknown, ...rest: unknown[]): unknown {
    return call(this, ...rest);
  });
}
for (const [name, value] of Object.entries(READERS)) add(name, value);

function add(name: string, value: (...given: never[]) => unknown): void {
  for (const { prototype } of [Tensor, Variable]) {
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  }
}
