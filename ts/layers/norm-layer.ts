/**
 * Base of normalization layers: a factor gamma and an offset beta.
 *
 * @module
 */

import type { Config } from "../class-registry.js";
import type { ConstraintIdentifier } from "../constraints/index.js";
import type { InitializerIdentifier } from "../initializers/index.js";
import { boolean, nonNegativeNumber } from "../options.js";
import type { RegularizerIdentifier } from "../regularizers/index.js";
import type { Variable } from "../variable.js";
import { Layer } from "./layer.js";
import type { LayerOptions } from "./options.js";
import { settingNames, settingsConfig, type WeightSettings, weightSettings } from "./weight-settings.js";

/** Options of layers that normalize. */
export interface NormOptions extends LayerOptions {
  /** Added to the variance. Default: 1e-3. */
  readonly epsilon?: number | undefined;
  /** Whether an offset, beta, is added. Default: true. */
  readonly center?: boolean | undefined;
  /** Whether it is multiplied by a factor, gamma. Default: true. */
  readonly scale?: boolean | undefined;
  /** Initial values of beta. Default: `"zeros"`. */
  readonly betaInitializer?: InitializerIdentifier | undefined;
  /** Initial values of gamma. Default: `"ones"`. */
  readonly gammaInitializer?: InitializerIdentifier | undefined;
  /** Penalty on beta. Default: none. */
  readonly betaRegularizer?: RegularizerIdentifier | null | undefined;
  /** Penalty on gamma. Default: none. */
  readonly gammaRegularizer?: RegularizerIdentifier | null | undefined;
  /** Constraint on beta. Default: none. */
  readonly betaConstraint?: ConstraintIdentifier | null | undefined;
  /** Constraint on gamma. Default: none. */
  readonly gammaConstraint?: ConstraintIdentifier | null | undefined;
}

/** A layer with gamma and beta. */
export abstract class NormLayer extends Layer {
  /** Added to the variance. */
  readonly epsilon: number;
  /** Whether beta is added. */
  readonly center: boolean;
  /** Whether it is multiplied by gamma. */
  readonly scale: boolean;
  /** Scale, of the shape of the normalized axes; `null` without one, and before it is built. */
  protected gamma: Variable | null = null;
  /** Offset, of the shape of the normalized axes; `null` without one, and before it is built. */
  protected beta: Variable | null = null;
  #gamma!: WeightSettings;
  #beta!: WeightSettings;

  /**
   * A layer with gamma and beta.
   *
   * @param own - Names of the subclass's options.
   */
  constructor(options: NormOptions, own: readonly string[]) {
    super(options, [...own, "epsilon", "center", "scale", ...settingNames("beta", "gamma")]);
    try {
      this.epsilon = nonNegativeNumber(this.label, "epsilon", options.epsilon ?? 1e-3);
      this.center = boolean(this.label, "center", options.center ?? true);
      this.scale = boolean(this.label, "scale", options.scale ?? true);
    } catch (error) {
      throw this.refused(error);
    }
  }

  /**
   * Sets initializers, regularizers and constraints. Constructors call it last, because initializers draw seeds, which
   * a refused layer must not do.
   *
   * @param options - The options of the constructor.
   * @internal
   */
  protected settleWeights(options: NormOptions): void {
    this.#gamma = weightSettings(options, "gamma", "ones");
    this.#beta = weightSettings(options, "beta", "zeros");
  }

  /**
   * Creates gamma and beta, if they are enabled.
   *
   * @param shape - Lengths of the normalized axes.
   * @internal
   */
  protected addGammaAndBeta(shape: readonly number[]): void {
    if (this.scale) this.gamma = this.addWeight({ name: "gamma", shape, ...this.#gamma });
    if (this.center) this.beta = this.addWeight({ name: "beta", shape, ...this.#beta });
  }

  /**
   * Their part of the config.
   *
   * @returns The arguments of gamma and beta, by Keras's names.
   * @internal
   */
  protected normConfig(): Config {
    return {
      epsilon: this.epsilon,
      center: this.center,
      scale: this.scale,
      ...settingsConfig({ beta: this.#beta, gamma: this.#gamma }),
    };
  }
}
