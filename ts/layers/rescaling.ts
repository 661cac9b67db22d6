/**
 * Rescaling.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { add, multiply } from "../ops/index.js";
import type { Tensor } from "../tensor.js";
import type { Values } from "../values.js";
import { Layer } from "./layer.js";
import { type LayerShape, shapeText } from "./layer-shape.js";
import { copied, type Numbers, type NumbersLike, numbersArgument } from "./number-argument.js";
import type { LayerOptions } from "./options.js";

/** Options of {@link Rescaling}. */
export interface RescalingOptions extends LayerOptions {
  /** Added after the multiplication: a number, or a list that is broadcast to the inputs. Default: 0. */
  readonly offset?: NumbersLike | undefined;
}

/**
 * Multiplies its inputs by `scale` and adds `offset`: `1 / 255` maps the bytes of images to the range from 0 to 1, `1 /
 * 127.5` with an offset of -1 to that from -1 to 1.
 *
 * @see [keras.layers.Rescaling](https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.Rescaling(0.5, -1);
 * console.log(layer.apply([[0, 2, 4]]).array()); // Float32Array [-1, 0, 1]
 * ```
 */
export class Rescaling extends Layer {
  static override readonly className = "Rescaling";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["scale"];
  /** Factor of the inputs: a number, or nested lists. */
  readonly scale: Numbers;
  /** Added after the multiplication: a number, or nested lists. */
  readonly offset: Numbers;
  readonly #shapes: readonly (readonly [name: string, shape: readonly number[]])[];

  /**
   * Creates a layer that multiplies and adds.
   *
   * @param scale - Factor of the inputs: a number, or a list that is broadcast to the inputs, such as one number for
   * each channel; or the options.
   * @param offset - {@link RescalingOptions.offset}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for a list that has
   * anything but numbers, or rows of different lengths
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    scale: NumbersLike | (RescalingOptions & { readonly scale: NumbersLike }),
    offset?: RescalingOptions["offset"] | RescalingOptions,
    others?: RescalingOptions,
  );
  constructor(...given: unknown[]) {
    const { scale, ...options } = placedOptions<RescalingOptions & { readonly scale: NumbersLike }>(
      "Rescaling",
      ["scale", "offset"],
      given,
    );
    super(options, ["scale", "offset"]);
    try {
      const factor = numbersArgument(this.label, "scale", scale);
      const addend = numbersArgument(this.label, "offset", options.offset ?? 0);
      this.scale = factor.value;
      this.offset = addend.value;
      this.#shapes = [
        ["scale", factor.shape],
        ["offset", addend.shape],
      ];
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    this.#checkFits(x.shape);
    return add(multiply(x, this.scale as Values), this.offset as Values);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    this.#checkFits(inputShape);
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), scale: copied(this.scale), offset: copied(this.offset) };
  }

  /** The output must have the shape of the input, as documented by Keras. */
  #checkFits(inputShape: LayerShape): void {
    for (const [name, shape] of this.#shapes) {
      const fits = shape.every((length, i) => {
        const other = inputShape.at(i - shape.length);
        return length === 1 || other === null || length === other;
      });
      if (fits && shape.length <= inputShape.length) continue;
      throw new ValueError(
        "ERR_SHAPE",
        `${this.label}: "${name}" is ${shapeText(shape)}, which cannot be broadcast to inputs of ${shapeText(inputShape)}.`,
      );
    }
  }
}
