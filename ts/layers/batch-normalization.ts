/**
 * BatchNormalization.
 *
 * @module
 */

import { checkAxisPlaced, placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import { isRecording } from "../autodiff/record.js";
import type { Config } from "../class-registry.js";
import { type InitializerIdentifier, get as initializerOf } from "../initializers/registry.js";
import { add } from "../ops/arithmetic.js";
import { axesBack, axesLast } from "../ops/axes-last.js";
import { batchNormalization } from "../ops/normalization.js";
import { checkedAxis } from "../ops/operand.js";
import { checkObject, FRACTION, integer, numberIn } from "../options.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import { update, writesAtOnce } from "../updates.js";
import type { Variable } from "../variable.js";
import { gatheredMeans } from "./batch-means.js";
import { type CallContext, INFERENCE } from "./call-context.js";
import { knownLength, type LayerShape } from "./layer-shape.js";
import { NormLayer, type NormOptions } from "./norm-layer.js";
import { saved } from "./saved.js";

/** Options of {@link BatchNormalization}. */
export interface BatchNormalizationOptions extends NormOptions {
  /** The axis of the channels. Default: -1. */
  readonly axis?: number | undefined;
  /** Fraction of the moving statistics kept at each step, 0 to 1. Default: 0.99. */
  readonly momentum?: number | undefined;
  /** Initial values of the moving mean. Default: `"zeros"`. */
  readonly movingMeanInitializer?: InitializerIdentifier | undefined;
  /** Initial values of the moving variance. Default: `"ones"`. */
  readonly movingVarianceInitializer?: InitializerIdentifier | undefined;
}

/**
 * Normalizes each channel to mean 0 and variance 1, then applies a separate scale and offset (Ioffe and Szegedy
 * 2015). Training uses the statistics of the batch, and updates their moving averages; inference, and a layer that is
 * not trainable, use these averages.
 *
 * @see [keras.layers.BatchNormalization](https://keras.io/api/layers/normalization_layers/batch_normalization/),
 * [Ioffe and Szegedy 2015](https://arxiv.org/abs/1502.03167)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.BatchNormalization({ epsilon: 0, momentum: 0.5 });
 * console.log(layer.apply([[1], [3]], { training: true }).array()); // Float32Array [-1, 1]
 * console.log(layer.movingMean?.array()); // Float32Array [1]
 * ```
 */
export class BatchNormalization extends NormLayer {
  static override readonly className = "BatchNormalization";
  /** @internal */
  static override readonly builtIn = true;
  /** @internal */
  static override readonly fixedArguments: Config = {
    synchronized: false,
    renorm: false,
    renorm_clipping: null,
    renorm_momentum: 0.99,
  };
  /** The axis of the channels. */
  readonly axis: number;
  /** Fraction of the moving statistics kept at each step. */
  readonly momentum: number;
  readonly #initializers: readonly ReturnType<typeof initializerOf>[];
  #movingMean: Variable | undefined;
  #movingVariance: Variable | undefined;

  /**
   * Creates a layer that normalizes each channel.
   *
   * @param options - {@link BatchNormalizationOptions}, or {@link BatchNormalizationOptions.axis}.
   * @param momentum - {@link BatchNormalizationOptions.momentum}, or the options.
   * @param epsilon - {@link BatchNormalizationOptions.epsilon}, or the options.
   * @param center - {@link BatchNormalizationOptions.center}, or the options.
   * @param scale - {@link BatchNormalizationOptions.scale}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown initializer, regularizer or constraint
   */
  constructor(
    options?: BatchNormalizationOptions | BatchNormalizationOptions["axis"],
    momentum?: BatchNormalizationOptions["momentum"] | BatchNormalizationOptions,
    epsilon?: BatchNormalizationOptions["epsilon"] | BatchNormalizationOptions,
    center?: BatchNormalizationOptions["center"] | BatchNormalizationOptions,
    scale?: BatchNormalizationOptions["scale"] | BatchNormalizationOptions,
    others?: BatchNormalizationOptions,
  );
  constructor(...given: unknown[]) {
    checkAxisPlaced("BatchNormalization", given, "momentum");
    const options = placedOptions<BatchNormalizationOptions>(
      "BatchNormalization",
      ["axis", "momentum", "epsilon", "center", "scale"],
      given,
    );
    super(options, ["axis", "momentum", "movingMeanInitializer", "movingVarianceInitializer"]);
    try {
      this.axis = integer(this.label, "axis", options.axis ?? -1, Number.MIN_SAFE_INTEGER);
      this.momentum = numberIn(this.label, "momentum", options.momentum ?? 0.99, FRACTION);
      this.#initializers = refusable(() => {
        this.settleWeights(options);
        return [
          initializerOf(options.movingMeanInitializer ?? "zeros"),
          initializerOf(options.movingVarianceInitializer ?? "ones"),
        ];
      });
    } catch (error) {
      throw this.refused(error);
    }
  }

  /** Moving average of the mean; `undefined` before it is built. */
  get movingMean(): Variable | undefined {
    this.checkSelf();
    return this.#movingMean;
  }

  /** Moving average of the variance; `undefined` before it is built. */
  get movingVariance(): Variable | undefined {
    this.checkSelf();
    return this.#movingVariance;
  }

  override build(inputShape: LayerShape): void {
    const axis = checkedAxis(this.label, this.axis, inputShape.length);
    const channels = knownLength(this.label, inputShape, axis);
    this.addGammaAndBeta([channels]);
    const [movingMean, movingVariance] = ["moving_mean", "moving_variance"].map((name, i) => {
      const initializer = this.#initializers[i] ?? undefined;
      return this.addWeight({ name, shape: [channels], trainable: false, initializer });
    });
    this.#movingMean = movingMean;
    this.#movingVariance = movingVariance;
    this.inputSpec = { rank: inputShape.length, axes: { [this.axis]: channels } };
    super.build(inputShape);
  }

  override call(x: Operand, context: CallContext = INFERENCE): Tensor<"float32"> {
    this.checkBuilt();
    const training = context.training && this.trainable;
    const axes = [checkedAxis(this.label, this.axis, x.shape.length)];
    const { epsilon, gamma, beta } = this;
    const moving = { mean: this.#movingMean as Variable, variance: this.#movingVariance as Variable };
    const statistics = training ? {} : safeStatistics(moving);
    const made = batchNormalization(axesLast(x, axes), gamma, beta, { epsilon, training, ...statistics });
    if (training) {
      const move = () => {
        this.#move(moving.mean, made.mean);
        this.#move(moving.variance, made.variance);
      };
      update(move, [moving.mean, moving.variance]);
    }
    return axesBack(made.output, axes);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    checkedAxis(this.label, this.axis, inputShape.length);
    return inputShape;
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    this.checkSelf();
    const [mean, variance] = this.#initializers.map((initializer) => saved.initializer(initializer as never));
    return {
      ...super.getConfig(),
      axis: this.axis,
      momentum: this.momentum,
      ...this.normConfig(),
      moving_mean_initializer: mean,
      moving_variance_initializer: variance,
      ...BatchNormalization.fixedArguments,
    };
  }

  /** Each product is rounded to float32, as in Keras. Not recorded: no gradient flows through it. */
  #move(moving: Variable, batch: Operand): void {
    const means = gatheredMeans();
    if (means !== undefined) {
      means.add(moving, batch.numbers as Float32Array);
      return;
    }
    const [stays, comes] = [Math.fround(this.momentum), Math.fround(1 - this.momentum)];
    const [to, from] = [moving.numbers, batch.numbers];
    for (let i = 0; i < to.length; i++) {
      to[i] = Math.fround(to[i]! * stays) + Math.fround(from[i]! * comes);
    }
  }
}

/** Copies of the statistics for the tape: a later call of the layer in training changes the variables. */
function safeStatistics<Values extends Record<"mean" | "variance", Operand>>(moving: Values) {
  if (!isRecording() || !writesAtOnce()) return moving;
  return { mean: add(moving.mean, 0), variance: add(moving.variance, 0) };
}
