/**
 * The sum of several spans of float32 in shared memory, in the order of the spans.
 *
 * A separate module, because the core's memory is not shared, and building a core with threads needs a nightly Rust.
 * It has no state and no stack, so any number of instances can work on one memory. A test assembles
 * `shared-sum.wat` and compares the bytes.
 *
 * @module
 */

const BYTES: readonly number[] = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 9, 1, 96, 5, 127, 127, 127, 127, 127, 0, 2, 21, 1, 6, 115, 104, 97, 114, 101, 100, 6,
  109, 101, 109, 111, 114, 121, 2, 3, 1, 128, 128, 4, 3, 2, 1, 0, 7, 7, 1, 3, 115, 117, 109, 0, 0, 10, 190, 1, 1, 187,
  1, 2, 3, 127, 4, 123, 32, 0, 32, 4, 106, 33, 5, 3, 64, 32, 0, 253, 0, 4, 0, 33, 8, 32, 0, 253, 0, 4, 16, 33, 9, 32, 0,
  253, 0, 4, 32, 33, 10, 32, 0, 253, 0, 4, 48, 33, 11, 32, 0, 33, 6, 32, 2, 33, 7, 2, 64, 3, 64, 32, 7, 65, 1, 107, 34,
  7, 69, 13, 1, 32, 6, 32, 1, 106, 33, 6, 32, 8, 32, 6, 253, 0, 4, 0, 253, 228, 1, 33, 8, 32, 9, 32, 6, 253, 0, 4, 16,
  253, 228, 1, 33, 9, 32, 10, 32, 6, 253, 0, 4, 32, 253, 228, 1, 33, 10, 32, 11, 32, 6, 253, 0, 4, 48, 253, 228, 1, 33,
  11, 12, 0, 11, 0, 11, 32, 3, 32, 8, 253, 11, 4, 0, 32, 3, 32, 9, 253, 11, 4, 16, 32, 3, 32, 10, 253, 11, 4, 32, 32, 3,
  32, 11, 253, 11, 4, 48, 32, 3, 65, 192, 0, 106, 33, 3, 32, 0, 65, 192, 0, 106, 34, 0, 32, 5, 73, 13, 0, 11, 11,
];

/** Its exports. */
export interface SharedSum {
  /**
   * Sums `count` spans, `stride` bytes apart, the first at `first`, to `out`. All are multiples of 64 bytes.
   *
   * @param bytes - Length of each span.
   */
  sum(first: number, stride: number, count: number, out: number, bytes: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** An instance on a memory. */
export function sharedSum(memory: WebAssembly.Memory): SharedSum {
  compiled ??= new WebAssembly.Module(Uint8Array.from(BYTES));
  return new WebAssembly.Instance(compiled, { shared: { memory } }).exports as unknown as SharedSum;
}
