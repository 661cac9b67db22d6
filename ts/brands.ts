/**
 * Kinds of values by their brand, in every realm: `instanceof` knows only the classes
 * of this realm, and refuses an array from an iframe, from a vm context, or from Jest or jsdom.
 *
 * @module
 */

/** Names of the typed arrays. */
export type TypedArrayName =
  | "Float32Array"
  | "Float64Array"
  | "Int32Array"
  | "Int8Array"
  | "Int16Array"
  | "Uint8Array"
  | "Uint8ClampedArray"
  | "Uint16Array"
  | "Uint32Array"
  | "BigInt64Array"
  | "BigUint64Array"
  | "Float16Array";

const TYPED_ARRAY = Object.getPrototypeOf(Int8Array.prototype) as object;

/** The one getter that names the type of a typed array of any realm; `undefined` for everything else, proxies included. */
const nameGetter = Object.getOwnPropertyDescriptor(TYPED_ARRAY, Symbol.toStringTag)?.get as (
  this: unknown,
) => TypedArrayName | undefined;

const lengthGetter = Object.getOwnPropertyDescriptor(TYPED_ARRAY, "length")?.get as (this: unknown) => number;
const bufferGetter = Object.getOwnPropertyDescriptor(TYPED_ARRAY, "buffer")?.get as (this: unknown) => ArrayBufferLike;
const offsetGetter = Object.getOwnPropertyDescriptor(TYPED_ARRAY, "byteOffset")?.get as (this: unknown) => number;

/** Length of a typed array, bypassing a subclass's getters. */
export function lengthOf(array: ArrayBufferView): number {
  return lengthGetter.call(array);
}

/** Memory of a typed array, bypassing a subclass's getters. */
export function bufferOf(array: ArrayBufferView): ArrayBufferLike {
  return bufferGetter.call(array);
}

/** The same numbers as an array of this realm that is not a subclass, whose methods are the platform's. */
export function plainArray<T>(array: T): T {
  const Made = (globalThis as unknown as Record<string, Float32ArrayConstructor>)[nameGetter.call(array) as string];
  return new (Made as Float32ArrayConstructor)(
    bufferGetter.call(array) as ArrayBuffer,
    offsetGetter.call(array),
    lengthGetter.call(array),
  ) as T;
}

/** The type of a typed array, `undefined` for other values. Subclasses count as what they extend. */
export function typedArrayName(value: unknown): TypedArrayName | undefined {
  return nameGetter.call(value);
}

/** Whether it is a `Float32Array`. */
export function isFloat32Array(value: unknown): value is Float32Array {
  return nameGetter.call(value) === "Float32Array";
}

/** Whether it is a `Float64Array`. */
export function isFloat64Array(value: unknown): value is Float64Array {
  return nameGetter.call(value) === "Float64Array";
}

/** Whether it is an `Int32Array`. */
export function isInt32Array(value: unknown): value is Int32Array {
  return nameGetter.call(value) === "Int32Array";
}

/** Whether it is a typed array of the values that live in WebAssembly memory. */
export function isNumbers(value: unknown): value is Float32Array | Int32Array {
  const name = nameGetter.call(value);
  return name === "Float32Array" || name === "Int32Array";
}

/**
 * Whether the memory of a typed array is gone: its buffer was transferred, shrunk, or is that of a WebAssembly
 * memory that has grown. Such an array has length 0, and would count as empty.
 */
export function isDetached(array: ArrayBufferView): boolean {
  if (typedArrayName(array) === undefined ? array.byteLength !== 0 : lengthGetter.call(array) !== 0) return false;
  try {
    // Every method of typed arrays begins with this check.
    Int8Array.prototype.at.call(array as Int8Array, 0);
    return false;
  } catch {
    return true;
  }
}

/** `value instanceof type`, and false for a proxy that was revoked, which only throws. */
export function isA<T>(value: unknown, type: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/** Whether it is a proxy that was revoked, of an object or a function: nothing can be read from it. */
export function isUnreadable(value: unknown): boolean {
  try {
    if (value !== undefined && value !== null) Object.getPrototypeOf(value);
    return false;
  } catch {
    return true;
  }
}

/** Whether it is an object whose properties can be read. */
export function isReadable(value: unknown): value is object {
  return typeof value === "object" && value !== null && !isUnreadable(value);
}

/** Whether it is a plain object of any realm: no list, no instance of a class, nothing that inherits from another object. */
export function isPlain(value: unknown): value is object {
  if (!isReadable(value)) return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether it is a function that can be called: no class, no proxy that was revoked. */
export function isCallable(value: unknown): value is (...args: never[]) => unknown {
  if (typeof value !== "function") return false;
  try {
    // Only the prototypes of classes and of some platform functions are read-only.
    return Object.getOwnPropertyDescriptor(value, "prototype")?.writable !== false;
  } catch {
    return false;
  }
}

/** Whether it is an `ArrayBuffer`, not a `SharedArrayBuffer`. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return answers(ArrayBuffer.prototype, "byteLength", value);
}

/** Whether it is a `Map`. */
export function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return answers(Map.prototype, "size", value);
}

/** Whether it is a `Set`. */
export function isSet(value: unknown): value is ReadonlySet<unknown> {
  return answers(Set.prototype, "size", value);
}

/** Whether it can be awaited as a promise can. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  const type = typeof value;
  // Most values are not promises: results of steps.
  if (value === undefined || value === null || !(type === "object" || type === "function")) return false;
  const isObject = isReadable(value) || isCallable(value);
  return isObject && typeof (value as { then?: unknown }).then === "function";
}

/** Whether it is an error, a `DOMException` included. */
export function isError(value: unknown): value is Error {
  if (value instanceof Error) return true;
  const text = typeof value === "object" ? Object.prototype.toString.call(value) : "";
  return text === "[object Error]" || text === "[object DOMException]";
}

/** Whether it is a `DOMException`. */
export function isDOMException(value: unknown): value is DOMException {
  return isError(value) && Object.prototype.toString.call(value) === "[object DOMException]";
}

/** Whether it is a `WebAssembly.Module`. */
export function isWasmModule(value: unknown): value is WebAssembly.Module {
  try {
    WebAssembly.Module.customSections(value as WebAssembly.Module, "none");
    return true;
  } catch {
    return false;
  }
}

/** Whether it is a `WebAssembly.Memory`. */
export function isWasmMemory(value: unknown): value is WebAssembly.Memory {
  return typeof WebAssembly === "object" && answers(WebAssembly.Memory.prototype, "buffer", value);
}

/** Whether a getter of a built-in class takes `value` for an object of that class. */
function answers(prototype: object, key: string, value: unknown): boolean {
  try {
    Object.getOwnPropertyDescriptor(prototype, key)?.get?.call(value);
    return true;
  } catch {
    return false;
  }
}
