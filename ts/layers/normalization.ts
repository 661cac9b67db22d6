/**
 * Normalization.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { add, divide, multiply, reshape, subtract } from "../ops/index.js";
import { checkedAxis, type TensorLike } from "../ops/operand.js";
import { boolean, checkMethod, checkObject, integer, isList, list } from "../options.js";
import type { Shape } from "../shape.js";
import { type Tensor, tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import type { Variable } from "../variable.js";
import { type AdaptData, type AsyncAdaptData, asyncBatches, batchesIn, readBatch, syncBatches } from "./adapt-data.js";
import { type Batch, FeatureStatistics } from "./feature-statistics.js";
import { checkInputs } from "./input-spec.js";
import { Layer } from "./layer.js";
import { knownLength, type LayerShape } from "./layer-shape.js";
import { copied, type Numbers, type NumbersLike } from "./number-argument.js";
import type { LayerOptions } from "./options.js";
import { fittingLengths, type StatisticsArguments, statisticsArguments } from "./statistics-arguments.js";

/** Options of {@link Normalization}. */
export interface NormalizationOptions extends LayerOptions {
  /**
   * The axis, or axes, with a mean and a variance for each position; null or `[]` for a single mean and variance.
   * Default: -1.
   */
  readonly axis?: number | readonly number[] | null | undefined;
  /** The means, if they are known: a number, or a list that is broadcast to these axes. Default: null, see `adapt`. */
  readonly mean?: NumbersLike | null | undefined;
  /** The variances, of the shape of the means. Default: null, see `adapt`. */
  readonly variance?: NumbersLike | null | undefined;
  /** Whether to reverse the normalization. Default: false. */
  readonly invert?: boolean | undefined;
}

/** Minimum deviation, as in Keras: `keras.config.epsilon()`. */
const EPSILON = Math.fround(1e-7);

/**
 * Scales features to mean 0 and variance 1: `(x - mean) / sqrt(variance)`. Means and variances are arguments, or
 * computed from data by {@link Normalization.adapt}; training does not change them.
 *
 * @see [keras.layers.Normalization](https://keras.io/api/layers/preprocessing_layers/numerical/normalization/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.Normalization();
 * layer.adapt([[0, 7], [2, 9], [0, 7], [2, 9]]);
 * console.log(layer.apply([[0, 10]]).array()); // Float32Array [-1, 2]
 * ```
 */
export class Normalization extends Layer {
  static override readonly className = "Normalization";
  /** @internal */
  static override readonly builtIn = true;
  /** The axes with a mean and a variance for each position. */
  readonly axis: readonly number[];
  /** The argument `mean`; null if omitted. */
  readonly inputMean: Numbers | null;
  /** The argument `variance`; null if omitted. */
  readonly inputVariance: Numbers | null;
  /** Whether it reverses the normalization. */
  readonly invert: boolean;
  /** Values and shapes of the arguments. */
  readonly #passed: StatisticsArguments | undefined;
  /** The axes that are kept, once it is built, counted from the end. */
  #kept: readonly number[] | undefined;
  #adapted: { readonly mean: Variable; readonly variance: Variable } | undefined;
  /** Shape from which mean and variance are broadcast, without leading axes of length 1. */
  #shape: readonly number[] = [];

  /**
   * Creates a layer that normalizes features.
   *
   * @param options - {@link NormalizationOptions}, or {@link NormalizationOptions.axis}.
   * @param mean - {@link NormalizationOptions.mean}, or the options.
   * @param variance - {@link NormalizationOptions.variance}, or the options.
   * @param invert - {@link NormalizationOptions.invert}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type, and for one of `mean` and `variance` alone
   * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for a list that has
   * anything but numbers, or rows of different lengths
   * @throws ValueError, TypeError (`ERR_SHAPE`) for a mean and a variance of different shapes, and an `inputShape` that is
   * not a list of lengths; (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    options?: NormalizationOptions | NormalizationOptions["axis"],
    mean?: NormalizationOptions["mean"] | NormalizationOptions,
    variance?: NormalizationOptions["variance"] | NormalizationOptions,
    invert?: NormalizationOptions["invert"] | NormalizationOptions,
    others?: NormalizationOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<NormalizationOptions>("Normalization", ["axis", "mean", "variance", "invert"], given);
    super(options, ["axis", "mean", "variance", "invert"]);
    try {
      const { axis = -1, mean = null, variance = null } = options;
      const checked = (one: unknown) => integer(this.label, "axis", one, Number.MIN_SAFE_INTEGER);
      this.axis = axis === null ? [] : isList(axis) ? list(this.label, "axis", axis).map(checked) : [checked(axis)];
      this.invert = boolean(this.label, "invert", options.invert ?? false);
      this.#passed = statisticsArguments(this.label, this.axis.length, { mean, variance });
      this.inputMean = this.#passed?.mean ?? null;
      this.inputVariance = this.#passed?.variance ?? null;
    } catch (error) {
      throw this.refused(error);
    }
  }

  /** The means that `adapt` computes; `undefined` before it is built, and for means that are arguments. */
  get adaptMean(): Variable | undefined {
    this.checkSelf();
    return this.#adapted?.mean;
  }

  /** The variances that `adapt` computes; `undefined` before it is built, and for variances that are arguments. */
  get adaptVariance(): Variable | undefined {
    this.checkSelf();
    return this.#adapted?.variance;
  }

  /** A copy of the means; `undefined` before it is built. */
  get mean(): Tensor<"float32"> | undefined {
    return this.built ? tensor(this.#numbers("mean").slice(), this.#shape) : undefined;
  }

  /** A copy of the variances; `undefined` before it is built. */
  get variance(): Tensor<"float32"> | undefined {
    return this.built ? tensor(this.#numbers("variance").slice(), this.#shape) : undefined;
  }

  override build(inputShape: LayerShape): void {
    const axes = this.#axes(inputShape.length);
    const lengths = axes.map((axis) => knownLength(this.label, inputShape, axis));
    const shape = Array.from({ length: -(axes[0] ?? 0) }, () => 1);
    const kept = this.#passed === undefined ? lengths : fittingLengths(this.label, this.#passed, lengths);
    axes.forEach((axis, i) => {
      shape[shape.length + axis] = kept[i]!;
    });
    this.#shape = shape;
    this.#kept = axes;
    if (this.#passed === undefined) {
      const weight = (name: string, initializer: string) =>
        this.addWeight({ name, shape: lengths, trainable: false, initializer: initializer as "zeros" });
      this.#adapted = { mean: weight("mean", "zeros"), variance: weight("variance", "ones") };
      // Keras keeps it for older files: in new ones it is 0.
      this.addWeight({ name: "count", shape: [], trainable: false, initializer: "zeros" });
    }
    this.inputSpec = {
      minRank: Math.max(shape.length, 1),
      axes: Object.fromEntries(axes.map((axis, i) => [axis, lengths[i]!])),
    };
    super.build(inputShape);
  }

  override call(x: Operand): Tensor<"float32"> {
    this.checkBuilt();
    // Constants, as in Keras: only `adapt` changes them.
    const mean = this.#constant(this.#numbers("mean"));
    const deviation = this.#constant(
      Float32Array.from(this.#numbers("variance"), (variance) => Math.max(Math.sqrt(variance), EPSILON)),
    );
    return this.invert ? add(mean, multiply(x, deviation)) : divide(subtract(x, mean), deviation);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    this.#axes(inputShape.length);
    return inputShape;
  }

  /**
   * Computes mean and variance from data, before training, and discards earlier results. It builds the layer, if
   * it is not built.
   *
   * @param data - Numbers with the batch axis in any form, or an iterable of batches, such as a list of tensors, a generator, or
   * a function that returns one. Of a batch `[x, y]` or `{ xs, ys }`, only `x` is used.
   * @returns Nothing; for async iterables and streams, a promise that resolves when all batches were read.
   * @throws ValueError, TypeError (`ERR_SHAPE`) for data without numbers, and a shape that does not fit; (`ERR_OPTION_CONFLICT`) if mean
   * and variance are arguments; (`ERR_OPTION_TYPE`) for anything but data; (`ERR_OPTION_RANGE`) for NaN and infinity
   * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
   * numbers; DisposedError (`ERR_DISPOSED`) after `dispose`. A refused call changes nothing
   */
  adapt(data: AdaptData): void;
  adapt(data: AsyncAdaptData): Promise<void>;
  adapt(data: AdaptData | AsyncAdaptData): void | Promise<void> {
    checkMethod(this, "adapt", arguments.length, 1);
    this.checkSelf();
    const owner = `${this.label}: adapt`;
    if (this.#passed !== undefined) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${owner}: "mean" and "variance" are arguments of this layer. Make one without them.`,
      );
    }
    const batches = batchesIn(owner, data, this.builtShape?.length);
    const found: Found = { owner };
    if (batches?.isAsync) {
      return (async () => {
        for await (const batch of asyncBatches(owner, batches.iterator)) this.#add(found, batch);
        this.#settle(found);
      })();
    }
    const all = batches === undefined ? [readBatch(owner, data)] : syncBatches(owner, batches.iterator);
    for (const batch of all) this.#add(found, batch);
    this.#settle(found);
    return undefined;
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    const { axis, invert, inputMean, inputVariance } = this;
    return {
      ...super.getConfig(),
      axis: [...axis],
      invert,
      mean: inputMean === null ? null : copied(inputMean),
      variance: inputVariance === null ? null : copied(inputVariance),
    };
  }

  /** Adds a batch of `adapt`. @throws ValueError for a shape that does not fit */
  #add(found: Found, batch: Batch): void {
    const { owner } = found;
    const { shape } = batch;
    if (shape.length === 0) {
      throw new ValueError("ERR_SHAPE", `${owner}: expected numbers with the batch axis, got a single number.`);
    }
    const { shape: first, statistics } = found;
    if (first === undefined || statistics === undefined) {
      if (this.built) checkInputs(owner, this.inputSpec, [shape]);
      const axes = (this.built ? this.#kept : undefined) ?? this.#axes(shape.length);
      found.shape = shape;
      found.statistics = new FeatureStatistics(
        axes,
        axes.map((axis) => shape.at(axis) as number),
      );
      found.statistics.add(batch);
      return;
    }
    const axes = Object.fromEntries(statistics.axes.map((axis) => [axis, first.at(axis) as number]));
    checkInputs(owner, { rank: first.length, axes }, [shape]);
    statistics.add(batch);
  }

  /** Writes the results of `adapt`. @throws ValueError, DisposedError */
  #settle({ owner, shape, statistics }: Found): void {
    if (shape === undefined || statistics === undefined || statistics.count === 0) {
      throw new ValueError("ERR_SHAPE", `${owner}: the data have no numbers.`);
    }
    const [mean, variance] = [statistics.mean, statistics.variance].map((numbers) => Float32Array.from(numbers));
    for (const numbers of [mean!, variance!]) {
      if (numbers.every(Number.isFinite)) continue;
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `${owner}: the data must be finite, and their variance within float32, got ${numbers.find((n) => !Number.isFinite(n))} for a ${numbers === mean ? "mean" : "variance"}.`,
      );
    }
    refusable(() => {
      const keepsBatch = statistics.axes.includes(-shape.length);
      this.ensureBuilt(keepsBatch ? shape : [null, ...shape.slice(1)]);
      const adapted = this.#adapted as { readonly mean: Variable; readonly variance: Variable };
      adapted.mean.assign(mean!);
      adapted.variance.assign(variance!);
    });
  }

  /** The axes that are kept, ascending, counted from the end. @throws ValueError when there is no such axis */
  #axes(rank: number): number[] {
    const axes = this.axis.map((axis) => checkedAxis(this.label, axis, rank) - rank);
    return [...new Set(axes)].sort((a, b) => a - b);
  }

  #numbers(name: "mean" | "variance"): Float32Array {
    return (this.#passed?.flat[name] ?? this.#adapted?.[name].numbers) as Float32Array;
  }

  /** A constant that is broadcast to the inputs. */
  #constant(numbers: Float32Array): TensorLike {
    return this.#shape.length === 1 ? numbers : reshape(numbers, this.#shape);
  }
}

/** The running statistics of `adapt`, and the shape of its first batch. */
interface Found {
  readonly owner: string;
  shape?: Shape;
  statistics?: FeatureStatistics;
}
