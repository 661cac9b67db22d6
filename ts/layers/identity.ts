/**
 * Identity.
 *
 * @module
 */

import { linear } from "../activations/functions.js";
import type { Operand } from "../autodiff/arena.js";
import { checkCount } from "../options.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/**
 * Returns its input: a placeholder in a model, such as a branch without operations.
 *
 * @see [keras.layers.Identity](https://keras.io/api/layers/core_layers/identity/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.Identity().apply([[1, 2]]).array()); // Float32Array [1, 2]
 * ```
 */
export class Identity extends Layer {
  static override readonly className = "Identity";
  /**
   * The name, also where a bundler renames the class to `Identity2` because of the initializer `Identity`. @internal
   */
  static override readonly name: string = "Identity";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that returns its input.
   *
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an option that is
   * unknown, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options: LayerOptions = {}) {
    checkCount("Identity", arguments.length, 1);
    super(options);
  }

  override call(x: Operand): Tensor<"float32"> {
    return linear(x);
  }

  /** @internal */
  override get keepsNumbers(): boolean {
    return true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }
}
