/**
 * Activation.
 *
 * @module
 */

import type { Activation as ActivationFunction } from "../activations/index.js";
import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import type { Tensor } from "../tensor.js";
import { type ActivationOption, type ActivationSetting, activationSetting } from "./activation-option.js";
import { Layer } from "./layer.js";
import type { LayerShape, LayerShapes } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/**
 * Applies an activation function.
 *
 * @see [keras.layers.Activation](https://keras.io/api/layers/core_layers/activation/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.Activation("relu").apply([[-1, 0, 2]]).array()); // Float32Array [0, 0, 2]
 * ```
 */
export class Activation extends Layer {
  static override readonly className = "Activation";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["activation"];
  /** The function. */
  readonly activation: ActivationFunction;
  readonly #setting: ActivationSetting;

  /**
   * Creates a layer that applies an activation function.
   *
   * @param activation - A name such as `"softmax"`, a function, or a layer; or the options.
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown activation or regularizer
   */
  constructor(
    activation: ActivationOption | (LayerOptions & { readonly activation: ActivationOption }),
    options?: LayerOptions,
  );
  constructor(...given: unknown[]) {
    const { activation, ...options } = placedOptions<LayerOptions & { readonly activation: ActivationOption }>(
      "Activation",
      ["activation"],
      given,
    );
    super(options, ["activation"]);
    try {
      this.#setting = activationSetting(activation);
      this.activation = this.#setting.apply;
    } catch (error) {
      throw this.refused(error);
    }
  }

  override build(inputShape: LayerShapes): void {
    super.build(inputShape);
    this.#setting.build(inputShape as LayerShape);
  }

  override call(x: Operand): Tensor<"float32"> {
    return this.activation(x);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), activation: this.#setting.saved() };
  }
}
