/**
 * Names of Keras in snake case, and others of Keras and TensorFlow.js, that layers and models lack. A call throws an
 * error that names the replacement, instead of JavaScript's "is not a function"; an assignment would be ignored.
 *
 * They are properties of the prototypes, but not of the types, so editors do not suggest them.
 *
 * @module
 */

import { customName } from "../custom-objects.js";
import { ArgumentTypeError } from "../errors.js";
import { toKeras } from "../keras-names.js";
import { warnOnce } from "../warnings.js";
import { asOwn } from "./connections.js";

/** Names in camelCase by their snake_case form, of all prepared prototypes. */
const camelCase = new Map<string, string>();
/** A switch, which a callback sets. */
const STOP = "stop_training";
const done = new WeakSet<object>();

/**
 * Defines the snake_case names of a class and its base classes, and further names.
 *
 * @param cures - The replacement for each name; the sentence follows "there is no X".
 */
export function answerForeignNames(prototype: object, cures: Readonly<Record<string, string>>): void {
  for (let at = prototype; at !== Object.prototype && !done.has(at); at = Object.getPrototypeOf(at) as object) {
    done.add(at);
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      const snake = toKeras(name);
      if (snake === name || /^_|_\w_|_\w$/.test(snake) || snake in prototype) continue;
      // Some code reads other names to identify an object, such as `class_name`.
      if (typeof value !== "function" && !/_(weights|variables)$/.test(snake)) continue;
      camelCase.set(snake, name);
      answer(at, snake, `It is called ${name}.`, typeof value === "function");
    }
  }
  for (const [name, cure] of Object.entries(cures)) answer(prototype, name, cure, name !== STOP);
}

function answer(prototype: object, name: string, cure: string, isMethod: boolean): void {
  const refuse = (owner: object): never => {
    const { name: label } = owner as { readonly name?: unknown };
    throw new ArgumentTypeError("ERR_NOT_IMPLEMENTED", `${String(label)}: there is no ${name}. ${cure}`);
  };
  Object.defineProperty(prototype, name, {
    // For a method only the call is refused: code may check whether it exists.
    get(this: object) {
      return isMethod ? () => refuse(this) : refuse(this);
    },
    // A subclass may have a field of this name. A switch that is set on the model applies to this property.
    set(this: object, value: unknown) {
      if (name === STOP) refuse(this);
      asOwn(this, name, value);
    },
    configurable: true,
  });
}

/**
 * Warns about methods of a custom class that are never called: Keras's snake_case names. Once for each class. The
 * argument is the layer, not `new.target`, which Terser (webpack) loses when it inlines this function.
 */
export function warnOfForeignNames(layer: object): void {
  const prototypes: object[] = [];
  let at = Object.getPrototypeOf(layer) as object;
  for (; !done.has(at) && at !== Object.prototype; at = Object.getPrototypeOf(at) as object) prototypes.push(at);
  for (const each of prototypes) {
    done.add(each);
    for (const name of Object.getOwnPropertyNames(each)) {
      const meant = camelCase.get(name);
      if (meant === undefined) continue;
      warnOnce(each, `${customName(each.constructor)}: nothing calls its ${name}. The method is called ${meant}.`);
    }
  }
}
