/**
 * Concatenate.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { concatenate } from "../ops/index.js";
import { checkedAxis } from "../ops/operand.js";
import { integer } from "../options.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import { isShapeList, type LayerShape, type LayerShapes, shapeText } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/** Options of {@link Concatenate}. */
export interface ConcatenateOptions extends LayerOptions {
  /** The axis along which the inputs are joined. Default: -1. */
  readonly axis?: number | undefined;
}

/**
 * Joins its inputs along an axis.
 *
 * @see [keras.layers.Concatenate](https://keras.io/api/layers/merging_layers/concatenate/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.Concatenate().apply([[[1, 2]], [[3]]]).array()); // Float32Array [1, 2, 3]
 * ```
 */
export class Concatenate extends Layer {
  static override readonly className = "Concatenate";
  /** @internal */
  static override readonly builtIn = true;
  /** The axis along which the inputs are joined. */
  readonly axis: number;

  /**
   * Creates a layer that joins its inputs along an axis.
   *
   * @param options - {@link ConcatenateOptions}, or {@link ConcatenateOptions.axis}.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options?: ConcatenateOptions | ConcatenateOptions["axis"], others?: ConcatenateOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<ConcatenateOptions>("Concatenate", ["axis"], given);
    super(options, ["axis"]);
    try {
      this.axis = integer(this.label, "axis", options.axis ?? -1, Number.MIN_SAFE_INTEGER);
    } catch (error) {
      throw this.refused(error);
    }
  }

  /** @internal */
  override get takesList(): boolean {
    return true;
  }

  override call(inputs: readonly Operand[]): Tensor<"float32"> {
    this.computeOutputShape(inputs.map(({ shape }) => shape));
    return concatenate(inputs, this.axis);
  }

  override computeOutputShape(inputShapes: LayerShapes): LayerShape {
    const shapes = isShapeList(inputShapes) ? inputShapes : [inputShapes];
    const [first = [], ...others] = shapes;
    const at = checkedAxis(this.label, this.axis, first.length);
    for (const shape of others) if (!fits(first, shape, at)) this.#refuse(shapes);
    return first.map((length, axis) => {
      const lengths = shapes.map((shape) => shape[axis] ?? null);
      if (axis !== at) return lengths.find((other) => other !== null) ?? length;
      return lengths.reduce((sum, other) => (sum === null || other === null ? null : sum + other), 0);
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }

  #refuse(shapes: readonly LayerShape[]): never {
    throw new ValueError(
      "ERR_SHAPE",
      `${this.label}: the inputs must have the same shape except along axis ${this.axis}, got ${shapes.map(shapeText).join(", ")}.`,
    );
  }
}

function fits(a: LayerShape, b: LayerShape, at: number): boolean {
  return a.length === b.length && a.every((m, axis) => axis === at || m === null || b[axis] === null || m === b[axis]);
}
