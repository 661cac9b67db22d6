/**
 * Embedding.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import { giveRows } from "../autodiff/row-gradient.js";
import type { Config } from "../class-registry.js";
import type { ConstraintIdentifier } from "../constraints/index.js";
import { ValueError } from "../errors.js";
import type { InitializerIdentifier } from "../initializers/index.js";
import { take } from "../ops/indexing.js";
import type { IndexRange } from "../ops/indices.js";
import { boolean, integer, MOST } from "../options.js";
import type { RegularizerIdentifier } from "../regularizers/index.js";
import type { Tensor } from "../tensor.js";
import type { DType } from "../values.js";
import type { Variable } from "../variable.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";
import { settingNames, settingsConfig, type WeightSettings, weightSettings } from "./weight-settings.js";

/** Options of {@link Embedding}. */
export interface EmbeddingOptions extends LayerOptions {
  /** Initial values. Default: `"uniform"`. */
  readonly embeddingsInitializer?: InitializerIdentifier | undefined;
  /** Penalty. Default: none. */
  readonly embeddingsRegularizer?: RegularizerIdentifier | null | undefined;
  /** Constraint. Default: none. */
  readonly embeddingsConstraint?: ConstraintIdentifier | null | undefined;
  /**
   * Whether the gradient contains only the rows that a batch uses. SGD, RMSprop, Adam, AdamW and Adagrad then update
   * only these rows, which is faster than updating the whole table. See docs/layers.md. Default: false.
   */
  readonly sparseGradient?: boolean | undefined;
}

/**
 * Looks up a vector for each index. Takes whole numbers of any shape, and adds an axis.
 *
 * @see [keras.layers.Embedding](https://keras.io/api/layers/core_layers/embedding/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.Embedding(1000, 16);
 * console.log(layer.apply([[4, 20], [7, 999]]).shape); // [2, 2, 16]
 * ```
 */
export class Embedding extends Layer {
  static override readonly className = "Embedding";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["inputDim", "outputDim"];
  /** @internal */
  static override readonly fixedArguments: Config = { mask_zero: false, quantization_config: null };
  override readonly inputDtype: DType = "int32";
  /** Number of indices, which are from 0 to `inputDim - 1`. */
  readonly inputDim: number;
  /** Length of a vector. */
  readonly outputDim: number;
  /** Whether the gradient contains only the rows that a batch uses. */
  readonly sparseGradient: boolean;
  readonly #settings: WeightSettings;
  #embeddings: Variable | undefined;

  /**
   * Creates a table of vectors.
   *
   * @param inputDim - Number of indices, which are from 0 to `inputDim - 1`. Others are refused; Keras continues with
   *   NaN.
   * @param outputDim - Length of a vector, or the options with it.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown initializer, regularizer or constraint
   */
  constructor(
    inputDim: number,
    outputDim: number | (EmbeddingOptions & { readonly outputDim: number }),
    others?: EmbeddingOptions,
  );
  /**
   * Creates a table of vectors.
   *
   * @param options - All arguments by name.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown initializer, regularizer or constraint
   */
  constructor(options: EmbeddingOptions & { readonly inputDim: number; readonly outputDim: number });
  constructor(...given: unknown[]) {
    const { inputDim, outputDim, ...options } = placedOptions<
      EmbeddingOptions & { readonly inputDim: number; readonly outputDim: number }
    >("Embedding", ["inputDim", "outputDim"], given);
    super(options, ["inputDim", "outputDim", ...settingNames("embeddings"), "sparseGradient"]);
    try {
      this.inputDim = integer(this.label, "inputDim", inputDim, 1, MOST);
      this.outputDim = integer(this.label, "outputDim", outputDim, 1, MOST);
      // Before the settings: an initializer draws its seed.
      this.sparseGradient = boolean(this.label, "sparseGradient", options.sparseGradient ?? false);
      if (this.sparseGradient && (options.embeddingsRegularizer ?? null) !== null) {
        throw new ValueError(
          "ERR_OPTION_CONFLICT",
          `${this.label}: pass either "embeddingsRegularizer", whose gradient is of all rows, or "sparseGradient: true".`,
        );
      }
      this.#settings = weightSettings(options, "embeddings", "uniform");
    } catch (error) {
      throw this.refused(error);
    }
  }

  /** The vectors, `inputDim` x `outputDim`; `undefined` before it is built. */
  get embeddings(): Variable | undefined {
    this.checkSelf();
    return this.#embeddings;
  }

  override build(inputShape: LayerShape): void {
    const shape = [this.inputDim, this.outputDim];
    this.#embeddings = this.addWeight({ name: "embeddings", shape, ...this.#settings });
    if (this.sparseGradient) giveRows(this.#embeddings);
    super.build(inputShape);
  }

  override call(x: Operand): Tensor<"float32"> {
    this.checkBuilt();
    return take(this.#embeddings as Variable, x);
  }

  override get inputRange(): IndexRange {
    return { noun: "index", bound: this.inputDim, nouns: "rows" };
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [...inputShape, this.outputDim];
  }

  override getConfig(): Config {
    return {
      activity_regularizer: null,
      ...super.getConfig(),
      input_dim: this.inputDim,
      output_dim: this.outputDim,
      ...settingsConfig({ embeddings: this.#settings }),
      ...Embedding.fixedArguments,
      // Keras has no such argument, so it is saved only if needed.
      ...(this.sparseGradient ? { sparse_gradient: true } : {}),
    };
  }
}
