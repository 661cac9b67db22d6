/**
 * Tensors within a larger block of memory, a slab.
 *
 * @module
 */

import type { Uint32s } from "../platform-types.js";
import { lentCopy } from "../runtime/loose.js";
import { uint32 } from "../runtime/memory.js";
import type { SharedArena, Storage } from "../runtime/storage.js";
import { type Shape, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";

/** The owner of the memory: storage, or a tensor. */
interface Slab {
  readonly address: number;
  readonly freed?: boolean;
  readonly disposed?: boolean;
  readonly arena?: SharedArena | undefined;
  readonly outside?: Uint32s | undefined;
}

/** A tensor at `offset`, in 4-byte values, of memory that is freed as a whole. */
export function slabTensor(slab: Slab, offset: number, shape: Shape): Tensor<"float32"> {
  return new Tensor(shape, "float32", new SlabPart(slab, offset * 4, sizeOf(shape)));
}

class SlabPart implements Storage {
  changed = 0;
  #slab: Slab;
  #offset: number;
  /** 0 once it has separate memory. */
  #length: number;

  constructor(slab: Slab, offset: number, length: number) {
    this.#slab = slab;
    this.#offset = offset;
    this.#length = length;
  }

  get address(): number {
    return this.#slab.address + this.#offset;
  }

  get outside(): Uint32s | undefined {
    return this.#slab.outside?.subarray(this.#offset / 4);
  }

  get freed(): boolean {
    return this.#slab.freed ?? this.#slab.disposed ?? false;
  }

  get arena(): SharedArena | undefined {
    return this.#slab.arena;
  }

  lend(): void {
    const length = this.#length;
    if (length === 0 || this.freed) return;
    const copy = lentCopy(this.outside?.subarray(0, length) ?? uint32(this.address, length));
    if (copy === undefined) return;
    this.#slab = copy;
    this.#offset = 0;
    this.#length = 0;
  }

  /** Does nothing: the slab is freed with its step, or when its last part is dropped. */
  free(): void {}
}
