/**
 * Activation.
 *
 * @module
 */

import * as activations from "../activations/index.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/**
 * An activation function as a layer.
 *
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.Activation("softmax").apply([[2, 2]]).array()); // Float32Array [0.5, 0.5]
 * ```
 */
export class Activation extends Layer {
  static override readonly className = "Activation";
  static override readonly requiredArguments: readonly string[] = ["activation"];
  /** The function. */
  readonly activation: activations.Activation;

  /** @param activation - A name such as `"softmax"`, or a function. @throws ValueError for an unknown name */
  constructor(activation: string | activations.Activation, options: LayerOptions = {}) {
    super(options);
    this.activation = activations.get(activation);
  }

  override call(x: Operand): Tensor<"float32"> {
    return this.activation(x);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), activation: activations.serialize(this.activation) };
  }
}
