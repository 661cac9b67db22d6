/**
 * Sparsemax.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { divide, multiply, subtract } from "../ops/arithmetic.js";
import { axesBack, axesLast } from "../ops/axes-last.js";
import { greater } from "../ops/compare.js";
import { type AxisOptions, checkedAxis, floatOperand, type TensorLike } from "../ops/operand.js";
import { sum } from "../ops/reduce.js";
import { float32 } from "../runtime/memory.js";
import type { Tensor } from "../tensor.js";

const AXIS = { names: ["axis"], after: 1 };

/**
 * Sparsemax: the nearest probabilities along an axis, `max(x - threshold, 0)` with the threshold that makes their sum
 * 1.
 *
 * @param x - Numbers with one or more axes.
 * @param given - `axis`: the axis to normalize along. Default: -1, the last.
 * @returns Numbers of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.activations.sparsemax](https://keras.io/api/layers/activations/#sparsemax-function),
 * [Martins and Astudillo 2016](https://arxiv.org/abs/1602.02068)
 */
export function sparsemax(x: TensorLike, ...given: [axis?: number | AxisOptions | undefined]): Tensor<"float32"> {
  const { axis = -1 } = readOptions<AxisOptions>("sparsemax", AXIS, given);
  const input = floatOperand("sparsemax", x);
  const axes = [checkedAxis("sparsemax", axis, input.shape.length)];
  const a = axesLast(input, axes);
  const length = a.shape.at(-1) ?? 1;
  const y = allocate(a.shape);
  const [from, to] = [a.numbers, y.numbers];
  for (let start = 0; start < a.size; start += length) {
    const threshold = thresholdOf(from.slice(start, start + length));
    for (let i = start; i < start + length; i++) to[i] = Math.max(0, from[i]! - threshold);
  }
  const backward: Backward = (dy, into) => {
    into.write(0, (address) => {
      const [dx, out, upstream] = [float32(address, a.size), y.numbers, dy.numbers];
      for (let start = 0; start < a.size; start += length) {
        let [sum, count] = [0, 0];
        for (let i = start; i < start + length; i++) {
          if (out[i]! <= 0) continue;
          sum += upstream[i]!;
          count++;
        }
        for (let i = start; i < start + length; i++) {
          dx[i] = out[i]! > 0 ? upstream[i]! - sum / count : 0;
        }
      }
    });
  };
  const output = record("sparsemax", [a], y, backward, ([t]) => {
    const over = { axis: -1, keepdims: true };
    const on = greater(y, 0);
    const own = multiply(t as Tensor<"float32">, on);
    return subtract(own, multiply(on, divide(sum(own, over), sum(on, over))));
  });
  return axesBack(output, axes);
}

/** From the largest value, while a value is above the threshold of the values up to it. */
function thresholdOf(row: Float32Array): number {
  const sorted = row.sort().reverse();
  let [sum, threshold] = [0, 0];
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i]!;
    sum += value;
    if (1 + (i + 1) * value <= sum) break;
    threshold = (sum - 1) / (i + 1);
  }
  return threshold;
}
