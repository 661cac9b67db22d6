/**
 * Added losses of a layer: those of its last call.
 *
 * @module
 */

import { isTensor, type Tensor, tensor } from "../tensor.js";
import { beforeChange } from "../undo.js";

/** A loss whose step has ended: its numbers. */
interface Settled {
  readonly numbers: Float32Array;
  readonly shape: readonly number[];
}

/** Number of layers with added losses: usually none, and then layers are not searched for them. */
let holders = 0;

/** False during a trial call for a layer's output shape: added losses are ignored then. */
let isCounted = true;

/** Whether any layer holds added losses. */
export function anyAdded(): boolean {
  return holders > 0;
}

/** Runs `body`, and ignores losses that layers add. */
export function withoutLosses<T>(body: () => T): T {
  const before = isCounted;
  isCounted = false;
  try {
    return body();
  } finally {
    isCounted = before;
  }
}

/** The added losses of one layer. A refused call leaves them as they were. */
export class AddedLosses {
  #list: readonly (Tensor<"float32"> | Settled)[] = [];

  /** As tensors; those of a step whose memory was reused are gone. */
  get tensors(): Tensor<"float32">[] {
    const tensors: Tensor<"float32">[] = [];
    for (const loss of this.#list) {
      if (!isTensor(loss)) tensors.push(tensor(loss.numbers, loss.shape, "float32"));
      else if (!loss.disposed) tensors.push(loss as Tensor<"float32">);
    }
    return tensors;
  }

  /** Adds one. */
  add(loss: Tensor<"float32">): void {
    if (isCounted) this.#set([...this.#list, loss]);
  }

  /** Forgets them, before the next call. */
  clear(): void {
    if (isCounted && this.#list.length > 0) this.#set([]);
  }

  /** Copies their numbers out of a step that ends. Afterwards gradients do not flow to them. */
  settle(): void {
    if (this.#list.length > 0) {
      this.#set(this.tensors.map((loss) => ({ numbers: loss.array() as Float32Array, shape: loss.shape })));
    }
  }

  #set(list: readonly (Tensor<"float32"> | Settled)[]): void {
    const before = this.#list;
    beforeChange(this, () => () => this.#replace(before));
    this.#replace(list);
  }

  #replace(list: readonly (Tensor<"float32"> | Settled)[]): void {
    holders += Number(list.length > 0) - Number(this.#list.length > 0);
    this.#list = list;
  }
}
