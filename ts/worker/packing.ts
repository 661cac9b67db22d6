/**
 * The caller's data as plain arrays that can be moved to another thread.
 *
 * A copy is made once, and moved; the caller's arrays stay his. With `give`, typed arrays that have their
 * buffer for themselves are moved as they are, and are empty afterwards. Arrays in shared memory are shared.
 *
 * @module
 */

import { Tensor } from "../tensor.js";
import { flatValues, naturalShape, type Values } from "../values.js";
import { Variable } from "../variable.js";
import type { WeightInput, WeightValue } from "../weights.js";
import type { Packed, PackedArray } from "./protocol.js";

/** For how many inputs and outputs data are, and whether they are given away. */
export interface Giving {
  readonly give: boolean;
  readonly inputs: number;
  readonly outputs: number;
  /** Copies go to memory that several workers share. Default: false. */
  readonly shared?: boolean;
}

/** Packs the data of one call. */
export class Packing {
  /** What is moved. Each buffer once, though data and labels may be the same array. */
  readonly #moved = new Map<ArrayBufferLike, Float32Array | Int32Array>();
  readonly #give: boolean;
  readonly #owner: string;
  readonly #shared: boolean;

  /** @param owner - For messages: `"fit"`. */
  constructor(owner: string, give: boolean, shared = false) {
    this.#owner = owner;
    this.#give = give;
    this.#shared = shared;
  }

  /** What `postMessage` shall move. */
  get moved(): ArrayBuffer[] {
    return [...this.#moved.keys()].filter((buffer) => buffer instanceof ArrayBuffer);
  }

  /** Data for so many inputs or outputs. @throws ValueError, TypeError for what is no data */
  data(name: string, given: unknown, count: number): Packed {
    if (given === undefined || given === null) return { kind: "plain", value: given };
    if (isNamed(given)) {
      const entries = Object.entries(given).map(([key, value]) => [key, this.#one(`"${name}" for "${key}"`, value)]);
      return { kind: "named", named: Object.fromEntries(entries) };
    }
    if (count > 1 && Array.isArray(given) && typeof given[0] !== "number") {
      return { kind: "list", list: given.map((entry, i) => this.#one(`"${name}"[${i}]`, entry)) };
    }
    return this.#one(`"${name}"`, given);
  }

  /** Weights that the caller sets. @throws ValueError, TypeError for what is none */
  weights(given: readonly WeightInput[]): unknown[] {
    return Array.from(given, (entry, i) => {
      const isCopy = typeof entry === "object" && entry !== null && "data" in entry;
      if (isCopy) return { ...entry, data: entry.data.slice() } satisfies WeightValue;
      if (typeof entry === "number") return entry;
      const { data, shape, dtype } = this.#array(`entry ${i}`, entry);
      return shape === null ? data : { data, shape, dtype };
    });
  }

  #one(label: string, given: unknown): Packed {
    if (given === undefined || given === null) return { kind: "plain", value: given };
    return { kind: "array", array: this.#array(label, given as Values) };
  }

  #array(label: string, given: Tensor | Variable | Values): PackedArray {
    const owner = `${this.#owner}: ${label}`;
    if (given instanceof Tensor || given instanceof Variable) {
      return { data: this.#move(given.array()), shape: [...given.shape], dtype: given.dtype };
    }
    const shape = naturalShape(owner, given);
    if (given instanceof Float32Array || given instanceof Int32Array) {
      return { data: this.#moveOrCopy(given), shape: null, dtype: given instanceof Int32Array ? "int32" : "float32" };
    }
    const data = Float32Array.from(flatValues(owner, given, shape, "float32"));
    // A flat list may be cut into rows, as a typed array may.
    return { data: this.#move(data), shape: shape.length === 1 ? null : shape, dtype: "float32" };
  }

  #moveOrCopy(given: Float32Array | Int32Array): Float32Array | Int32Array {
    const known = this.#moved.get(given.buffer);
    if (known !== undefined && known.length === given.length && known.constructor === given.constructor) return known;
    if (!(given.buffer instanceof ArrayBuffer)) return given;
    const isWhole = given.byteLength === given.buffer.byteLength;
    return this.#give && isWhole && known === undefined ? this.#move(given) : this.#move(given.slice());
  }

  #move<T extends Float32Array | Int32Array>(array: T): T {
    if (this.#shared) return inSharedMemory(array);
    this.#moved.set(array.buffer, array);
    return array;
  }
}

function inSharedMemory<T extends Float32Array | Int32Array>(array: T): T {
  const Numbers = array.constructor as new (buffer: SharedArrayBuffer) => T;
  const shared = new Numbers(new SharedArrayBuffer(array.byteLength));
  shared.set(array);
  return shared;
}

function isNamed(data: unknown): data is Readonly<Record<string, unknown>> {
  return (
    typeof data === "object" &&
    data !== null &&
    !Array.isArray(data) &&
    !ArrayBuffer.isView(data) &&
    !(data instanceof Tensor || data instanceof Variable)
  );
}
