/**
 * The activation functions by name.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { ValueError } from "../errors.js";
import { toKeras } from "../keras-names.js";
import { shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import { linear, logSoftmax, softmax } from "./functions.js";

/** A function that layers apply to their output, element by element or row by row. */
export type Activation = (x: Operand) => Tensor<"float32">;

/** THE list, in Keras's order, by camelCase name. */
const FUNCTIONS: Readonly<Record<string, Activation>> = { softmax, linear, logSoftmax };

/** By both spellings. A `Map`, so that `"__proto__"` is no name in it. */
const byName: ReadonlyMap<string, Activation> = new Map(
  Object.entries(FUNCTIONS).flatMap(([name, fn]) => [
    [name, fn],
    [toKeras(name), fn],
  ]),
);

/**
 * An activation function from whatever names one.
 *
 * @param identifier - A name such as `"relu"`, `"leaky_relu"` or `"leakyRelu"`, a function (given back), or
 * `null`, which is `"linear"`.
 * @throws ValueError for an unknown name, with those that are known
 */
export function get(identifier: string | Activation | null | undefined): Activation {
  if (identifier === null || identifier === undefined) return linear;
  if (typeof identifier === "function") return identifier;
  const found = typeof identifier === "string" ? byName.get(identifier) : undefined;
  if (found !== undefined) return found;
  throw new ValueError(
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No activation is called ${shown(identifier)}. Known: ${Object.keys(FUNCTIONS).map(toKeras).join(", ")}. Pass a function for one of your own.`,
  );
}

/** The name of an activation function, as Keras writes it. */
export function serialize(activation: Activation): string {
  const entry = Object.entries(FUNCTIONS).find(([, fn]) => fn === activation);
  return entry === undefined ? activation.name : toKeras(entry[0]);
}
