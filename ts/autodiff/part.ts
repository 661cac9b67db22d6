/**
 * Tensors within a larger run of memory.
 *
 * @module
 */

import type { SharedArena, Storage } from "../runtime/storage.js";
import type { Shape } from "../shape.js";
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
  return new Tensor(shape, "float32", new Part(slab, offset * 4));
}

class Part implements Storage {
  changed = 0;
  readonly #slab: Slab;
  readonly #offset: number;

  constructor(slab: Slab, offset: number) {
    this.#slab = slab;
    this.#offset = offset;
  }

  get address(): number {
    return this.#slab.address + this.#offset;
  }

  get outside(): Uint32Array<ArrayBuffer> | undefined {
    return this.#slab.outside?.subarray(this.#offset / 4);
  }

  get freed(): boolean {
    return this.#slab.freed ?? this.#slab.disposed ?? false;
  }

  get arena(): SharedArena | undefined {
    return this.#slab.arena;
  }

  /** Nothing: the slab goes with its step, or when its last part is dropped. */
  free(): void {}
}
