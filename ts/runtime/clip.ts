/**
 * Clipping of gradients in WebAssembly memory, in place.
 *
 * @module
 */

import { Block, fault, float64, uint32 } from "./memory.js";
import { wasm } from "./module.js";

/** Clips all runs of float32 together, by the limit that is set. @throws OutOfMemoryError */
export function clipGradients(
  limits: {
    readonly clipnorm: number | null;
    readonly globalClipnorm: number | null;
    readonly clipvalue: number | null;
  },
  runs: readonly { readonly address: number; readonly length: number }[],
): void {
  const block = new Block(3 * 2 + runs.length * 2);
  try {
    const { address } = block;
    const numbers = [limits.clipnorm, limits.globalClipnorm, limits.clipvalue].map((limit) => limit ?? Number.NaN);
    float64(address, 3).set(numbers);
    uint32(address + 24, runs.length * 2).set(runs.flatMap((run) => [run.address, run.length]));
    if (wasm().clip_gradients(address, address + 24, runs.length) === 0) throw fault();
  } finally {
    block.free();
  }
}
