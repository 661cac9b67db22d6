/**
 * Memory for remote steps: gradients for the worker, and the weights that it returns.
 *
 * A buffer holds the data of one step. If it is shared, it contains the gradients of all variables, then their weights;
 * otherwise it is transferred back and forth, and the weights replace the gradients. A step sent while another one is
 * running has a separate buffer.
 *
 * @module
 */

import { isFloat32Array } from "../../brands.js";
import { NestedGradient } from "../../optimizers/gradients.js";
import { isTensor, type Tensor } from "../../tensor.js";
import type { StepArgs } from "./protocol.js";

/** A gradient, read and checked; `null` for none. */
export type RemoteGradient = Tensor<"float32"> | Float32Array | NestedGradient | null;

/** The buffer of one step. */
export class StepBuffer {
  /** Gradients, one for each variable, to be written before a step. */
  gradients: Float32Array[];
  /** Weights, one for each variable, after the last step of this buffer. */
  weights: Float32Array[];
  readonly #id: number;
  readonly #sizes: readonly number[];
  readonly #isShared: boolean;
  #numbers: Float32Array;
  /** Whether the worker has the shared buffer already. */
  #isKnown = false;

  constructor(id: number, sizes: readonly number[], isShared: boolean) {
    const size = sum(sizes);
    this.#id = id;
    this.#sizes = sizes;
    this.#isShared = isShared;
    this.#numbers = isShared ? new Float32Array(new SharedArrayBuffer(size * 8)) : new Float32Array(size);
    this.gradients = views(this.#numbers, sizes, 0);
    this.weights = isShared ? views(this.#numbers, sizes, size) : this.gradients;
  }

  /** Whether it can be used: after an error, its buffer is not returned. */
  get isHome(): boolean {
    return this.#numbers.length === sum(this.#sizes) * (this.#isShared ? 2 : 1);
  }

  /** Whether it contains these numbers. */
  holds(numbers: unknown): boolean {
    return isFloat32Array(numbers) && numbers.buffer === this.#numbers.buffer;
  }

  /** Stores checked gradients; those that are in place already are not copied. */
  write(given: readonly (RemoteGradient | undefined)[]): void {
    const isMoved = (gradient: unknown, i: number) => this.holds(gradient) && !isSame(gradient, this.gradients[i]);
    // Views of the buffer at other offsets: writing one may overwrite the next.
    const apart = given.some(isMoved)
      ? given.map((gradient, i) => (isMoved(gradient, i) ? (gradient as Float32Array).slice() : gradient))
      : given;
    for (const [i, gradient] of apart.entries()) {
      const place = this.gradients[i]!;
      if (gradient === null || gradient === undefined || isSame(gradient, place)) continue;
      place.set(numbersOf(gradient));
    }
  }

  /** Message with the buffer. */
  get message(): Pick<StepArgs, "id" | "buffer"> {
    return { id: this.#id, buffer: this.#isKnown ? null : this.#numbers };
  }

  /** Buffers transferred with the message. */
  get moved(): ArrayBuffer[] {
    // An empty buffer can be transferred only once, and its length does not show that.
    return this.#isShared || this.#numbers.length === 0 ? [] : [this.#numbers.buffer as ArrayBuffer];
  }

  /** Receives a returned buffer. */
  take(buffer: Float32Array | null): void {
    this.#isKnown = this.#isShared;
    if (buffer === null) return;
    this.#numbers = buffer;
    this.gradients = views(buffer, this.#sizes, 0);
    this.weights = this.gradients;
  }
}

/** The buffers of one optimizer. */
export class StepBuffers {
  readonly #sizes: readonly number[];
  readonly #isShared: boolean;
  readonly #idle: StepBuffer[] = [];
  #count = 0;

  constructor(sizes: readonly number[], isShared: boolean) {
    this.#sizes = sizes;
    this.#isShared = isShared;
  }

  /** The buffer of the next step. */
  get next(): StepBuffer {
    const buffer = this.#idle.at(-1) ?? new StepBuffer(this.#count++, this.#sizes, this.#isShared);
    if (this.#idle.length === 0) this.#idle.push(buffer);
    return buffer;
  }

  /** A buffer for these gradients: the one that contains them, if it is idle. */
  take(given: readonly unknown[]): StepBuffer {
    const at = this.#idle.findIndex((buffer) => given.some((gradient) => buffer.holds(gradient)));
    const buffer = at < 0 ? this.next : this.#idle[at]!;
    this.#idle.splice(this.#idle.indexOf(buffer), 1);
    return buffer;
  }

  /** Returns a buffer after the step. */
  giveBack(buffer: StepBuffer): void {
    if (buffer.isHome) this.#idle.push(buffer);
  }
}

/** Views of consecutive parts of these lengths. */
export function views(numbers: Float32Array, sizes: readonly number[], from: number): Float32Array[] {
  let at = from;
  return sizes.map((size) => {
    at += size;
    return numbers.subarray(at - size, at);
  });
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

function isSame(a: unknown, b: Float32Array | undefined): boolean {
  return (
    a === b || (isFloat32Array(a) && a.buffer === b?.buffer && a.byteOffset === b.byteOffset && a.length === b.length)
  );
}

function numbersOf(gradient: NonNullable<RemoteGradient>): ArrayLike<number> {
  if (isTensor(gradient)) return gradient.numbers;
  return gradient instanceof NestedGradient ? gradient.flat : gradient;
}
