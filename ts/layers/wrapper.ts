/**
 * Wrapper: the base of layers that contain another layer.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { isA, isPlain } from "../brands.js";
import type { Config } from "../class-registry.js";
import { ArgumentTypeError } from "../errors.js";
import { checkCount, checkMethod, shown } from "../options.js";
import { refusable } from "../undo.js";
import { Layer } from "./layer.js";
import type { LayerShapes } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";
import { deserialize } from "./registry.js";
import { serialize } from "./serialize.js";

/**
 * Base of custom layers that contain another layer: subclasses define `call`. It builds the inner layer, owns its
 * weights, and saves it in its config.
 *
 * @see [keras.layers.Wrapper](https://keras.io/api/layers/core_layers/wrapper/)
 * @example
 * ```ts
 * import { layers, ops, type Tensor } from "gradstep";
 *
 * class Residual extends layers.Wrapper {
 *   static override readonly className = "Residual";
 *   override call(x: Tensor, { training }: layers.CallContext) {
 *     return ops.add(x, this.layer.apply(x, { training }));
 *   }
 * }
 *
 * const layer = new Residual(new layers.Dense(2, { kernelInitializer: "ones" }));
 * console.log(layer.apply([[1, 2]]).array(), layer.weights.length); // Float32Array [4, 5] 2
 * ```
 */
export abstract class Wrapper extends Layer {
  static override readonly requiredArguments: readonly string[] = ["layer"];
  /** The inner layer. */
  readonly layer: Layer;

  /**
   * Sets the inner layer; subclasses call it.
   *
   * @param layer - The inner layer; or the options.
   * @param options - {@link LayerOptions}, and options of the subclass.
   * @param own - Names of the subclass's options in `options`. Default: none.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    layer: Layer | (LayerOptions & { readonly layer: Layer }),
    options: LayerOptions = {},
    own: readonly string[] = [],
  ) {
    checkCount("Wrapper", arguments.length, 3);
    const { layer: inner, ...others } = placedOptions<LayerOptions & { readonly layer: Layer }>(
      "Wrapper",
      ["layer"],
      isPlain(layer) ? [layer] : [layer, options],
    );
    if (!isA(inner, Layer)) {
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `Wrapper: "layer" must be a layer, got ${shown(inner)}.`);
    }
    super(others, ["layer", ...own]);
    this.layer = inner;
  }

  override build(inputShape: LayerShapes): void {
    checkMethod(this, "build", arguments.length, 1);
    if (!this.layer.built) this.layer.build(inputShape);
    super.build(inputShape);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), layer: serialize(this.layer) };
  }

  static override fromConfig<T extends Layer>(
    this: { new (...args: never[]): T; readonly requiredArguments: readonly string[] },
    config: Config,
  ): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 1);
    const inner = isPlain(config) ? (config as Config).layer : undefined;
    // If it is refused, the inner layer releases its name.
    return refusable(() => {
      const layer = isPlain(inner) ? deserialize(inner as never) : inner;
      // biome-ignore lint/complexity/noThisInStatic: the subclass's are meant.
      return super.fromConfig.call(this, isPlain(config) ? { ...config, layer } : config) as T;
    });
  }
}
