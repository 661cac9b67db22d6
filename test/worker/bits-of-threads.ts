/** Runs on several threads, with `gradstep/threads` of the package, against the sources on one thread. */

import * as packed from "gradstep";
import { setThreads } from "gradstep/threads";
import { expect } from "vitest";
import * as single from "../../ts/index.js";

export type Library = typeof packed;
/** The same classes, of another copy. */
export const one = single as unknown as Library;

/** Numbers between -0.5 and 0.5, the same everywhere. */
export function numbers(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24 - 0.5;
  });
}

/** FNV over the bits. */
export function hash(...arrays: readonly (Float32Array | readonly number[])[]): number {
  let result = 2166136261;
  for (const array of arrays)
    for (const word of new Uint32Array(Float32Array.from(array).buffer)) result = Math.imul(result ^ word, 16777619);
  return result >>> 0;
}

const THREADS = [2, 1, 3, 4];

/** Every number of threads, each with the result of `run` on one thread of the other copy. */
export async function expectSameBits(run: (library: Library) => unknown): Promise<void> {
  const expected = await run(one);
  for (const threads of THREADS) {
    expect(await setThreads(threads)).toBe(threads);
    expect({ threads, result: await run(packed) }).toEqual({ threads, result: expected });
  }
}
