/**
 * WebAssembly memory: allocation, and the only place that creates views of it.
 *
 * A view is silently detached when memory grows, and any allocation may grow it. So views are created at each use, and
 * never kept across a call of the module.
 *
 * @module
 */

import { bufferOf, isNumbers, plainArray } from "../brands.js";
import { noteMove } from "../changes.js";
import { DisposedError, LARGEST_PIECE, ModuleError, OutOfMemoryError } from "../errors.js";
import { checkCount } from "../options.js";
import type { Bytes, Float32s, Float64s, Int32s, Uint32s } from "../platform-types.js";
import { broken, wasm } from "./module.js";

/** A fresh view of `length` float32 values at `address`. */
export function float32(address: number, length: number): Float32s {
  return new Float32Array(wasm().memory.buffer as ArrayBuffer, address, length);
}

/** A fresh view of `length` int32 values at `address`. */
export function int32(address: number, length: number): Int32s {
  return new Int32Array(wasm().memory.buffer as ArrayBuffer, address, length);
}

/** A fresh view of `length` uint32 values at `address`. */
export function uint32(address: number, length: number): Uint32s {
  return new Uint32Array(wasm().memory.buffer as ArrayBuffer, address, length);
}

/** A fresh view of `length` bytes at `address`. */
export function bytes(address: number, length: number): Bytes {
  return new Uint8Array(wasm().memory.buffer as ArrayBuffer, address, length);
}

/** A fresh view of `length` float64 values at `address`. */
export function float64(address: number, length: number): Float64s {
  return new Float64Array(wasm().memory.buffer as ArrayBuffer, address, length);
}

/**
 * `values`, or a copy if they are a view of WebAssembly memory: an allocation before their use would detach the view.
 */
export function outlasting<T>(values: T): T {
  if (!isNumbers(values) || bufferOf(values) !== wasm().memory.buffer) return values;
  return plainArray(values).slice() as T & (Float32Array | Int32Array);
}

/**
 * Measures WebAssembly memory.
 *
 * @returns `inUse`, bytes in live buffers, and `reserved`, bytes that the module has allocated from the system.
 * @throws ModuleError (`ERR_MODULE_MISSING`) before `gradstep/slim` has a module
 * @see [tf.memory](https://js.tensorflow.org/api/latest/#memory), the counterpart in TensorFlow.js
 * @example
 * ```ts
 * import { memoryUse, Variable } from "gradstep";
 *
 * const before = memoryUse().inUse;
 * const w = new Variable(new Float32Array(1024));
 * console.log(memoryUse().inUse - before); // 4096
 * w.dispose();
 * ```
 */
export function memoryUse(): { readonly inUse: number; readonly reserved: number } {
  checkCount("memoryUse", arguments.length, 0);
  const exports = wasm();
  return { inUse: exports.bytes_in_use(), reserved: exports.memory.buffer.byteLength };
}

/** Converts the module's last error to an error of this package. */
export function fault(): Error {
  const exports = wasm();
  if (exports.fault_code() === 1) return new OutOfMemoryError(exports.fault_bytes(), exports.bytes_in_use());
  return new ModuleError(
    "ERR_INTERNAL",
    `gradstep's core refused a call with error ${exports.fault_code()}. This is a bug: please report it.`,
  );
}

/**
 * Frees values that were dropped without `dispose()`. It never runs inside a synchronous loop, so it is only a
 * fallback. Some engines have none.
 */
let registry: Pick<FinalizationRegistry<() => void>, "register" | "unregister"> | undefined;

function dropped(): NonNullable<typeof registry> {
  registry ??=
    typeof FinalizationRegistry === "function"
      ? new FinalizationRegistry<() => void>((free) => {
          // An error here cannot be caught: it would end the process.
          if (broken === undefined) free();
        })
      : { register: () => {}, unregister: () => false };
  return registry;
}

/** Functions that free memory kept for later use. */
const reserves = new Set<() => void>();

/** Registers a function that frees cached memory; it is called before an allocation is refused. */
export function whenFull(free: () => void): void {
  reserves.add(free);
}

/** Address of `length` zeros, which the caller must free. @throws OutOfMemoryError */
export function roomFor(length: number): number {
  // The core reports the same, but only for lengths that fit into 32 bits.
  if (length * 4 > LARGEST_PIECE) throw new OutOfMemoryError(length * 4, wasm().bytes_in_use());
  let address = wasm().alloc(length) >>> 0;
  for (const free of reserves) {
    if (address !== 0) break;
    free();
    address = wasm().alloc(length) >>> 0;
  }
  if (address === 0) throw fault();
  return address;
}

/** Frees memory of {@link roomFor}. */
export function giveBack(address: number, length: number): void {
  noteMove();
  wasm().free(address, length);
}

/**
 * A run of zeroed 4-byte values in WebAssembly memory, freed by {@link Block.free} or, some time
 * after it was dropped, by the garbage collector.
 *
 * @throws OutOfMemoryError
 */
export class Block {
  /** Number of 4-byte values. */
  readonly length: number;
  /** Number of the last change in place, from `changes.ts`; 0 for none. */
  changed = 0;
  /** Not in an arena; only parts of an arena have one. */
  readonly arena = undefined;
  /** Always in WebAssembly memory. */
  readonly outside = undefined;
  #address: number;

  constructor(length: number) {
    const address = roomFor(length);
    this.length = length;
    this.#address = address;
    dropped().register(this, () => giveBack(address, length), this);
  }

  /** Whether {@link Block.free} was called. */
  get freed(): boolean {
    return this.#address === 0;
  }

  /** Address of the values. */
  get address(): number {
    if (this.#address === 0) throw new DisposedError("This memory was freed.");
    return this.#address;
  }

  /** Frees the memory; a second call does nothing. */
  free(): void {
    if (this.#address === 0) return;
    dropped().unregister(this);
    giveBack(this.#address, this.length);
    this.#address = 0;
  }
}

/**
 * Calls `free` some time after `owner` was dropped, unless {@link forgotten} comes first.
 *
 * @param token - The argument of {@link forgotten}.
 */
export function whenDropped(owner: object, free: () => void, token: object = owner): void {
  dropped().register(owner, free, token);
}

/** Cancels {@link whenDropped}, after the owner was freed explicitly. */
export function forgotten(token: object): void {
  dropped().unregister(token);
}
