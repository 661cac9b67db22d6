/**
 * LayerNormalization.
 *
 * @module
 */

import { checkAxisPlaced, placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { axesBack, axesLast } from "../ops/axes-last.js";
import { layerNormalization } from "../ops/normalization.js";
import { checkedAxis } from "../ops/operand.js";
import { checkObject, integer, isList, list } from "../options.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import { knownLength, type LayerShape } from "./layer-shape.js";
import { NormLayer, type NormOptions } from "./norm-layer.js";

/** Options of {@link LayerNormalization}. */
export interface LayerNormalizationOptions extends NormOptions {
  /** The axis or axes to normalize together. Default: -1. */
  readonly axis?: number | readonly number[] | undefined;
}

/**
 * Normalizes each sample to mean 0 and variance 1 along an axis, then applies a separate scale and offset to each
 * position (Ba et al. 2016).
 *
 * @see [keras.layers.LayerNormalization](https://keras.io/api/layers/normalization_layers/layer_normalization/),
 * [Ba et al. 2016](https://arxiv.org/abs/1607.06450)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.LayerNormalization({ epsilon: 0 }).apply([[1, 3]]).array()); // Float32Array [-1, 1]
 * ```
 */
export class LayerNormalization extends NormLayer {
  static override readonly className = "LayerNormalization";
  /** @internal */
  static override readonly builtIn = true;
  /** @internal */
  static override readonly fixedArguments: Config = { rms_scaling: false };
  /** The axes that are normalized together. */
  readonly axis: number | readonly number[];

  /**
   * Creates a layer that normalizes each sample.
   *
   * @param options - {@link LayerNormalizationOptions}, or {@link LayerNormalizationOptions.axis}.
   * @param epsilon - {@link LayerNormalizationOptions.epsilon}, or the options.
   * @param center - {@link LayerNormalizationOptions.center}, or the options.
   * @param scale - {@link LayerNormalizationOptions.scale}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown initializer, regularizer or constraint
   */
  constructor(
    options?: LayerNormalizationOptions | LayerNormalizationOptions["axis"],
    epsilon?: LayerNormalizationOptions["epsilon"] | LayerNormalizationOptions,
    center?: LayerNormalizationOptions["center"] | LayerNormalizationOptions,
    scale?: LayerNormalizationOptions["scale"] | LayerNormalizationOptions,
    others?: LayerNormalizationOptions,
  );
  constructor(...given: unknown[]) {
    checkAxisPlaced("LayerNormalization", given, "epsilon");
    const options = placedOptions<LayerNormalizationOptions>(
      "LayerNormalization",
      ["axis", "epsilon", "center", "scale"],
      given,
    );
    super(options, ["axis"]);
    try {
      const { axis = -1 } = options;
      const checked = (one: unknown) => integer(this.label, "axis", one, Number.MIN_SAFE_INTEGER);
      this.axis = isList(axis) ? list(this.label, "axis", axis).map(checked) : checked(axis);
      refusable(() => this.settleWeights(options));
    } catch (error) {
      throw this.refused(error);
    }
  }

  override build(inputShape: LayerShape): void {
    this.addGammaAndBeta(this.#axes(inputShape.length).map((axis) => knownLength(this.label, inputShape, axis)));
    super.build(inputShape);
  }

  override call(x: Operand): Tensor<"float32"> {
    this.checkBuilt();
    const axes = this.#axes(x.shape.length);
    const last = axes.map((_, i) => i - axes.length);
    const { gamma, beta, epsilon } = this;
    return axesBack(layerNormalization(axesLast(x, axes), gamma, beta, { axis: last, epsilon }), axes);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    this.#axes(inputShape.length);
    return inputShape;
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    const list = [this.axis].flat() as number[];
    // Keras converts it to a list when it builds.
    const axis = this.built ? list.toSorted((a, b) => a - b) : this.axis;
    return { ...super.getConfig(), axis, ...this.normConfig(), ...LayerNormalization.fixedArguments };
  }

  #axes(rank: number): number[] {
    const axes = ([this.axis].flat() as number[]).map((axis) => checkedAxis(this.label, axis, rank));
    return axes.sort((a, b) => a - b);
  }
}
