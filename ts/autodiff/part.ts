/**
 * Tensors within a larger run of memory.
 *
 * @module
 */

import { type Loose, lentCopy } from "../runtime/loose.js";
import { uint32 } from "../runtime/memory.js";
import type { SharedArena, Storage } from "../runtime/storage.js";
import { type Shape, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";

/** Who owns the run: storage, or a tensor. */
interface Slab {
  readonly address: number;
  readonly freed?: boolean;
  readonly disposed?: boolean;
  readonly arena?: SharedArena | undefined;
  readonly outside?: Uint32Array<ArrayBuffer> | undefined;
}

/** A tensor at `offset`, in 4-byte values, of memory that goes as a whole. */
export function within(slab: Slab, offset: number, shape: Shape): Tensor<"float32"> {
  return new Tensor(shape, "float32", new Part(slab, offset * 4, sizeOf(shape)));
}

class Part implements Storage {
  changed = 0;
  readonly #slab: Slab;
  readonly #offset: number;
  readonly #length: number;
  /** Its own memory, once a caller has its array. */
  #lent: Loose | undefined;

  constructor(slab: Slab, offset: number, length: number) {
    this.#slab = slab;
    this.#offset = offset;
    this.#length = length;
  }

  get address(): number {
    return this.#lent === undefined ? this.#slab.address + this.#offset : this.#lent.address;
  }

  get outside(): Uint32Array<ArrayBuffer> | undefined {
    return this.#lent === undefined ? this.#slab.outside?.subarray(this.#offset / 4) : this.#lent.outside;
  }

  get freed(): boolean {
    return this.#lent === undefined && (this.#slab.freed ?? this.#slab.disposed ?? false);
  }

  get arena(): SharedArena | undefined {
    return this.#lent === undefined ? this.#slab.arena : undefined;
  }

  lend(): void {
    if (this.#lent !== undefined || this.freed) return;
    const { outside } = this;
    this.#lent = lentCopy(outside?.subarray(0, this.#length) ?? uint32(this.address, this.#length));
  }

  /** Nothing: the slab goes with its step, or when its last part is dropped. */
  free(): void {}
}
