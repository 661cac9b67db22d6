/**
 * The dense layer's computation: product, bias and relu together.
 *
 * @module
 */

import { operandsByName, readOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { ValueError } from "../errors.js";
import { boolean } from "../options.js";
import { wasm } from "../runtime/module.js";
import { matmulBatched } from "../runtime/products.js";
import type { Tensor } from "../tensor.js";
import { multiply } from "./arithmetic.js";
import { greater } from "./compare.js";
import { isRelu } from "./convolve.js";
import { floatOperand, type TensorLike } from "./operand.js";
import { linear, total } from "./tangents.js";

/** Options of {@link dense}. */
export interface DenseOptions {
  /** Activation of the result. Default: `"linear"`, none. */
  readonly activation?: "relu" | "linear" | null | undefined;
  /** The same as `activation: "relu"`. Default: false. */
  readonly relu?: boolean | undefined;
}

const DENSE = { names: ["activation", "relu"], byPosition: 1, after: 3 };

/**
 * Computes `x kernel + bias`, followed by relu if requested.
 *
 * @param x - Numbers whose last axis has the length `inputs`; the other axes count rows.
 * @param kernel - `inputs` x `units`.
 * @param bias - `units` numbers, or an object with the bias and the options. Default: null, none.
 * @param given - {@link DenseOptions}, by name or by position: `activation`.
 * @returns Numbers of the shape of `x`, with `units` on the last axis.
 * @throws ValueError (`ERR_SHAPE`) when the shapes do not fit together
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.layers.Dense](https://keras.io/api/layers/core_layers/dense/)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.dense([[1, 2]], [[1, -1], [1, -1]], [0, 0], "relu").array()); // Float32Array [3, 0]
 * ```
 */
export function dense(
  x: TensorLike,
  kernel: TensorLike,
  bias: TensorLike | (DenseOptions & { readonly bias?: TensorLike | null | undefined }) | null = null,
  ...given: [activation?: DenseOptions["activation"] | DenseOptions]
): Tensor<"float32"> {
  const named = operandsByName("dense", bias, given, ["bias"], DENSE);
  if (named !== undefined) return dense(x, kernel, ...(named as [TensorLike | null, DenseOptions]));
  const options = readOptions<DenseOptions>("dense", DENSE, given);
  const [a, w] = [floatOperand("dense", x), floatOperand("dense", kernel)];
  const b = bias === null ? undefined : floatOperand("dense", bias as TensorLike);
  const relu = isRelu("dense", options.activation) || boolean("dense", "relu", options.relu ?? false);
  const k = a.shape.at(-1) ?? 1;
  const n = w.shape[1] ?? 1;
  if (a.shape.length < 1 || w.shape.length !== 2 || w.shape[0] !== k || (b !== undefined && b.size !== n)) {
    const shapes = [a, w, ...(b === undefined ? [] : [b])].map(({ shape }) => `[${shape.join(", ")}]`);
    throw new ValueError(
      "ERR_SHAPE",
      `dense: expected an input of [..., inputs], a kernel of [inputs, units] and a bias of [units], got ${shapes.join(", ")}.`,
    );
  }
  const m = a.size / Math.max(1, k);
  const y = allocate([...a.shape.slice(0, -1), n]);
  const { add_bias } = wasm();
  matmulBatched(a.address, w.address, 1, m, k, n, false, false, 0, y.address);
  // Without a bias, relu uses one of zeros.
  const added = b ?? (relu ? zeros(n) : undefined);
  if (added !== undefined) add_bias(y.address, m, n, added.address, relu ? 1 : 0);
  const backward: Backward = (dy, into) => {
    const dz = relu ? gated(y, dy) : dy;
    into.accumulate(1, (out, beta) => matmulBatched(a.address, dz.address, 1, k, m, n, true, false, beta, out));
    if (b !== undefined) into.write(2, (out) => wasm().column_sums(dz.address, m, n, out));
    into.accumulate(0, (out, beta) => matmulBatched(dz.address, w.address, 1, m, n, k, false, true, beta, out));
  };
  return record("dense", b === undefined ? [a, w] : [a, w, b], y, backward, ([da, dw, db]) => {
    const [left, right] = [linear(da, (t) => dense(t, w)), linear(dw, (t) => dense(a, t))];
    const sum = total(y.shape, left, right, db);
    return relu ? linear(sum, (t) => multiply(t, greater(y, 0))) : sum;
  });
}

function gated(y: Tensor, dy: Tensor): Tensor<"float32"> {
  const dz = allocate(y.shape);
  wasm().relu_gate(y.address, dy.address, y.size, dz.address);
  return dz;
}

function zeros(length: number): Tensor<"float32"> {
  const tensor = allocate([length]);
  wasm().fill_values(tensor.address, length, 0);
  return tensor;
}
