/**
 * The activation functions by name.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { ValueError } from "../errors.js";
import { fromKeras } from "../keras-names.js";
import { shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import * as functions from "./functions.js";

/** A function that layers apply to their output, element by element or row by row. */
export type Activation = (x: Operand) => Tensor<"float32">;

/** THE list, in Keras's order, by Keras's names. Of several names for one function the first is written. */
const FUNCTIONS: Readonly<Record<string, Activation>> = {
  relu: functions.relu,
  leaky_relu: functions.leakyRelu,
  relu6: functions.relu6,
  softmax: functions.softmax,
  celu: functions.celu,
  elu: functions.elu,
  selu: functions.selu,
  softplus: functions.softplus,
  softsign: functions.softsign,
  squareplus: functions.squareplus,
  soft_shrink: functions.softShrink,
  sparse_plus: functions.sparsePlus,
  silu: functions.silu,
  gelu: functions.gelu,
  glu: functions.glu,
  tanh: functions.tanh,
  tanh_shrink: functions.tanhShrink,
  sigmoid: functions.sigmoid,
  sparse_sigmoid: functions.sparseSigmoid,
  exponential: functions.exponential,
  hard_sigmoid: functions.hardSigmoid,
  hard_silu: functions.hardSilu,
  hard_tanh: functions.hardTanh,
  hard_shrink: functions.hardShrink,
  linear: functions.linear,
  mish: functions.mish,
  log_softmax: functions.logSoftmax,
  log_sigmoid: functions.logSigmoid,
  sparsemax: functions.sparsemax,
  swish: functions.silu,
  hard_swish: functions.hardSilu,
};

/** By both spellings. A `Map`, so that `"__proto__"` is no name in it. */
const byName: ReadonlyMap<string, Activation> = new Map(
  Object.entries(FUNCTIONS).flatMap(([name, fn]) => [
    [name, fn],
    [fromKeras(name), fn],
  ]),
);

/**
 * An activation function from whatever names one.
 *
 * @param identifier - A name such as `"relu"`, `"leaky_relu"` or `"leakyRelu"`, a function (given back), or
 * `null`, which is `"linear"`.
 * @throws ValueError for an unknown name, with those that are known
 * @example
 * ```ts
 * import { activations, tensor } from "gradstep";
 *
 * console.log(activations.get("hard_tanh")(tensor([-3, 0.5, 3])).array()); // Float32Array [-1, 0.5, 1]
 * ```
 */
export function get(identifier: string | Activation | null | undefined): Activation {
  if (identifier === null || identifier === undefined) return functions.linear;
  if (typeof identifier === "function") return identifier;
  const found = typeof identifier === "string" ? byName.get(identifier) : undefined;
  if (found !== undefined) return found;
  throw new ValueError(
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No activation is called ${shown(identifier)}. Known: ${Object.keys(FUNCTIONS).join(", ")}. Pass a function for one of your own.`,
  );
}

/**
 * The name of an activation function, as Keras writes it; of one of your own, JavaScript's name for it, by which
 * nobody finds it again.
 */
export function serialize(activation: Activation): string {
  return builtInName(activation) ?? activation.name;
}

/** The name of a built-in one: {@link get} gives the same function for it. @internal */
export function builtInName(activation: Activation): string | undefined {
  return Object.entries(FUNCTIONS).find(([, fn]) => fn === activation)?.[0];
}
