/**
 * The activation functions by name.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isCallable, isReadable } from "../brands.js";
import { spelling } from "../class-registry.js";
import {
  type CustomObjects,
  customObject,
  type SavedFunction,
  savedFunction,
  unpackaged,
  withCustomObjects,
} from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { checkCount, checkOne, nearestName, shown } from "../options.js";
import type { AnyName, Anything, BothCases } from "../spellings.js";
import type { Tensor } from "../tensor.js";
import * as functions from "./functions.js";

/** A function that layers apply to their output, element by element or row by row. */
export type Activation = (x: Operand) => Tensor<"float32">;

/** Keras's names of the built-in functions. */
type KerasName =
  | "relu"
  | "leaky_relu"
  | "relu6"
  | "softmax"
  | "celu"
  | "elu"
  | "selu"
  | "softplus"
  | "softsign"
  | "squareplus"
  | "soft_shrink"
  | "sparse_plus"
  | "silu"
  | "gelu"
  | "glu"
  | "tanh"
  | "tanh_shrink"
  | "sigmoid"
  | "sparse_sigmoid"
  | "exponential"
  | "hard_sigmoid"
  | "hard_silu"
  | "hard_tanh"
  | "hard_shrink"
  | "linear"
  | "mish"
  | "log_softmax"
  | "log_sigmoid"
  | "sparsemax"
  | "swish"
  | "hard_swish";

/** The name of an activation: a built-in one, in either spelling, or a custom one. */
export type ActivationName = BothCases<KerasName> | AnyName;

/** THE list, in Keras's order, by Keras's names. If a function has several names, the first one is saved. */
const FUNCTIONS: Readonly<Record<KerasName, Activation>> = {
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

/** By all spellings. A `Map`, because `"__proto__"` must not be a name in it. */
const byName: ReadonlyMap<string, Activation> = new Map(
  Object.entries(FUNCTIONS).map(([name, fn]) => [spelling(name), fn]),
);

/**
 * Returns the activation function for an identifier.
 *
 * @param identifier - A name in any spelling, such as `"leaky_relu"`, `"leakyRelu"` or `"LeakyRelu"`; a function
 * (returned as is), a function's JSON of {@link serialize} or of Python's Keras, or `null`, which is `"linear"`.
 * @param customObjects - Custom functions, by the names under which they were saved.
 * @returns The function, which takes numbers of any shape.
 * @throws ValueError (`ERR_CONFIG_UNKNOWN_CLASS`) for an unknown name, with those that are known;
 * (`ERR_CONFIG_INVALID`) for anything else
 * @throws TypeError (`ERR_OPTION_TYPE`, `ERR_OTHER_COPY`) for `customObjects` that are not an object of functions, and
 * a layer of another copy of gradstep
 * @see [keras.activations](https://keras.io/api/layers/activations/)
 * @example
 * ```ts
 * import { activations, tensor } from "gradstep";
 *
 * console.log(activations.get("hard_tanh")(tensor([-3, 0.5, 3])).array()); // Float32Array [-1, 0.5, 1]
 * ```
 */
export function get(
  identifier: ActivationName | Activation | SavedFunction | null | undefined,
  customObjects?: CustomObjects,
): Activation {
  checkCount("activations.get", arguments.length, 2);
  if (identifier === null || identifier === undefined) return functions.linear;
  if (isCallable(identifier)) return identifier as Activation;
  return withCustomObjects("activations.get", customObjects, () => named(nameOf(identifier)));
}

/**
 * Saves an activation function as JSON that {@link get} and Keras in Python read: its name if it is built in, otherwise
 * Keras's object with its name, under which `customObjects` must contain it.
 *
 * @param activation - A function that {@link get} returned, or a custom one with a name.
 * @returns The name, or Keras's object for a custom function.
 * @throws ValueError (`ERR_CONFIG_INVALID`) for a function without a name, or with the name of a built-in one
 * @throws TypeError (`ERR_OPTION_TYPE`) for anything but a function
 * @see [keras.activations](https://keras.io/api/layers/activations/)
 * @example
 * ```ts
 * import { activations } from "gradstep";
 *
 * console.log(activations.serialize(activations.leakyRelu)); // leaky_relu
 * ```
 */
export function serialize(activation: Activation): string | SavedFunction {
  checkOne("activations.serialize", arguments);
  return builtInName(activation) ?? savedFunction("an activation", activation, (name) => byName.get(spelling(name)));
}

/**
 * Restores the function from JSON of {@link serialize} or of Python's Keras.
 *
 * @param json - A name, or Keras's object for a function.
 * @param customObjects - Custom functions, by the names under which they were saved.
 * @returns The function, which takes numbers of any shape.
 * @throws ValueError (`ERR_CONFIG_UNKNOWN_CLASS`) for an unknown name; (`ERR_CONFIG_INVALID`) for anything else
 * @throws TypeError (`ERR_OPTION_TYPE`, `ERR_OTHER_COPY`) for `customObjects` that are not an object of functions, and
 * a function of another copy of gradstep
 * @see [keras.activations](https://keras.io/api/layers/activations/)
 * @example
 * ```ts
 * import { activations } from "gradstep";
 *
 * const activation = activations.deserialize("leaky_relu");
 * console.log(activation === activations.leakyRelu); // true
 * ```
 */
export function deserialize(json: ActivationName | Anything, customObjects?: CustomObjects): Activation {
  checkCount("activations.deserialize", arguments.length, 2);
  return withCustomObjects("activations.deserialize", customObjects, () => named(nameOf(json)));
}

/** The name of a built-in function: {@link get} returns the same function for it. @internal */
export function builtInName(activation: Activation): string | undefined {
  return Object.entries(FUNCTIONS).find(([, fn]) => fn === activation)?.[0];
}

function nameOf(json: unknown): string {
  if (typeof json === "string") return json;
  const { class_name: kind, config: name } = (isReadable(json) ? json : {}) as Partial<SavedFunction>;
  if (kind === "function" && typeof name === "string") return name;
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `activations.get takes a function, or the name of one, got ${shown(json)}. Pass a layer as the activation of a layer.`,
  );
}

function named(name: string): Activation {
  const custom = customObject([name, unpackaged(name)], "a function", () => true);
  const found = (custom as Activation | undefined) ?? byName.get(spelling(name));
  if (found !== undefined) return found;
  const known = Object.keys(FUNCTIONS);
  const meant = nearestName(name, known);
  throw new ValueError(
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No activation is called ${shown(name)}.${meant === undefined ? "" : ` Did you mean "${meant}"?`} Known: ${known.join(", ")}. Pass a function, or its name and the function in customObjects.`,
  );
}
