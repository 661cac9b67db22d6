/**
 * Kinds of sources by their brand, in every realm.
 *
 * @module
 */

import { checkAttached } from "../../array-like.js";
import { isArrayBuffer, isReadable } from "../../brands.js";
import type { URL } from "../../platform-types.js";

const hasTag = (value: unknown, tag: string) => Object.prototype.toString.call(value) === `[object ${tag}]`;

/** Whether it is an `ArrayBuffer` or a `SharedArrayBuffer`. */
export function isBuffer(value: unknown): value is ArrayBuffer {
  return isArrayBuffer(value) || hasTag(value, "SharedArrayBuffer");
}

/** Whether it is a `URL`. */
export function isURL(value: unknown): value is URL {
  return hasTag(value, "URL");
}

/** Whether it can have properties. */
export function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return isReadable(value);
}

/** The bytes of a typed array or a `DataView`. @throws ValueError if it is detached */
export function bytesOfView(owner: string, view: ArrayBufferView): Uint8Array {
  checkAttached(owner, view);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
