/**
 * Orthogonal matrices.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { checkMethod, checkObject, finiteNumber } from "../options.js";
import { normal } from "../random/distributions.js";
import { checkedShape, type Shape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import { RandomInitializer, type SeedOptions } from "./random-initializer.js";

/** Options of {@link Orthogonal}. */
export interface OrthogonalOptions extends SeedOptions {
  /** Factor of the matrix. Default: 1. */
  readonly gain?: number | undefined;
}

/**
 * Draws a random orthogonal matrix (Saxe et al. 2014). All axes before the last count as one; the vectors along the
 * shorter side are orthonormal.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: Orthogonal](https://keras.io/api/layers/initializers/#orthogonal-class),
 * [Saxe et al. 2014](https://arxiv.org/abs/1312.6120)
 * @example
 * ```ts
 * import { initializers, ops } from "gradstep";
 *
 * const q = new initializers.Orthogonal({ seed: 7 }).call([2, 2]);
 * console.log(ops.matmul(q, q, { transposeB: true }).array()); // about [1, 0, 0, 1]
 * ```
 */
export class Orthogonal extends RandomInitializer {
  static override readonly className = "Orthogonal";
  /** The factor of the matrix. */
  readonly gain: number;

  constructor(
    options?: OrthogonalOptions | OrthogonalOptions["gain"],
    seed?: OrthogonalOptions["seed"] | OrthogonalOptions,
    others?: OrthogonalOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<OrthogonalOptions>("Orthogonal", ["gain", "seed"], given);
    super(options, ["gain"], true);
    this.gain = finiteNumber("Orthogonal", "gain", options.gain ?? 1);
    this.drawSeed();
  }

  /**
   * Draws the matrix.
   *
   * @param shape - Two axes or more.
   * @returns a tensor of this shape
   * @throws ValueError ERR_SHAPE when the shape has fewer than two axes
   */
  call(shape: Shape): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    const lengths = checkedShape("Orthogonal", shape);
    if (lengths.length < 2) {
      throw new ValueError(
        "ERR_SHAPE",
        `Orthogonal creates weights of two axes or more, got the shape [${lengths.join(", ")}].`,
      );
    }
    return refusable(() => this.#drawn(lengths));
  }

  #drawn(shape: Shape): Tensor<"float32"> {
    const [rows, columns] = [sizeOf(shape.slice(0, -1)), shape.at(-1) as number];
    const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
    const vectors = Float64Array.from(normal([count, length], { seed: this.seed }).numbers);
    orthonormalize(vectors, count, length);
    const matrix = allocate(shape);
    const values = matrix.numbers;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < length; j++) {
        const at = rows < columns ? i * columns + j : j * columns + i;
        values[at] = this.gain * vectors[i * length + j]!;
      }
    }
    return matrix;
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    return { ...super.getConfig(), gain: this.gain };
  }
}

/**
 * The Gram-Schmidt process, row by row; each row twice, against rounding. It is the QR decomposition with a positive
 * diagonal, which makes the result uniform among all orthogonal matrices.
 */
function orthonormalize(vectors: Float64Array, count: number, length: number): void {
  for (let i = 0; i < count; i++) {
    const own = vectors.subarray(i * length, (i + 1) * length);
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < i; k++) {
        const other = vectors.subarray(k * length, (k + 1) * length);
        const overlap = dot(own, other);
        for (let j = 0; j < length; j++) own[j] = own[j]! - overlap * other[j]!;
      }
    }
    const norm = Math.sqrt(dot(own, own));
    for (let j = 0; j < length; j++) own[j] = own[j]! / norm;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
