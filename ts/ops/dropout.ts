/**
 * Dropout.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { finiteNumber, refuseRange } from "../options.js";
import { drawnForBatch } from "../random/batch-share.js";
import { drawFrom, type Seed } from "../random/generator.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import { type FloatOperand, floatOperand, type TensorLike } from "./operand.js";

/** Number of the kernel's distribution, whose values are 0 or a given number. */
const MASK = 3;

const DROPOUT = { names: ["seed"], byPosition: 0, after: 2 };

/** Options of {@link dropout}. */
export interface DropoutOptions {
  /**
   * A number, which drops the same elements at each call, or a generator. Default: the generator that `setRandomSeed`
   * seeds.
   */
  readonly seed?: Seed;
}

/**
 * Sets a random fraction of the elements to 0, and divides the others by the fraction that is kept, which preserves the
 * expected sum.
 *
 * @param x - Numbers of any shape.
 * @param rate - The fraction of elements that become 0, from 0 to 1.
 * @param given - {@link DropoutOptions}.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.layers.Dropout](https://keras.io/api/layers/regularization_layers/dropout/),
 * [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.dropout([1, 1, 1, 1], 0.5, { seed: 7 }).array()); // Float32Array [2, 2, 0, 0]
 * ```
 */
export function dropout(
  x: TensorLike,
  rate: number,
  ...given: [options?: DropoutOptions | undefined]
): Tensor<"float32"> {
  const options = readOptions<DropoutOptions>("dropout", DROPOUT, given);
  const share = finiteNumber("dropout", "rate", rate);
  if (share < 0 || share > 1) refuseRange("dropout", "rate", "from 0 to 1", rate);
  const a = floatOperand("dropout", x);
  const y = allocate(a.shape);
  a.address; // moved to wasm memory before drawing: a refused call draws nothing
  // The backward pass needs the same mask, so it is kept.
  const mask = drawnForBatch(a.shape, (shape) => {
    const values = allocate(shape);
    const draw = drawFrom("dropout", options.seed);
    wasm().random_fill(MASK, ...draw, share, share === 1 ? 0 : 1 / (1 - share), values.address, values.size);
    return values;
  });
  return masked(a, mask, y);
}

function masked(x: FloatOperand, mask: Tensor<"float32">, y: Tensor<"float32">): Tensor<"float32"> {
  wasm().masked_values(x.address, mask.address, x.size, y.address);
  const backward: Backward = (dy, into) => {
    into.write(0, (dx) => wasm().masked_values(dy.address, mask.address, x.size, dx));
  };
  return record("dropout", [x], y, backward, ([t]) => masked(t as Tensor<"float32">, mask, allocate(x.shape)));
}
