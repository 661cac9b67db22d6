/**
 * Clipping by hand: what `apply` does inside the step, on copies of the gradients.
 *
 * @module
 */

import { isFloat32Array } from "../brands.js";
import { clipGradients } from "../runtime/clip.js";
import { Block, float32, outlasting } from "../runtime/memory.js";
import { flatten, type NestedNumbers, shapeOfNested } from "../shape.js";
import { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { checkGradient, type Gradient } from "./gradients.js";

/** The clips of an optimizer; at most one is set. */
export interface Clips {
  readonly clipnorm: number | null;
  readonly globalClipnorm: number | null;
  readonly clipvalue: number | null;
}

/** Clipped copies of gradients; `null` stays. Everything is checked first. */
export function clippedGradients(
  gradients: readonly (Gradient | null)[],
  variables: readonly Variable[],
  clips: Clips,
): (Float32Array | null)[] {
  let total = 0;
  const starts = gradients.map((gradient, i) => {
    const variable = variables[i] as Variable;
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
    const room = (i: number) => float32(block.address + (starts[i] as number) * 4, (variables[i] as Variable).size);
    const present = gradients.flatMap((gradient, i) => (gradient === null ? [] : [i]));
    for (const i of present) copy(given[i] as Gradient, variables[i] as Variable, room(i));
    clipGradients(
      clips,
      present.map((i) => ({
        address: block.address + (starts[i] as number) * 4,
        length: (variables[i] as Variable).size,
      })),
    );
    return gradients.map((gradient, i) => (gradient === null ? null : room(i).slice()));
  } finally {
    block.free();
  }
}

function copy(gradient: Gradient, { name }: Variable, to: Float32Array): void {
  if (gradient instanceof Tensor) to.set(gradient.value);
  else if (isFloat32Array(gradient)) to.set(gradient);
  else flatten(`Cannot clip the gradient of "${name}"`, gradient as NestedNumbers, shapeOfNested(gradient), to);
}
