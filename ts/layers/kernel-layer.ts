/**
 * Base of layers with a kernel, a bias and an activation.
 *
 * @module
 */

import { relu } from "../activations/functions.js";
import type { Activation } from "../activations/index.js";
import type { Config } from "../class-registry.js";
import type * as constraints from "../constraints/index.js";
import type * as initializers from "../initializers/index.js";
import { boolean } from "../options.js";
import type * as regularizers from "../regularizers/index.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import type { Variable } from "../variable.js";
import { type ActivationOption, type ActivationSetting, activationSetting } from "./activation-option.js";
import { Layer } from "./layer.js";
import type { LayerShapes } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";
import { settingNames, settingsConfig, type WeightSettings, weightSettings } from "./weight-settings.js";

/** Options for the bias and the activation. */
export interface BiasOptions extends LayerOptions {
  /** Applied to the output: a name such as `"relu"`, a function, or a layer. Default: none. */
  readonly activation?: ActivationOption;
  /** Whether a bias is added. Default: true. */
  readonly useBias?: boolean | undefined;
  /** Initial values of the bias. Default: `"zeros"`. */
  readonly biasInitializer?: initializers.InitializerIdentifier | undefined;
  /** Penalty on the bias. Default: none. */
  readonly biasRegularizer?: regularizers.RegularizerIdentifier | null | undefined;
  /** Constraint on the bias. Default: none. */
  readonly biasConstraint?: constraints.ConstraintIdentifier | null | undefined;
}

/** Options for kernel, bias and activation. */
export interface KernelOptions extends BiasOptions {
  /** Initial values of the kernel. Default: `"glorotUniform"`. */
  readonly kernelInitializer?: initializers.InitializerIdentifier | undefined;
  /** Penalty on the kernel. Default: none. */
  readonly kernelRegularizer?: regularizers.RegularizerIdentifier | null | undefined;
  /** Constraint on the kernel. Default: none. */
  readonly kernelConstraint?: constraints.ConstraintIdentifier | null | undefined;
}

/** A layer with a kernel, a bias and an activation. */
export abstract class KernelLayer extends Layer {
  /** Applied to the output. */
  readonly activation: Activation;
  /** Whether a bias is added. */
  readonly useBias: boolean;
  readonly #setting: ActivationSetting;
  readonly #word: string;
  #settings!: { readonly kernel: WeightSettings; readonly bias: WeightSettings };
  #kernel: Variable | undefined;
  #bias: Variable | null = null;

  /**
   * A layer with a kernel, a bias and an activation.
   *
   * @param own - Names of the subclass's options.
   * @param word - Prefix of the kernel's options.
   */
  constructor(options: BiasOptions, own: readonly string[], word = "kernel") {
    const names = ["activation", "useBias", ...settingNames(word, "bias")];
    super(options, [...own, ...names]);
    try {
      this.#setting = activationSetting(options.activation);
      this.activation = this.#setting.apply;
      this.useBias = boolean(this.label, "useBias", options.useBias ?? true);
      this.#word = word;
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
  protected settleWeights(options: BiasOptions): void {
    this.#settings = refusable(() => ({
      kernel: weightSettings(options, this.#word, "glorotUniform"),
      bias: weightSettings(options, "bias", "zeros"),
    }));
  }

  /** The kernel; `undefined` before it is built. */
  get kernel(): Variable | undefined {
    this.checkSelf();
    return this.#kernel;
  }

  /** The bias; `null` without one. */
  get bias(): Variable | null {
    this.checkSelf();
    return this.#bias;
  }

  /**
   * Creates the kernel, and the bias if there is one.
   *
   * @param kernelShape - Lengths of the kernel's axes.
   * @param biasLength - Length of the bias.
   * @internal
   */
  protected addWeights(kernelShape: readonly number[], biasLength: number): void {
    refusable(() => {
      this.#kernel = this.addWeight({ name: "kernel", shape: kernelShape, ...this.#settings.kernel });
      this.#bias = this.useBias ? this.addWeight({ name: "bias", shape: [biasLength], ...this.#settings.bias }) : null;
    });
  }

  override build(inputShape: LayerShapes): void {
    super.build(inputShape);
    this.#setting.build(this.computeOutputShape(inputShape));
  }

  /**
   * Computes the output with the activation, which some operations include.
   *
   * @param compute - The operation, with or without relu.
   * @returns The output, of the same shape.
   * @internal
   */
  protected activated(compute: (activation: "relu" | "linear") => Tensor<"float32">): Tensor<"float32"> {
    return this.activation === relu ? compute("relu") : this.activation(compute("linear"));
  }

  /**
   * Returns the part of the config for kernel, bias and activation, in Keras's order.
   *
   * @returns Arguments by Keras's names.
   * @internal
   */
  protected kernelConfig(): Config {
    return {
      activation: this.#setting.saved(),
      use_bias: this.useBias,
      ...settingsConfig({ [this.#word]: this.#settings.kernel, bias: this.#settings.bias }),
    };
  }
}
