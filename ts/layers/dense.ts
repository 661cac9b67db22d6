/**
 * Dense.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { dense } from "../ops/dense.js";
import { integer, MOST } from "../options.js";
import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { KernelLayer, type KernelOptions } from "./kernel-layer.js";
import { knownLength, type LayerShape } from "./layer-shape.js";

/** Options of {@link Dense}. */
export type DenseOptions = KernelOptions;

/**
 * A densely connected layer: `activation(x · kernel + bias)` over the last axis. The kernel has the shape `[inputs, units]`.
 *
 * @see [keras.layers.Dense](https://keras.io/api/layers/core_layers/dense/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.Dense(2, { kernelInitializer: "ones", activation: "relu" });
 * console.log(layer.apply([[1, 2, 3], [-1, -2, -3]]).array()); // Float32Array [6, 6, 0, 0]
 * ```
 */
export class Dense extends KernelLayer {
  static override readonly className = "Dense";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["units"];
  /** @internal */
  static override readonly fixedArguments: Config = { quantization_config: null };
  /** Number of outputs. */
  readonly units: number;

  /**
   * Creates a densely connected layer.
   *
   * @param units - Number of outputs; or the options.
   * @param activation - {@link DenseOptions.activation}, or the options.
   * @param useBias - {@link DenseOptions.useBias}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown activation, initializer, regularizer or
   * constraint
   */
  constructor(
    units: number | (DenseOptions & { readonly units: number }),
    activation?: DenseOptions["activation"] | DenseOptions,
    useBias?: DenseOptions["useBias"] | DenseOptions,
    others?: DenseOptions,
  );
  constructor(...given: unknown[]) {
    const { units, ...options } = placedOptions<DenseOptions & { readonly units: number }>(
      "Dense",
      ["units", "activation", "useBias"],
      given,
    );
    super(options, ["units"]);
    try {
      this.units = integer(this.label, "units", units, 1, MOST);
      this.inputSpec = { minRank: 2 };
      this.settleWeights(options);
    } catch (error) {
      throw this.refused(error);
    }
  }

  override build(inputShape: LayerShape): void {
    const inputs = knownLength(this.label, inputShape, -1);
    this.addWeights([inputs, this.units], this.units);
    this.inputSpec = { minRank: 2, axes: { [-1]: inputs } };
    super.build(inputShape);
  }

  override call(x: Operand): Tensor<"float32"> {
    this.checkBuilt();
    return this.activated((activation) =>
      dense(x, this.kernel as Variable, this.bias, { relu: activation === "relu" }),
    );
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [...inputShape.slice(0, -1), this.units];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), units: this.units, ...this.kernelConfig(), ...Dense.fixedArguments };
  }
}
