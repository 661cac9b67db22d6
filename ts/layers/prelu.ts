/**
 * PReLU.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import type { ConstraintIdentifier } from "../constraints/index.js";
import type { InitializerIdentifier } from "../initializers/index.js";
import { add, multiply, negative, relu } from "../ops/index.js";
import { integer, isList, list } from "../options.js";
import type { RegularizerIdentifier } from "../regularizers/index.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import type { Variable } from "../variable.js";
import { Layer } from "./layer.js";
import { knownLength, type LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";
import { settingNames, settingsConfig, type WeightSettings, weightSettings } from "./weight-settings.js";

/** Options of {@link PReLU}. */
export interface PReLUOptions extends LayerOptions {
  /** Initial values of the slopes. Default: `"Zeros"`. */
  readonly alphaInitializer?: InitializerIdentifier | undefined;
  /** Penalty on the slopes. Default: none. */
  readonly alphaRegularizer?: RegularizerIdentifier | null | undefined;
  /** Constraint on the slopes. Default: none. */
  readonly alphaConstraint?: ConstraintIdentifier | null | undefined;
  /**
   * The axis, or axes, along which all positions share a slope, counted from 1 without the batch axis: with `[1, 2]`
   * images have one slope per channel. Default: null, none.
   */
  readonly sharedAxes?: number | readonly number[] | null | undefined;
}

/**
 * Parametric rectified linear unit: `x` above 0, `alpha * x` below, with slopes alpha that are learned.
 *
 * @see [keras.layers.PReLU](https://keras.io/api/layers/activation_layers/prelu/),
 * [He et al. 2015](https://arxiv.org/abs/1502.01852)
 * @example
 * ```ts
 * import { initializers, layers } from "gradstep";
 *
 * const layer = new layers.PReLU({ alphaInitializer: new initializers.Constant(0.5) });
 * console.log(layer.apply([[-2, 3]]).array()); // Float32Array [-1, 3]
 * ```
 */
export class PReLU extends Layer {
  static override readonly className = "PReLU";
  /** @internal */
  static override readonly builtIn = true;
  /** Axes along which all positions share a slope, counted from 1; `null` for none. */
  readonly sharedAxes: readonly number[] | null;
  readonly #settings: WeightSettings;
  #alpha: Variable | undefined;

  /**
   * Creates a rectified linear unit that learns its slopes.
   *
   * @param options - {@link PReLUOptions}, or {@link PReLUOptions.alphaInitializer}.
   * @param alphaRegularizer - {@link PReLUOptions.alphaRegularizer}, or the options.
   * @param alphaConstraint - {@link PReLUOptions.alphaConstraint}, or the options.
   * @param sharedAxes - {@link PReLUOptions.sharedAxes}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown initializer, regularizer or constraint
   */
  constructor(
    options?: PReLUOptions | PReLUOptions["alphaInitializer"],
    alphaRegularizer?: PReLUOptions["alphaRegularizer"] | PReLUOptions,
    alphaConstraint?: PReLUOptions["alphaConstraint"] | PReLUOptions,
    sharedAxes?: PReLUOptions["sharedAxes"] | PReLUOptions,
    others?: PReLUOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<PReLUOptions>(
      "PReLU",
      ["alphaInitializer", "alphaRegularizer", "alphaConstraint", "sharedAxes"],
      given,
    );
    super(options, [...settingNames("alpha"), "sharedAxes"]);
    try {
      const { sharedAxes = null } = options;
      const checked = (one: unknown) => integer(this.label, "sharedAxes", one, 1);
      this.sharedAxes =
        sharedAxes === null
          ? null
          : isList(sharedAxes)
            ? list(this.label, "sharedAxes", sharedAxes).map(checked)
            : [checked(sharedAxes)];
      this.#settings = refusable(() => weightSettings(options, "alpha", "Zeros"));
    } catch (error) {
      throw this.refused(error);
    }
  }

  override build(inputShape: LayerShape): void {
    const shared = this.sharedAxes ?? [];
    // An axis that the input lacks is refused; Keras throws an IndexError.
    for (const axis of shared) integer(this.label, "sharedAxes", axis, 1, inputShape.length - 1);
    const shape = inputShape.slice(1).map((_, i) => {
      return shared.includes(i + 1) ? 1 : knownLength(this.label, inputShape, i + 1);
    });
    this.#alpha = this.addWeight({ name: "alpha", shape, ...this.#settings });
    // Without them, an alpha of length 1 would be broadcast to other lengths.
    const kept = shape.map((_, i) => i + 1).filter((axis) => !shared.includes(axis));
    this.inputSpec = {
      rank: inputShape.length,
      axes: Object.fromEntries(kept.map((axis) => [axis, shape[axis - 1]!])),
    };
    super.build(inputShape);
  }

  override call(x: Operand): Tensor<"float32"> {
    this.checkBuilt();
    // In Keras's order, for the same bits.
    return add(relu(x), multiply(negative(this.#alpha!), relu(negative(x))));
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...settingsConfig({ alpha: this.#settings }), shared_axes: this.sharedAxes };
  }
}
