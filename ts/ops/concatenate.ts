/**
 * Joining, stacking and splitting tensors.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { entriesOf, isList, listText, oneOrMore, shown } from "../options.js";
import { wasm } from "../runtime/module.js";
import { sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { type AxisOptions, checkedAxis, type FloatOperand, floatOperand, type TensorLike } from "./operand.js";
import { expandDims } from "./reshape.js";
import { putBlock, slice, takeBlock } from "./slice.js";

const AXIS = { names: ["axis"], after: 1 };
const SPLIT = { names: ["axis"], after: 2 };

/**
 * Joins tensors along an axis.
 *
 * @param tensors - One or more, equal in all axes but the joined one.
 * @param given - `axis`: the axis along which the tensors are joined. Default: 0, the first.
 * @returns A tensor of the same shape as the first, whose joined axis has the sum of the lengths.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`) when their other axes differ, there is no such axis,
 * or the list is empty
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.concatenate](https://keras.io/api/ops/numpy/#concatenate-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.concatenate([[[1, 2], [3, 4]], [[5], [6]]], 1).array()); // Float32Array [1, 2, 5, 3, 4, 6]
 * ```
 */
export function concatenate(
  tensors: readonly TensorLike[],
  ...given: [axis?: number | AxisOptions | undefined]
): Tensor<"float32"> {
  const { axis = 0 } = readOptions<AxisOptions>("concatenate", AXIS, given);
  const inputs = operandsOf("concatenate", tensors);
  const [first] = inputs;
  const at = checkedAxis("concatenate", axis, first.shape.length);
  let length = 0;
  const starts = inputs.map(({ shape }, i) => {
    if (!sameShape(shape.with(at, 0), first.shape.with(at, 0))) {
      throw new ValueError(
        "ERR_SHAPE",
        `concatenate: the tensors must have the same shape except along axis ${at}, got [${first.shape.join(", ")}] for tensor 0 and [${shape.join(", ")}] for tensor ${i}.`,
      );
    }
    length += shape[at]!;
    return first.shape.map((_, axis) => (axis === at ? length - shape[at]! : 0));
  });
  const y = allocate(first.shape.with(at, length));
  inputs.forEach((input, i) => {
    putBlock(input.address, input.shape, y.address, y.shape, starts[i]!);
  });
  const backward: Backward = (dy, into) => {
    inputs.forEach(({ shape }, i) => {
      into.write(i, (dx) => takeBlock(dy.address, y.shape, starts[i]!, shape, dx));
    });
  };
  return record("concatenate", inputs, y, backward, (tangents) => {
    const all = inputs.map(({ shape }, i) => tangents[i] ?? zeros(shape));
    return concatenate(all, at);
  });
}

function zeros(shape: readonly number[]): Tensor<"float32"> {
  const tensor = allocate(shape);
  wasm().fill_values(tensor.address, tensor.size, 0);
  return tensor;
}

/**
 * Stacks tensors of one shape along a new axis.
 *
 * @param tensors - One or more of one shape.
 * @param given - `axis`: the position of the new axis in the result. Default: 0, the first.
 * @returns One tensor, with an additional axis as long as the list.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`) when their shapes differ, there is no such axis, or
 * the list is empty
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.stack](https://keras.io/api/ops/numpy/#stack-function)
 */
export function stack(
  tensors: readonly TensorLike[],
  ...given: [axis?: number | AxisOptions | undefined]
): Tensor<"float32"> {
  const { axis = 0 } = readOptions<AxisOptions>("stack", AXIS, given);
  const inputs = operandsOf("stack", tensors);
  const [first] = inputs;
  const other = inputs.find(({ shape }) => !sameShape(shape, first.shape));
  if (other !== undefined) {
    throw new ValueError(
      "ERR_SHAPE",
      `stack: the tensors must have the same shape, got [${first.shape.join(", ")}] and [${other.shape.join(", ")}].`,
    );
  }
  const at = checkedAxis("stack", axis, first.shape.length + 1);
  return concatenate(
    inputs.map((input) => expandDims(input, at)),
    at,
  );
}

/**
 * Splits a tensor along an axis.
 *
 * @param x - Numbers of any shape.
 * @param parts - The number of equal parts, or the indices at which to cut.
 * @param given - `axis`: the axis along which the tensor is split. Default: 0, the first.
 * @returns The parts, a list of tensors in their order.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`) when the axis does not divide into that number of
 * parts, an index is out of range, or there is no such axis
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.split](https://keras.io/api/ops/numpy/#split-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * const [a, b] = ops.split([1, 2, 3, 4, 5, 6], [2]);
 * console.log(a?.array(), b?.array()); // Float32Array [1, 2] Float32Array [3, 4, 5, 6]
 * ```
 */
export function split(
  x: TensorLike,
  parts: number | readonly number[],
  ...given: [axis?: number | AxisOptions | undefined]
): Tensor<"float32">[] {
  const { axis = 0 } = readOptions<AxisOptions>("split", SPLIT, given);
  const input = floatOperand("split", x);
  const at = checkedAxis("split", axis, input.shape.length);
  const length = input.shape[at]!;
  const cuts = [0, ...cutsOf(parts, length), length];
  return cuts.slice(1).map((end, i) => {
    const begin = cuts[i]!;
    const start = input.shape.map((_, axis) => (axis === at ? begin : 0));
    return slice(input, start, input.shape.with(at, end - begin));
  });
}

function cutsOf(parts: number | readonly number[], length: number): readonly number[] {
  if (typeof parts !== "number") {
    const cuts = isList(parts) ? (oneOrMore(parts) as readonly number[]) : undefined;
    const isWhole = cuts?.every(Number.isInteger) ?? false;
    if (isWhole && cuts?.every((cut, i) => cut >= (cuts[i - 1] ?? 0) && cut <= length)) return cuts;
    const got = cuts === undefined ? shown(parts) : listText(cuts);
    throw new ValueError(
      "ERR_SHAPE",
      `split: expected a number of parts, or indices from 0 to ${length} in ascending order, got ${got}.`,
    );
  }
  if (!Number.isInteger(parts) || parts < 1 || length % parts !== 0) {
    throw new ValueError(
      "ERR_SHAPE",
      `split: an axis of length ${length} does not divide into ${parts} equal parts. Pass the indices to split at.`,
    );
  }
  return Array.from({ length: parts - 1 }, (_, i) => ((i + 1) * length) / parts);
}

function operandsOf(owner: string, tensors: readonly TensorLike[]): [FloatOperand, ...FloatOperand[]] {
  const list = isList(tensors) ? (entriesOf(tensors) as readonly TensorLike[]) : undefined;
  if (list === undefined) {
    throw new ArgumentTypeError("ERR_SHAPE", `${owner} takes a list of tensors, got ${shown(tensors)}.`);
  }
  const [first, ...rest] = list.map((tensor: TensorLike) => floatOperand(owner, tensor));
  if (first === undefined) throw new ValueError("ERR_SHAPE", `${owner} takes one tensor or more, got an empty list.`);
  return [first, ...rest];
}
