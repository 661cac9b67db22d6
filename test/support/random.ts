/**
 * Numbers from a seed, by integer operations and exact divisions only: the same bits in every runtime.
 */

/** Marsaglia's xorshift32: unsigned integers below 2^32, never 0. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1;
  }

  /** The next integer. */
  integer(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }

  /** A number in [-1, 1), with 24 bits, exact in float32. */
  unit(): number {
    return (this.integer() >>> 8) / 8388608 - 1;
  }

  /** Float32 values in [-size, size); about one in `zeros` is 0 if that is given. */
  values(length: number, size = 1, zeros = 0): Float32Array<ArrayBuffer> {
    return Float32Array.from({ length }, () => (zeros > 0 && this.integer() % zeros === 0 ? 0 : this.unit() * size));
  }
}
