/**
 * Operands that an entry treats as one, such as the gradients of one call.
 *
 * @module
 */

import type { Storage } from "../runtime/storage.js";
import { type Shape, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import type { Operand } from "./arena.js";

/** The position of one operand's numbers in the block of all. */
export interface Place {
  readonly offset: number;
  readonly shape: Shape;
}

/** Contiguous places for operands. */
export class Places {
  readonly of: Map<Operand, Place> = new Map();
  size = 0;

  add(operand: Operand): Place {
    const place = { offset: this.size, shape: operand.shape };
    this.of.set(operand, place);
    this.size += sizeOf(operand.shape);
    return place;
  }

  /** A tensor that entries use in place of all operands. It has no numbers. */
  together(): Tensor<"float32"> {
    return new Tensor([this.size], "float32", new Nowhere());
  }
}

class Nowhere implements Storage {
  readonly address = 0;
  readonly outside = undefined;
  readonly freed = false;
  changed = 0;

  lend(): void {}

  free(): void {}
}
