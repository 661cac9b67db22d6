/**
 * Explicit clipping: the clipping of `apply`, on copies of the gradients.
 *
 * @module
 */

import { clipGradients } from "../runtime/clip.js";
import { Block, float32, outlasting } from "../runtime/memory.js";
import type { Variable } from "../variable.js";
import { checkGradient, copyGradient } from "./gradients.js";

/** The clip options of an optimizer; at most one is set. */
export interface Clips {
  readonly clipnorm: number | null;
  readonly globalClipnorm: number | null;
  readonly clipvalue: number | null;
}

/** Clipped copies of gradients; `null` stays. Everything is checked first. */
export function clippedGradients(
  gradients: readonly unknown[],
  variables: readonly Variable[],
  clips: Clips,
): (Float32Array | null)[] {
  let total = 0;
  const starts = gradients.map((gradient, i) => {
    const variable = variables[i]!;
    const start = total;
    if (gradient !== null) {
      checkGradient(gradient, variable);
      total += variable.size;
    }
    return start;
  });
  const given = gradients.map(outlasting);
  const block = new Block(total);
  try {
    const room = (i: number) => float32(block.address + starts[i]! * 4, variables[i]!.size);
    const present = gradients.flatMap((gradient, i) => (gradient === null ? [] : [i]));
    for (const i of present) copyGradient(given[i], room(i));
    clipGradients(
      clips,
      present.map((i) => ({
        address: block.address + starts[i]! * 4,
        length: variables[i]!.size,
      })),
    );
    return gradients.map((gradient, i) => (gradient === null ? null : room(i).slice()));
  } finally {
    block.free();
  }
}
