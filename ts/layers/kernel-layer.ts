/**
 * What layers with a kernel, a bias and an activation have in common.
 *
 * @module
 */

import * as activations from "../activations/index.js";
import type { Config } from "../class-registry.js";
import * as constraints from "../constraints/index.js";
import * as initializers from "../initializers/index.js";
import { boolean } from "../options.js";
import * as regularizers from "../regularizers/index.js";
import type { Variable } from "../variable.js";
import { Layer } from "./layer.js";
import type { LayerOptions } from "./options.js";
import { saved } from "./saved.js";

/** Options for the bias and the activation. */
export interface BiasOptions extends LayerOptions {
  /** Applied to the output: a name such as `"relu"`, or a function. Default: none. */
  readonly activation?: string | activations.Activation | null | undefined;
  /** Whether a bias is added. Default: true. */
  readonly useBias?: boolean | undefined;
  /** First values of the bias. Default: `"zeros"`. */
  readonly biasInitializer?: initializers.InitializerIdentifier | undefined;
  /** Penalty on the bias. Default: none. */
  readonly biasRegularizer?: regularizers.RegularizerIdentifier | null | undefined;
  /** Constraint on the bias. Default: none. */
  readonly biasConstraint?: constraints.ConstraintIdentifier | null | undefined;
}

/** Options for kernel, bias and activation. */
export interface KernelOptions extends BiasOptions {
  /** First values of the kernel. Default: `"glorotUniform"`. */
  readonly kernelInitializer?: initializers.InitializerIdentifier | undefined;
  /** Penalty on the kernel. Default: none. */
  readonly kernelRegularizer?: regularizers.RegularizerIdentifier | null | undefined;
  /** Constraint on the kernel. Default: none. */
  readonly kernelConstraint?: constraints.ConstraintIdentifier | null | undefined;
}

/** How a weight is made and kept. */
interface WeightSettings {
  readonly initializer: initializers.Initializer | initializers.InitializerFunction;
  readonly regularizer: regularizers.Regularizer | regularizers.RegularizerFunction | null;
  readonly constraint: ReturnType<typeof constraints.get> | null;
}

/** A layer with a kernel, a bias and an activation. */
export abstract class KernelLayer extends Layer {
  /** Applied to the output. */
  readonly activation: activations.Activation;
  /** Whether a bias is added. */
  readonly useBias: boolean;
  readonly #word: string;
  readonly #kernel: WeightSettings;
  readonly #bias: WeightSettings;

  /**
   * @param own - Names of the subclass's own options.
   * @param word - What the kernel's options begin with.
   */
  constructor(options: BiasOptions, own: readonly string[], word = "kernel") {
    const names = ["activation", "useBias", ...settingNames(word), ...settingNames("bias")];
    super(options, [...own, ...names]);
    this.activation = activations.get(options.activation);
    this.useBias = boolean(this.label, "useBias", options.useBias ?? true);
    this.#word = word;
    this.#kernel = settings(options, word, "glorotUniform");
    this.#bias = settings(options, "bias", "zeros");
  }

  /** Makes the kernel. */
  protected addKernel(shape: readonly number[]): Variable {
    return this.addWeight({ name: "kernel", shape, ...this.#kernel });
  }

  /** Makes the bias, unless there is none. */
  protected addBias(length: number): Variable | null {
    return this.useBias ? this.addWeight({ name: "bias", shape: [length], ...this.#bias }) : null;
  }

  /** Its part of the config, in Keras's order. */
  protected kernelConfig(): Config {
    const [word, kernel, bias] = [this.#word, this.#kernel, this.#bias];
    return {
      activation: activations.serialize(this.activation),
      use_bias: this.useBias,
      [`${word}_initializer`]: saved.initializer(kernel.initializer),
      bias_initializer: saved.initializer(bias.initializer),
      [`${word}_regularizer`]: saved.regularizer(kernel.regularizer),
      bias_regularizer: saved.regularizer(bias.regularizer),
      [`${word}_constraint`]: saved.constraint(kernel.constraint),
      bias_constraint: saved.constraint(bias.constraint),
    };
  }
}

function settingNames(word: string): string[] {
  return [`${word}Initializer`, `${word}Regularizer`, `${word}Constraint`];
}

function settings(options: object, word: string, initializer: string): WeightSettings {
  const given = options as Readonly<Record<string, never>>;
  return {
    initializer: initializers.get(given[`${word}Initializer`] ?? initializer),
    regularizer: regularizers.get(given[`${word}Regularizer`]),
    constraint: constraints.get(given[`${word}Constraint`]),
  };
}
