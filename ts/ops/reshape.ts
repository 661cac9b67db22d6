/**
 * Reshaping: other shapes for the same numbers.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { checkCount, isList, listText, oneOrMore, shown } from "../options.js";
import { wasm } from "../runtime/module.js";
import { checkedShape, countText, sizeOf } from "../shape.js";
import { isTensor, type Tensor } from "../tensor.js";
import { type AxesOptions, checkedAxes, floatOperand, type TensorLike } from "./operand.js";

/**
 * Changes the shape; the numbers stay in row-major order.
 *
 * @param x - Numbers of any shape; an int32 tensor stays int32.
 * @param shape - Lengths of the axes of the result; one may be -1 and is inferred.
 * @returns The numbers of `x`, in the given shape.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`) when the numbers do not fill the shape, and for a
 * shape that is not a list of lengths
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.reshape](https://keras.io/api/ops/numpy/#reshape-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.reshape([1, 2, 3, 4, 5, 6], [2, -1]).shape); // [2, 3]
 * ```
 */
export function reshape(x: Tensor<"int32">, shape: readonly number[]): Tensor<"int32">;
export function reshape(x: TensorLike, shape: readonly number[]): Tensor<"float32">;
export function reshape(x: TensorLike, shape: readonly number[]): Tensor {
  checkCount("reshape", arguments.length, 2);
  return reshaped("reshape", x, (own) => completed(shape, own));
}

const AXIS = { names: ["axis"], after: 1 };

/** The position or positions of new axes, or an object with them. */
type NewAxes = number | readonly number[] | AxesOptions;

/**
 * Inserts one or more axes of length 1.
 *
 * @param x - Numbers of any shape; an int32 tensor stays int32.
 * @param axis - Positions of the new axes in the result; negative ones count from the end.
 * @returns The numbers of `x`, with additional axes of length 1.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such position, or it is named twice
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.expand_dims](https://keras.io/api/ops/numpy/#expand_dims-function)
 */
export function expandDims(x: Tensor<"int32">, axis: NewAxes): Tensor<"int32">;
export function expandDims(x: TensorLike, axis: NewAxes): Tensor<"float32">;
export function expandDims(x: TensorLike, ...given: [axis: NewAxes]): Tensor {
  const positions = oneOrMore(readOptions<AxesOptions>("expandDims", AXIS, given).axis) as readonly number[];
  return reshaped("expandDims", x, (own) => {
    const shape = [...own];
    // In ascending order each position is final.
    for (const at of checkedAxes("expandDims", positions, own.length + positions.length)) shape.splice(at, 0, 1);
    return shape;
  });
}

/** Options of {@link squeeze}. */
export interface SqueezeOptions {
  /** The axis or axes to remove, or `null` for all of length 1. Default: null. */
  readonly axis?: number | readonly number[] | null | undefined;
}

/**
 * Removes axes of length 1.
 *
 * @param x - Numbers of any shape; an int32 tensor stays int32.
 * @param axis - {@link SqueezeOptions.axis}, or an object with it.
 * @returns The numbers of `x`, without the removed axes.
 * @throws ValueError, TypeError (`ERR_SHAPE`) when there is no such axis, or its length is not 1
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.squeeze](https://keras.io/api/ops/numpy/#squeeze-function)
 */
export function squeeze(x: Tensor<"int32">, axis?: SqueezeOptions["axis"] | SqueezeOptions): Tensor<"int32">;
export function squeeze(x: TensorLike, axis?: SqueezeOptions["axis"] | SqueezeOptions): Tensor<"float32">;
export function squeeze(x: TensorLike, ...given: [axis?: SqueezeOptions["axis"] | SqueezeOptions | undefined]): Tensor {
  const { axis = null } = readOptions<SqueezeOptions>("squeeze", AXIS, given);
  return reshaped("squeeze", x, (own) => {
    if (axis === null) return own.filter((length) => length !== 1);
    const axes = checkedAxes("squeeze", axis, own.length);
    const long = axes.find((axis) => own[axis] !== 1);
    if (long !== undefined) {
      throw new ValueError(
        "ERR_SHAPE",
        `squeeze: only axes of length 1 can be removed, got axis ${long} of length ${own[long]}.`,
      );
    }
    return own.filter((_, i) => !axes.includes(i));
  });
}

function reshaped(owner: string, x: TensorLike, shapeFrom: (own: readonly number[]) => readonly number[]): Tensor {
  const input = isTensor(x) ? x : floatOperand(owner, x);
  const shape = shapeFrom(input.shape);
  const shared = isTensor(input) ? input.sharedAs(shape) : undefined;
  const y = shared ?? allocate(shape, input.dtype);
  if (shared === undefined) wasm().copy_values(input.address, input.size, y.address);
  return record(
    owner,
    [input],
    y,
    (dy, into) => into.pass(0, dy),
    ([t]) => reshape(t as Tensor<"float32">, shape),
  );
}

/** A shape with its -1 replaced, for the number of elements of `own`. */
function completed(shape: readonly number[], own: readonly number[]): number[] {
  if (!isList(shape)) {
    throw new ArgumentTypeError("ERR_SHAPE", `reshape: "shape" must be a list of lengths, got ${shown(shape)}.`);
  }
  const given = oneOrMore(shape) as readonly number[];
  const open = given.indexOf(-1);
  if (open >= 0 && given.includes(-1, open + 1)) {
    throw new ValueError("ERR_SHAPE", `reshape: only one length in "shape" can be -1, got ${listText(given)}.`);
  }
  const known = checkedShape("reshape", open < 0 ? given : given.with(open, 1));
  const [size, rest] = [sizeOf(own), sizeOf(known)];
  if (open >= 0 && rest > 0) known[open] = Math.floor(size / rest);
  if (sizeOf(known) !== size) {
    throw new ValueError("ERR_SHAPE", `reshape: ${countText(own)} do not fill the shape ${listText(given)}.`);
  }
  return known;
}
