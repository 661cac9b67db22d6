/**
 * Tensors: numbers in WebAssembly memory that are not trained, such as a gradient.
 *
 * Over 300 lines: one class, whose methods are fully documented.
 *
 * @module
 */

import type { ImageValues } from "./array-like.js";
import { isInt32Array } from "./brands.js";
import { nextChange } from "./changes.js";
import { COPY, isObject, refuseProxy } from "./copies.js";
import {
  displayed,
  INSPECT,
  type NestedList,
  NOTEBOOK,
  type Notebook,
  type NumbersJSON,
  nestedList,
  notebook,
  numbersJSON,
} from "./display.js";
import { DisposedError, ValueError } from "./errors.js";
import { refuseAssignments } from "./getters.js";
import { checkCount, checkMethod } from "./options.js";
import { primitive } from "./primitive.js";
import { Loose, settle } from "./runtime/loose.js";
import { float32, int32 } from "./runtime/memory.js";
import type { SharedArena, Storage } from "./runtime/storage.js";
import { checkedShape, countText, sizeOf } from "./shape.js";
import { beforeState, beforeView } from "./undo.js";
import { checkedDType, type DType, fitting, readNumbers, type TypedArrayOf, type Values } from "./values.js";

/**
 * Numbers in WebAssembly memory, with a shape. {@link tensor} and operations create them.
 *
 * @see [keras.ops.convert_to_tensor](https://keras.io/api/ops/core/#convert_to_tensor-function)
 * @example
 * ```ts
 * import { ops, tensor } from "gradstep";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * console.log(x.shape, x.dtype, x.size); // [2, 2] float32 4
 * console.log(ops.matmul(x, x).toArray()); // [[7, 10], [15, 22]]
 * ```
 */
export class Tensor<D extends DType = DType> {
  /** Lengths of the axes, outermost first. */
  readonly shape: readonly number[];
  /** Number of elements. */
  readonly size: number;
  /** Element type. */
  readonly dtype: D;
  readonly #storage: Storage;

  /** Use {@link tensor}. @internal */
  constructor(shape: readonly number[], dtype: D, storage?: Storage) {
    this.shape = storage === undefined ? checkedShape("Tensor", shape) : shape;
    this.size = sizeOf(shape);
    this.dtype = dtype;
    this.#storage = storage ?? new Loose(this.size);
  }

  /** @throws TypeError for a proxy */
  static #of(tensor: Tensor): Storage {
    return isObject(tensor) && #storage in tensor ? tensor.#storage : refuseProxy("tensor");
  }

  /** Saves the state, which is restored after a trial call of a layer. */
  static #saved(tensor: Tensor): () => void {
    const storage = Tensor.#of(tensor);
    const { changed } = storage;
    const before = tensor.array();
    return () => {
      if (storage.freed) return;
      tensor.numbers.set(before);
      storage.changed = changed;
    };
  }

  /**
   * The numbers, in an array that always belongs to the tensor: operations use the values written to it. After the
   * first use of `value`, each operation copies them into WebAssembly memory; {@link Tensor.array} and {@link
   * Tensor.item} return copies without this effect. A tape cannot detect writes to the array: between recording and
   * `gradient()` use {@link Tensor.assign}, which it detects and refuses.
   *
   * @throws DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor; TypeError (`ERR_OPTION_TYPE`) for a
   * proxy of one
   */
  get value(): TypedArrayOf<D> {
    const storage = Tensor.#of(this);
    beforeView(this, Tensor.#saved);
    storage.lend();
    return this.numbers;
  }

  /** A view of the numbers for immediate use: invalid after the next allocation. @internal */
  get numbers(): TypedArrayOf<D> {
    const { outside } = Tensor.#of(this);
    if (outside !== undefined) return viewOf(this.dtype, outside.buffer, outside.byteOffset, this.size);
    const { address } = this;
    return (this.dtype === "float32" ? float32(address, this.size) : int32(address, this.size)) as TypedArrayOf<D>;
  }

  /**
   * Copies the numbers.
   *
   * @returns A flat typed array, row by row.
   * @throws DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor; TypeError (`ERR_OPTION_TYPE`) for a
   * proxy of one
   */
  array(): TypedArrayOf<D> {
    checkMethod(this, "array", arguments.length, 0);
    return this.numbers.slice() as TypedArrayOf<D>;
  }

  /**
   * Reads the number of a tensor that has just one, such as a loss.
   *
   * @returns That number.
   * @throws ValueError (`ERR_VALUES_SHAPE`) when it has more or fewer
   * @throws DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor; TypeError (`ERR_OPTION_TYPE`) for a
   * proxy of one
   */
  item(): number {
    checkMethod(this, "item", arguments.length, 0);
    Tensor.#of(this);
    if (this.size !== 1) {
      throw new ValueError(
        "ERR_VALUES_SHAPE",
        `item() needs a tensor with one value, got ${countText(this.shape)}. Use array() for all of them.`,
      );
    }
    return this.numbers[0]!;
  }

  /**
   * Overwrites the numbers.
   *
   * @param values - As many as the tensor has: a typed array, a tensor, or nested lists of its shape.
   * @returns The tensor itself, of the same shape.
   * @throws ValueError (`ERR_VALUES_SHAPE`) when the values do not fit the shape, or their rows differ in length
   * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_DETACHED`) for anything but numbers; nothing is
   * written then
   * @throws DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor; TypeError (`ERR_OPTION_TYPE`) for a
   * proxy of one
   */
  assign(values: Values): this {
    checkMethod(this, "assign", arguments.length, 1);
    const flat = fitting("Tensor", readNumbers("Tensor", values, this.dtype), this.shape);
    beforeState(this, Tensor.#saved);
    this.numbers.set(flat);
    this.noteChange();
    return this;
  }

  /** Number of the last {@link Tensor.assign} among all in-place changes, by any tensor that shares the memory. @internal */
  get changed(): number {
    return Tensor.#of(this).changed;
  }

  /** Records an in-place change: tapes refuse gradients that need the earlier numbers. @internal */
  noteChange(): void {
    Tensor.#of(this).changed = nextChange();
  }

  /** The arena that contains it, if any. @internal */
  get arena(): SharedArena | undefined {
    return Tensor.#of(this).arena;
  }

  /**
   * Whether {@link Tensor.dispose} was called.
   *
   * @throws TypeError (`ERR_OPTION_TYPE`) for a proxy of a tensor
   */
  get disposed(): boolean {
    return Tensor.#of(this).freed;
  }

  /**
   * Frees the memory. Using the tensor afterwards is an error, disposing of it again is not.
   *
   * @throws TypeError (`ERR_OPTION_TYPE`) for a proxy of a tensor
   */
  dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    Tensor.#of(this).free();
  }

  /**
   * Copies the numbers into nested lists.
   *
   * @returns Lists as deep as the shape is long; a number if the shape is `[]`.
   * @throws DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor; TypeError (`ERR_OPTION_TYPE`) for a
   * proxy of one
   */
  toArray(): NestedList {
    checkMethod(this, "toArray", arguments.length, 0);
    return nestedList(this.numbers, this.shape);
  }

  /**
   * Text that `console.log` shows: shape, type and numbers, shortened as NumPy does.
   *
   * @returns Several lines of text; that of a freed tensor says so.
   */
  toString(): string {
    checkMethod(this, "toString", arguments.length, 0);
    return displayed("Tensor", this);
  }

  /**
   * Value for `JSON.stringify`, which `setWeights` reads. NaN and Infinity become `null` in the text.
   *
   * @param _key - Ignored: `JSON.stringify` passes it.
   * @returns Flat numbers, shape and type.
   * @throws DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor; TypeError (`ERR_OPTION_TYPE`) for a
   * proxy of one
   */
  toJSON(_key?: string): NumbersJSON {
    checkMethod(this, "toJSON", arguments.length, 1);
    return numbersJSON(this);
  }

  /** For `+`, `*`, `<` and the like. @internal */
  [Symbol.toPrimitive](hint: string): string | number {
    return primitive(this, hint);
  }

  /** @internal */
  [INSPECT](): string {
    return this.toString();
  }

  /** @internal */
  [NOTEBOOK](): Notebook {
    return notebook(this.toString());
  }

  /** Does the same as {@link Tensor.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /**
   * The same numbers in another shape, if they belong to a step: such memory is freed with the step, not by
   * one of the tensors that share it. @internal
   */
  sharedAs(shape: readonly number[]): Tensor<D> | undefined {
    const storage = Tensor.#of(this);
    return storage instanceof Loose ? undefined : new Tensor(shape, this.dtype, storage);
  }

  /** Address of the numbers in WebAssembly memory. @internal */
  get address(): number {
    const storage = Tensor.#of(this);
    if (storage instanceof Loose && storage.freed) {
      throw new DisposedError(`This tensor (${this.shape.join(" x ")}) was disposed of. Make a new one.`);
    }
    return storage.address;
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}

refuseAssignments(Tensor.prototype);

function viewOf<D extends DType>(dtype: D, buffer: ArrayBuffer, offset: number, size: number): TypedArrayOf<D> {
  const View = dtype === "float32" ? Float32Array : Int32Array;
  return new View(buffer, offset, size) as TypedArrayOf<D>;
}

/** Whether it is a tensor. Not `isA`: engines optimize a test for a single class far better. @internal */
export function isTensor(value: unknown): value is Tensor {
  try {
    return value instanceof Tensor;
  } catch {
    return false;
  }
}

/**
 * Puts numbers into WebAssembly memory, where an optimizer reads them without a copy.
 *
 * @param data - A typed array, an `ImageData`, a tensor, a number, or nested lists of these.
 * @param shape - Lengths of the axes. Defaults to the nesting, or the length, of `data`.
 * @param dtype - Defaults to `"int32"` for an `Int32Array` or an int32 tensor, else `"float32"`.
 * @returns A tensor of that shape with separate memory, which is freed by `dispose()` or by the garbage collector.
 * @throws ValueError (`ERR_VALUES_SHAPE`) when `data` does not fill `shape`, or its rows differ in length; ValueError,
 * TypeError (`ERR_SHAPE`) for lengths that are not whole numbers
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_DETACHED`) for anything but numbers, another `dtype`,
 * and numbers that an int32 cannot hold
 * @throws OutOfMemoryError (`ERR_OUT_OF_MEMORY`) when memory is full
 * @see [keras.ops.convert_to_tensor](https://keras.io/api/ops/core/#convert_to_tensor-function)
 * @example
 * ```ts
 * import { SGD, tensor, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4], { shape: [2, 2], name: "w" });
 * const g = tensor([[1, 1], [1, 1]]);
 * new SGD({ learningRate: 0.5 }).applyGradients([[g, w]]);
 * console.log(w.array()); // Float32Array [0.5, 1.5, 2.5, 3.5]
 * ```
 */
export function tensor(
  data: Int32Array | Tensor<"int32">,
  shape?: readonly number[],
  dtype?: undefined,
): Tensor<"int32">;
export function tensor(data: Values | ImageValues, shape?: readonly number[]): Tensor<"float32">;
export function tensor<D extends DType>(
  data: Values | ImageValues,
  shape: readonly number[] | undefined,
  dtype: D,
): Tensor<D>;
export function tensor(data: Values | ImageValues, shape?: readonly number[], dtype?: DType): Tensor {
  checkCount("tensor", arguments.length, 3);
  const natural = isInt32Array(data) ? "int32" : isTensor(data) ? data.dtype : "float32";
  const type = checkedDType("tensor", dtype ?? natural);
  const given = shape === undefined ? undefined : checkedShape("tensor", shape);
  const read = readNumbers("tensor", data, type);
  const full = given ?? read.shape;
  const flat = fitting("tensor", read, full);
  settle();
  const made = new Tensor(full, type);
  made.numbers.set(flat);
  return made;
}
