/**
 * The caller's data as plain arrays that can be transferred to another thread.
 *
 * Data are copied once, and the copy is transferred; the caller's arrays stay usable. Large ones are copied by {@link Packing.finish},
 * piece by piece. With `give`, typed arrays that own their whole buffer are transferred instead of copied, and are
 * empty afterwards. Arrays in shared memory are shared.
 *
 * @module
 */

import { checkAttached, isImage, type NumberArray, numbersIn } from "../../array-like.js";
import { isArrayBuffer, isFloat64Array, isInt32Array, isNumbers, isReadable, typedArrayName } from "../../brands.js";
import { ValueError } from "../../errors.js";
import { refuseData, refuseEntry, refuseForeign } from "../../models/data-cures.js";
import type { RowShapes } from "../../models/forms.js";
import { isNamed } from "../../models/samples.js";
import { isList } from "../../options.js";
import { outlasting } from "../../runtime/memory.js";
import { type NestedNumbers, readNested, refuseRagged, sameShape, sizeOf } from "../../shape.js";
import { isTensor, type Tensor } from "../../tensor.js";
import { naturalShape, type Values } from "../../values.js";
import { isVariable, type Variable } from "../../variable.js";
import type { WeightInput, WeightValue } from "../../weights.js";
import { Copying } from "./copying.js";
import type { Packed, PackedArray } from "./protocol.js";

/** Numbers of inputs and outputs, and whether data are transferred without a copy. */
export interface Giving {
  readonly give: boolean;
  readonly inputs: number;
  readonly outputs: number;
  /** Shapes of the inputs' samples. */
  readonly rowShapes: RowShapes;
  /** Whether copies are in memory that several workers share. Default: false. */
  readonly shared?: boolean;
}

/** Packs the data of one call. */
export class Packing {
  /** Buffers to transfer. Each buffer once, because data and labels may be the same array. */
  readonly #moved = new Map<ArrayBufferLike, NumberArray>();
  /** Copies of the caller's arrays. */
  readonly #copies = new Map<NumberArray, NumberArray>();
  readonly #copying = new Copying();
  readonly #give: boolean;
  readonly #owner: string;
  readonly #shared: boolean;

  /**
   * Packs the data of one call.
   *
   * @param owner - For messages: `"fit"`.
   */
  constructor(owner: string, give: boolean, shared = false) {
    this.#owner = owner;
    this.#give = give;
    this.#shared = shared;
  }

  /** Buffers for `postMessage` to transfer. */
  get moved(): ArrayBuffer[] {
    return [...this.#moved.keys()].filter((buffer) => isArrayBuffer(buffer));
  }

  /**
   * Copies data that are too large for an immediate copy; undefined if there are none.
   *
   * @param isVain - Called repeatedly; returns whether the call is no longer needed.
   * @throws ValueError, TypeError for anything but lists of numbers, DisposedError for tensors
   */
  finish(isVain: () => boolean): Promise<void> | undefined {
    return this.#copying.finish(isVain);
  }

  /** Data for this many inputs or outputs. @throws ValueError, TypeError for anything but data */
  data(name: string, given: unknown, count: number): Packed {
    if (given === undefined || given === null) return { kind: "plain", value: given };
    if (isNamed(given)) {
      refuseForeign(`${this.#owner}: "${name}"`, given);
      const entries = Object.entries(given).map(([key, value]) => [key, this.#one(`"${name}" for "${key}"`, value)]);
      return { kind: "named", named: Object.fromEntries(entries) };
    }
    if (count > 1 && isList(given) && typeof given[0] !== "number") {
      return { kind: "list", list: given.map((entry, i) => this.#one(`"${name}"[${i}]`, entry)) };
    }
    return this.#one(`"${name}"`, given);
  }

  /** Weights that the caller sets. @throws ValueError, TypeError for anything else */
  weights(given: readonly WeightInput[]): unknown[] {
    return Array.from(given, (entry, i) => {
      const isCopy = isReadable(entry) && "data" in entry;
      if (isCopy) return { ...entry, data: this.#weightData(entry.data) } satisfies WeightValue;
      if (typeof entry === "number" || isFloat64Array(entry)) return entry;
      // Counters would be rounded to float32.
      if (isList(entry) && entry.length === 1 && typeof entry[0] === "number") return [entry[0]];
      const { data, shape, dtype } = this.#array(`entry ${i}`, entry);
      return shape === null ? data : { data, shape, dtype };
    });
  }

  #one(label: string, given: unknown): Packed {
    if (given === undefined || given === null) return { kind: "plain", value: given };
    // The model decides whether alpha is used.
    if (isImage(given)) return { kind: "plain", value: plainImage(given) };
    if (isList(given) && isImage(given[0])) return { kind: "plain", value: given.map(plainImage) };
    return { kind: "array", array: this.#array(label, given as Values) };
  }

  #array(label: string, given: Tensor | Variable | Values): PackedArray {
    const owner = `${this.#owner}: ${label}`;
    if (isTensor(given) || isVariable(given)) {
      // Memory may move between two pieces: each piece gets a new view.
      const data = this.#copy(given.numbers, () => given.numbers);
      return { data, shape: [...given.shape], dtype: given.dtype };
    }
    const found = numbersIn(owner, given);
    if (found !== undefined) {
      // The array itself, because it may be passed again. Big integers became numbers.
      const own = typedArrayName(given)?.startsWith("Big") ? found.flat : (given as NumberArray);
      return { data: this.#moveOrCopy(own), shape: null, dtype: isInt32Array(given) ? "int32" : "float32" };
    }
    if (!isList(given)) refuseData(owner, given);
    const shape = naturalShape(owner, given);
    const data = this.#flat(owner, given as NestedNumbers, shape);
    // A flat list may be split into rows, like a typed array.
    return { data, shape: shape.length === 1 ? null : shape, dtype: "float32" };
  }

  /** Nested numbers, or a flat list of them. @throws ValueError, TypeError for anything else, at once or later */
  #flat(owner: string, given: NestedNumbers, shape: readonly number[]): Float32Array {
    const data = this.#made(Float32Array, sizeOf(shape));
    const [count = 1, ...row] = shape;
    const size = sizeOf(row);
    this.#copying.add(count, size, (begin, end) => {
      const part = Array.isArray(given) ? given.slice(begin, end) : given;
      const own = Array.isArray(given) ? [end - begin, ...row] : [];
      const read = readNested(owner, part, Float32Array, refuseEntry);
      if (!sameShape(read.shape, own)) refuseRagged(owner, shape);
      data.set(read.flat, begin * size);
    });
    return data;
  }

  /** Data of a weight. The worker refuses anything else, with the expected type. */
  #weightData(data: WeightValue["data"]): WeightValue["data"] {
    if (!isNumbers(data)) return data;
    checkAttached(this.#owner, data);
    return this.#copyOf(data);
  }

  #moveOrCopy(given: NumberArray): NumberArray {
    const known = this.#moved.get(given.buffer);
    if (known !== undefined && known.length === given.length && known.constructor === given.constructor) return known;
    if (!isArrayBuffer(given.buffer)) return given;
    const isWhole = given.byteLength === given.buffer.byteLength;
    return this.#give && isWhole && known === undefined ? this.#move(given) : this.#copyOf(given);
  }

  /** A copy of a caller's array, or the existing copy if the array was passed before. */
  #copyOf<T extends NumberArray>(given: T): T {
    const known = this.#copies.get(given);
    if (known !== undefined) return known as T;
    // A view of WebAssembly memory would be detached when it grows.
    const from = outlasting(given);
    const copy = this.#copy(from, () => from);
    this.#copies.set(given, copy);
    return copy;
  }

  /** @param now - Returns the current view of the numbers, for each piece. */
  #copy<T extends NumberArray>(first: T, now: () => T): T {
    const { length } = first;
    const data = this.#made(first.constructor as MadeBy<T>, length);
    this.#copying.add(length, 1, (begin, end) => {
      const from = now();
      if (from.length !== length) {
        throw new ValueError(
          "ERR_VALUES_DETACHED",
          `${this.#owner}: an array of ${length} values was transferred, for instance to another worker, while it was being copied.`,
        );
      }
      data.set(from.subarray(begin, end), begin);
    });
    return data;
  }

  /** Memory for a copy. */
  #made<T extends NumberArray>(Made: MadeBy<T>, length: number): T {
    const bytes = length * Made.BYTES_PER_ELEMENT;
    return this.#shared ? new Made(new SharedArrayBuffer(bytes)) : this.#move(new Made(new ArrayBuffer(bytes)));
  }

  #move<T extends NumberArray>(array: T): T {
    this.#moved.set(array.buffer, array);
    return array;
  }
}

/** The constructor of a typed array. */
interface MadeBy<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer | SharedArrayBuffer): T;
}

/** An image as a plain object, which `postMessage` can copy, whatever package its class is from. */
function plainImage(image: unknown): unknown {
  if (!isImage(image)) return image;
  const { data, width, height } = image;
  return { data, width, height };
}
