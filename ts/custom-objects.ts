/**
 * The user's classes and functions, by their names in JSON.
 *
 * They apply to one whole call, `deserialize` or `modelFromJSON`, at any depth of the JSON. Such calls are synchronous,
 * so the current objects are kept here, as in Keras's `custom_object_scope`.
 *
 * @module
 */

import { isCallable, isPlain } from "./brands.js";
import { checkSameCopy } from "./copies.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import { shown } from "./options.js";

/** A class (of any family), or a function: an activation, a loss, a metric, an initializer and so on. */
export type CustomObject = (abstract new (...args: never[]) => object) | ((...args: never[]) => unknown);

/** Custom classes and functions of any family, by the names under which they were saved. */
export type CustomObjects = Readonly<Record<string, CustomObject>>;

/** The objects of the running calls, the innermost first. */
let scopes: readonly CustomObjects[] = [];

/**
 * Runs `work`, during which these names are known.
 *
 * @throws TypeError for anything but an object of classes and functions
 */
export function withCustomObjects<T>(owner: string, objects: CustomObjects | null | undefined, work: () => T): T {
  const known = checkCustomObjects(owner, objects);
  const outer = scopes;
  if (known !== undefined) scopes = [known, ...outer];
  try {
    return work();
  } finally {
    scopes = outer;
  }
}

/** Custom classes and functions that were written by name, while {@link written} collects them. */
let gathered: CustomObjects[] | undefined;

/** Must be called for each custom class and function that JSON only names. */
export function noteWritten(name: string, made: object): void {
  gathered?.push({ [name]: made as CustomObject });
}

/** Runs `write`. @returns its result, and the custom objects that are needed to read it again */
export function written<T>(write: () => T): readonly [result: T, objects: readonly CustomObjects[]] {
  const outer = gathered;
  const own: CustomObjects[] = [];
  gathered = own;
  try {
    return [write(), own];
  } finally {
    gathered = outer;
  }
}

/** The same with several sets, which may share names across families. */
export function withAllCustomObjects<T>(owner: string, sets: readonly CustomObjects[], work: () => T): T {
  const [first, ...others] = sets;
  if (first === undefined) return work();
  return withCustomObjects(owner, first, () => withAllCustomObjects(owner, others, work));
}

/** Objects that are being read now. */
const underRead = new WeakSet<object>();

/**
 * Reads the objects, once: a getter may run any code.
 *
 * @returns a copy
 * @throws TypeError for anything but an object of classes and functions
 */
export function checkCustomObjects(owner: string, objects: unknown): CustomObjects | undefined {
  if (objects === undefined || objects === null) return undefined;
  if (!isPlain(objects)) {
    refuse(`${owner}: customObjects must be an object of classes and functions by name, got ${shown(objects)}.`);
  }
  const entries = entriesOf(owner, objects);
  for (const [name, value] of entries) {
    checkSameCopy(`${owner}: customObjects["${name}"]`, value);
    if (typeof value === "function") continue;
    if (name === "customObjects" && isPlain(value)) {
      const names = Object.keys(value).join(", ");
      refuse(`${owner} takes the classes and functions themselves, { ${names} }, not { customObjects: { ${names} } }.`);
    }
    refuse(`${owner}: customObjects["${name}"] must be a class or a function, got ${shown(value)}.`);
  }
  return Object.fromEntries(entries) as CustomObjects;
}

/** @throws TypeError when a getter of them reads them again */
function entriesOf(owner: string, objects: object): [name: string, value: unknown][] {
  const isAgain = underRead.has(objects);
  underRead.add(objects);
  try {
    if (!isAgain) return Object.entries(objects);
  } catch (error) {
    // The engine's own error, which has no code.
    if (!/call stack|recursion/i.test(String((error as Partial<Error> | undefined)?.message))) throw error;
  } finally {
    if (!isAgain) underRead.delete(objects);
  }
  return refuse(`${owner}: a getter of customObjects reads customObjects again, without end.`);
}

/**
 * The running calls' custom object of the first of `names` that has one.
 *
 * @param fits - Whether it belongs to the requested family. Families may share a name in different scopes.
 * @throws TypeError when objects of this name exist, but none fits
 */
export function customObject(
  names: readonly unknown[],
  expected: string,
  fits: (found: CustomObject) => boolean,
): CustomObject | undefined {
  for (const name of names) {
    if (typeof name !== "string") continue;
    const found = scopes.map((objects) => own(objects, name)).filter((value) => value !== undefined) as CustomObject[];
    const fitting = found.find(fits);
    if (fitting !== undefined) return fitting;
    if (found.length > 0) refuse(`customObjects["${name}"] must be ${expected}, got ${kindOf(found[0])}.`);
  }
  return undefined;
}

/** Whether the running calls' custom objects have this name. */
export function isCustomName(name: string): boolean {
  return scopes.some((objects) => own(objects, name) !== undefined);
}

function refuse(message: string): never {
  throw new ArgumentTypeError("ERR_OPTION_TYPE", message);
}

function kindOf(found: unknown): string {
  const { prototype } = found as { prototype?: object };
  return prototype === undefined ? "a function" : `the class or function ${shown((found as { name: string }).name)}`;
}

/**
 * The name under which a class, or a function, is saved: its own `className` if it has one, else JavaScript's name,
 * which minifiers change. An inherited `className` does not count, because a subclass must not be saved as its base class.
 */
export function customName(thing: object): string {
  const className = own(thing, "className");
  if (typeof className === "string" && className !== "") return className;
  const { name } = thing as { readonly name?: unknown };
  return typeof name === "string" ? name : "";
}

/** A function as Keras writes it. */
export interface SavedFunction {
  readonly module: "builtins";
  readonly class_name: "function";
  /** Its name. */
  readonly config: string;
  readonly registered_name: "function";
}

/**
 * A function as JSON, by its name: the reader passes the function in `customObjects`.
 *
 * @param builtIn - Finds the built-in function of a name, if the family has any.
 * @throws ValueError for a function without a name, or with the name of a built-in one, which would be read instead
 */
export function savedFunction(
  kind: string,
  fn: object,
  builtIn: (name: string) => object | undefined = () => undefined,
): SavedFunction {
  if (!isCallable(fn)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `Expected a function, as ${kind}, got ${shown(fn)}.`);
  }
  const name = customName(fn);
  if (name !== "" && builtIn(name) !== undefined) {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `A custom function called ${shown(name)} as ${kind} cannot be saved: a built-in one has this name. Give it another name.`,
    );
  }
  if (name === "") {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `A function without a name as ${kind} cannot be saved. Declare it as function myFunction() { ... }, and pass { myFunction } as customObjects where it is read.`,
    );
  }
  noteWritten(name, fn);
  return builtInFunction(name);
}

/** A built-in function as JSON, by Keras's name of it. */
export function builtInFunction(name: string): SavedFunction {
  return { module: "builtins", class_name: "function", config: name, registered_name: "function" };
}

/** The custom function of {@link savedFunction}'s JSON. @throws ValueError for an unknown one, and other JSON */
export function customFunction(kind: string, json: unknown): CustomObject {
  const saved = (typeof json === "object" && json !== null ? json : {}) as object;
  const name = own(saved, "class_name") === "function" ? own(saved, "config") : undefined;
  if (typeof name !== "string") {
    throw new ValueError("ERR_CONFIG_INVALID", `Expected the JSON of a function, as ${kind}, got ${shown(json)}.`);
  }
  return customObject([name, unpackaged(name)], "a function", () => true) ?? unknownFunction(kind, name);
}

/** Throws the error for a function that is not among the custom objects. */
export function unknownFunction(kind: string, name: string): never {
  throw new ValueError(
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No function is called ${shown(name)}, as ${kind}: pass it in customObjects, as { ${name}: ... }.`,
  );
}

/** Functions with which a family of classes saves functions as well as objects. */
export interface FunctionSaving {
  readonly save: typeof savedFunction;
  readonly refuse: typeof unknownFunction;
}

/** Passed to a registry, so that families without functions, such as optimizers, do not load it. */
export const functionSaving: FunctionSaving = { save: savedFunction, refuse: unknownFunction };

/** `pkg>MyLayer`, as written by `register_keras_serializable(package="pkg")`, without its package. */
export function unpackaged(registered: string): string {
  return registered.slice(registered.lastIndexOf(">") + 1);
}

/** Refuses an object of a class that lacks a method which it must override. @throws ValueError */
export function checkOverrides(owner: string, object: object, method: string, signature: string): void {
  if (typeof (object as Record<string, unknown>)[method] === "function") return;
  throw new ValueError(
    "ERR_NOT_IMPLEMENTED",
    `${owner}: ${customName(object.constructor)} must override ${signature}.`,
  );
}

/** Only own properties: a config is foreign data, and `constructor` is not one of its keys. */
export function own(holder: object, key: string): unknown {
  return Object.hasOwn(holder, key) ? (holder as Record<string, unknown>)[key] : undefined;
}
