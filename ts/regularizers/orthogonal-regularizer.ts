/**
 * OrthogonalRegularizer.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { abs, matmul, multiply, sum } from "../ops/index.js";
import { floatOperand } from "../ops/operand.js";
import { unitVectors } from "../ops/unit-vectors.js";
import { checkKnownOptions, checkMethod, checkObject, nonNegativeNumber, refuseRange } from "../options.js";
import type { Tensor } from "../tensor.js";
import { tensor } from "../tensor.js";
import { Regularizer } from "./regularizer.js";

/** Options of {@link OrthogonalRegularizer}. */
export interface OrthogonalRegularizerOptions {
  /** Factor of the penalty. Default: 0.01. */
  readonly factor?: number | undefined;
  /** The vectors that become orthogonal. Default: `"rows"`. */
  readonly mode?: "rows" | "columns" | undefined;
}

/**
 * Penalizes rows, or columns, of a matrix that point in similar directions: the mean of half their cosines' magnitudes.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: OrthogonalRegularizer](https://keras.io/api/layers/regularizers/#orthogonalregularizer-class)
 * @example
 * ```ts
 * import { regularizers, tensor } from "gradstep";
 *
 * const regularizer = new regularizers.OrthogonalRegularizer({ factor: 1 });
 * console.log(regularizer.call(tensor([[1, 0], [0, 2]])).item()); // 0
 * console.log(regularizer.call(tensor([[1, 1], [2, 2]])).item()); // 1
 * ```
 */
export class OrthogonalRegularizer extends Regularizer {
  static override readonly className = "OrthogonalRegularizer";
  /** Factor of the penalty. */
  readonly factor: number;
  /** Whether rows or columns are to be orthogonal. */
  readonly mode: "rows" | "columns";

  constructor(
    options?: OrthogonalRegularizerOptions | OrthogonalRegularizerOptions["factor"],
    mode?: OrthogonalRegularizerOptions["mode"] | OrthogonalRegularizerOptions,
    others?: OrthogonalRegularizerOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<OrthogonalRegularizerOptions>("OrthogonalRegularizer", ["factor", "mode"], given);
    super();
    checkKnownOptions("OrthogonalRegularizer", options, ["factor", "mode"]);
    const { factor = 0.01, mode = "rows" } = options;
    this.factor = nonNegativeNumber("OrthogonalRegularizer", "factor", factor);
    if (mode !== "rows" && mode !== "columns") {
      refuseRange("OrthogonalRegularizer", "mode", '"rows" or "columns"', mode);
    }
    this.mode = mode;
  }

  /**
   * Computes the penalty of a matrix.
   *
   * @param x - The weights, `[rows, columns]`.
   * @returns a scalar: shape `[]`
   * @throws ValueError ERR_SHAPE for anything but a matrix
   */
  call(x: Operand): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    const matrix = floatOperand("OrthogonalRegularizer", x);
    if (matrix.shape.length !== 2) {
      throw new ValueError("ERR_SHAPE", `OrthogonalRegularizer is for matrices, got [${matrix.shape.join(", ")}].`);
    }
    const isRows = this.mode === "rows";
    // Normalized as in Keras: by the norm, or the square root of 1e-12 if that is larger.
    const unit = unitVectors(matrix, isRows ? 1 : 0, 1e-12);
    const cosines = matmul(unit, unit, isRows ? { transposeB: true } : { transposeA: true });
    const size = cosines.shape[0]!;
    const pairs = (size * (size - 1)) / 2;
    return multiply(sum(abs(multiply(cosines, offDiagonal(size)))), (this.factor * 0.5) / pairs);
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    return { factor: Math.fround(this.factor), mode: this.mode };
  }
}

function offDiagonal(size: number): Tensor<"float32"> {
  const values = new Float32Array(size * size).fill(1);
  for (let i = 0; i < size; i++) values[i * size + i] = 0;
  return tensor(values, [size, size]);
}
