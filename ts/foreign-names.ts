/**
 * Names of Keras in snake case, and others of Keras and TensorFlow.js, that layers, models, metrics and optimizers lack. A call
 * throws an error that names the replacement, instead of JavaScript's "is not a function"; an assignment would be ignored.
 *
 * They are properties of the prototypes, but not of the types, so editors do not suggest them.
 *
 * @module
 */

import { customName } from "./custom-objects.js";
import { ArgumentTypeError } from "./errors.js";
import { guard, labelOf, refuseAssignments } from "./getters.js";
import { toKeras } from "./keras-names.js";
import { warnOnce } from "./warnings.js";

/** The cure for a name that is read and set, not called. Setting it on an `owner` is refused, or creates a field. */
export interface Setting {
  readonly cure: string;
  readonly refuses: (owner: object) => boolean;
}

/** The replacement for each name; the sentence follows "there is no X". */
export type Cures = Readonly<Record<string, string | Setting>>;

/** Names in camelCase by their snake_case form, of all prepared prototypes. */
const camelCase = new Map<string, string>();
const done = new WeakSet<object>();

/**
 * Defines the snake_case names of a class and its base classes, and further names in both spellings.
 *
 * @param toDefine - Methods that only subclasses define.
 */
export function answerForeignNames(prototype: object, cures: Cures, toDefine: readonly string[] = []): void {
  const answerCamelCase = (at: object, snake: string, name: string, isMethod: boolean) => {
    camelCase.set(snake, name);
    answer(at, snake, `It is called ${name}.`, isMethod);
  };
  for (const name of toDefine) answerCamelCase(prototype, toKeras(name), name, true);
  refuseAssignments(prototype);
  for (let at = prototype; at !== Object.prototype && !done.has(at); at = Object.getPrototypeOf(at) as object) {
    done.add(at);
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      const snake = toKeras(name);
      if (snake === name || /^_|_\w_|_\w$/.test(snake) || snake in prototype) continue;
      // Some code reads other names to identify an object, such as `class_name`.
      if (typeof value !== "function" && !/_(weights|variables)$/.test(snake)) continue;
      answerCamelCase(at, snake, name, typeof value === "function");
    }
  }
  for (const [name, cure] of Object.entries(cures)) {
    const isMethod = typeof cure === "string";
    for (const spelled of new Set([name, toKeras(name)])) {
      answer(prototype, spelled, isMethod ? cure : cure.cure, isMethod, isMethod ? undefined : cure.refuses);
    }
  }
}

function answer(
  prototype: object,
  name: string,
  cure: string,
  isMethod: boolean,
  refuses = (_: object) => false,
): void {
  const refuse = (owner: object): never => {
    throw new ArgumentTypeError("ERR_NOT_IMPLEMENTED", `${labelOf(owner)}: there is no ${name}. ${cure}`);
  };
  Object.defineProperty(prototype, name, {
    // For a method only the call is refused: code may check whether it exists.
    get(this: object) {
      return isMethod ? () => refuse(this) : refuse(this);
    },
    // A subclass may have a field of this name.
    set(this: object, value: unknown) {
      if (refuses(this)) refuse(this);
      asOwn(this, name, value);
    },
    configurable: true,
  });
}

/** Replaces an inherited getter by a property of this object, for subclasses that assign to its name. */
export function asOwn(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * Warns about methods of a custom class that are never called: Keras's snake_case names. Once for each class, whose
 * getters are guarded then. The argument is the object, not `new.target`, which Terser (webpack) loses when
 * it inlines this function.
 */
export function warnOfForeignNames(made: object): void {
  const prototypes: object[] = [];
  let at = Object.getPrototypeOf(made) as object;
  for (; !done.has(at) && at !== Object.prototype; at = Object.getPrototypeOf(at) as object) prototypes.push(at);
  for (const each of prototypes) {
    done.add(each);
    if (Object.hasOwn(each.constructor, "builtIn")) refuseAssignments(each);
    else guard(each, false);
    for (const name of Object.getOwnPropertyNames(each)) {
      const meant = camelCase.get(name);
      if (meant === undefined) continue;
      warnOnce(each, `${customName(each.constructor)}: nothing calls its ${name}. The method is called ${meant}.`);
    }
  }
}
