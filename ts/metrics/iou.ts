/**
 * Intersection over union of classes.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { scratch } from "../autodiff/arena.js";
import { sameRankShapes } from "../losses/operands.js";
import { argmax } from "../ops/index.js";
import type { TensorLike } from "../ops/operand.js";
import {
  boolean,
  checkKnownOptions,
  checkMethod,
  finiteNumber,
  integer,
  list,
  MOST,
  refuseRange,
  text,
} from "../options.js";
import type { Shape } from "../shape.js";
import type { BinaryIoUOptions, IoUOptions, MeanIoUOptions } from "./iou-options.js";
import { needed } from "./mean-of-values.js";
import { Metric, type MetricConfig } from "./metric.js";
import { broadcastIndices, type Numbers, numbersOf, refuse, reshaped, weightsOf } from "./operands.js";

const EPSILON = 1e-7;
/** The counts are a matrix in float64: at most 2 GB. */
const MOST_CLASSES = 2 ** 14;
const MEAN_OPTIONS = ["numClasses", "ignoreClass", "sparseYTrue", "sparseYPred", "axis"];
const OPTIONS = [...MEAN_OPTIONS, "targetClassIds"];
const BINARY_OPTIONS = ["targetClassIds", "threshold"];

/**
 * Intersection over union, `both / (labels + predictions - both)`, of selected classes, and the mean of these.
 * Labels or predictions that are out of range do not count.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: IoU](https://keras.io/api/metrics/segmentation_metrics/#iou-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * const metric = new metrics.IoU({ numClasses: 2, targetClassIds: [0] });
 * console.log(metric.apply([0, 0, 1, 1], [0, 1, 0, 1]).toFixed(4)); // 0.3333
 * ```
 */
export class IoU extends Metric {
  static override readonly className: string = "IoU";
  /** The number of classes. */
  readonly numClasses: number;
  /** The classes over which the mean is computed. */
  readonly targetClassIds: readonly number[];
  /** The class whose labels do not count, or `null`. */
  readonly ignoreClass: number | null;
  /** Whether labels are indices of classes. */
  readonly sparseYTrue: boolean;
  /** Whether predictions are indices of classes. */
  readonly sparseYPred: boolean;
  /** Row: the label's class, column: the prediction's. */
  readonly #matrix: Float64Array;

  /**
   * Creates the mean intersection over union of selected classes.
   *
   * @param numClasses - {@link IoUOptions.numClasses}.
   * @param targetClassIds - {@link IoUOptions.targetClassIds}, or the options.
   * @param name - {@link IoUOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    numClasses: IoUOptions["numClasses"],
    targetClassIds: IoUOptions["targetClassIds"] | Omit<IoUOptions, "numClasses">,
    name?: IoUOptions["name"] | Partial<IoUOptions>,
    others?: Partial<IoUOptions>,
  );
  /**
   * Creates the mean intersection over union of selected classes.
   *
   * @param options - All arguments by name.
   */
  constructor(options: IoUOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<IoUOptions>("IoU", ["numClasses", "targetClassIds", "name"], given);
    checkHasOptions(new.target.className, options, OPTIONS);
    const { dtype, ...rest } = options;
    super(rest, OPTIONS);
    if (dtype !== undefined && dtype !== null) text(this.className, "dtype", dtype);
    const { className } = this;
    const { ignoreClass = null, axis = -1 } = options;
    if (axis !== -1) refuseRange(className, "axis", "-1", axis);
    this.numClasses = integer(className, "numClasses", options.numClasses, 1, MOST_CLASSES);
    this.targetClassIds = list(className, "targetClassIds", options.targetClassIds).map((id) => {
      const checked = integer(className, "targetClassIds", id, 0);
      if (checked >= this.numClasses) refuseRange(className, "targetClassIds", `below ${this.numClasses}`, id);
      return checked;
    });
    if (this.targetClassIds.length === 0)
      refuseRange(className, "targetClassIds", "one class or more", options.targetClassIds);
    this.ignoreClass = ignoreClass === null ? null : integer(className, "ignoreClass", ignoreClass, -(2 ** 31), MOST);
    this.sparseYTrue = boolean(className, "sparseYTrue", options.sparseYTrue ?? true);
    this.sparseYPred = boolean(className, "sparseYPred", options.sparseYPred ?? true);
    this.#matrix = new Float64Array(this.numClasses * this.numClasses);
  }

  override get direction(): "up" {
    return "up";
  }

  override updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void {
    checkMethod(this, "updateState", arguments.length, 3);
    this.checkUpdate();
    const given = needed(this.name, yPred);
    const labels = this.sparseYTrue ? numbersOf(this.name, yTrue) : classesOf(yTrue);
    const classes = this.predicted(given);
    if (labels.data.length !== classes.data.length) {
      refuse(this.name, numbersOf(this.name, yTrue), numbersOf(this.name, given));
    }
    const weights = weightsOf(this.name, sampleWeight);
    const indices = weights && indicesOf(this.name, weights, labels.shape);
    const isClass = (id: number) => id >= 0 && id < this.numClasses;
    for (let i = 0; i < labels.data.length; i++) {
      const row = Math.trunc(labels.data[i]!);
      const column = Math.trunc(classes.data[i]!);
      if (!isClass(row) || !isClass(column) || row === this.ignoreClass) continue;
      const at = row * this.numClasses + column;
      const weight = weights && indices ? weights.data[indices[i]!]! : 1;
      this.#matrix[at] = this.#matrix[at]! + weight;
    }
  }

  /** The predicted classes. @internal */
  protected predicted(predictions: TensorLike): Numbers {
    return this.sparseYPred ? numbersOf(this.name, predictions) : classesOf(predictions);
  }

  override result(): number {
    checkMethod(this, "result", arguments.length, 0);
    this.checkSelf();
    let [total, valid] = [0, 0];
    for (const id of this.targetClassIds) {
      const both = this.#matrix[id * this.numClasses + id]!;
      let union = -both;
      for (let i = 0; i < this.numClasses; i++) {
        union += this.#matrix[id * this.numClasses + i]! + this.#matrix[i * this.numClasses + id]!;
      }
      if (union <= 1e-9) continue;
      total += both / (union + EPSILON);
      valid++;
    }
    return total / (valid + EPSILON);
  }

  override resetState(): void {
    checkMethod(this, "resetState", arguments.length, 0);
    this.checkUpdate();
    this.#matrix.fill(0);
  }

  /** @internal */
  protected override stateUndo(): () => void {
    const before = this.#matrix.slice();
    return () => this.#matrix.set(before);
  }

  override getConfig(): MetricConfig {
    return {
      ...super.getConfig(),
      num_classes: this.numClasses,
      target_class_ids: this.targetClassIds,
      ignore_class: this.ignoreClass,
      sparse_y_true: this.sparseYTrue,
      sparse_y_pred: this.sparseYPred,
      axis: -1,
    };
  }
}

/** Before anything is read. */
function checkHasOptions(owner: string, options: unknown, own: readonly string[]): void {
  checkKnownOptions(owner, options, [...own, "name", "dtype"]);
}

/**
 * The index of each label's weight; there is one weight for each sample, or one for each label. Keras reads both row by
 * row, and accepts `[n]` only for labels of `[n]` or `[n, 1]`.
 */
function indicesOf(owner: string, weights: Numbers, labels: Shape): Int32Array {
  const [to, from] = sameRankShapes(labels, weights.shape);
  const rest = new Array<number>(Math.max(0, to.length - from.length)).fill(1);
  const column = reshaped(weights, [...from, ...rest]);
  return broadcastIndices(owner, "sample weights", column, to, [weights.shape, labels]);
}

/** The index of the largest of each row, as a copy. */
function classesOf(x: TensorLike): Numbers {
  return scratch(() => {
    const indices = argmax(x, -1);
    return { data: indices.array(), shape: indices.shape };
  });
}

/**
 * The mean of {@link IoU} over all classes.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: MeanIoU](https://keras.io/api/metrics/segmentation_metrics/#meaniou-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.MeanIoU({ numClasses: 2 }).apply([0, 0, 1, 1], [0, 1, 0, 1]).toFixed(4)); // 0.3333
 * ```
 */
export class MeanIoU extends IoU {
  static override readonly className = "MeanIoU";

  constructor(
    options: MeanIoUOptions | MeanIoUOptions["numClasses"],
    name?: MeanIoUOptions["name"] | Partial<MeanIoUOptions>,
    others?: Partial<MeanIoUOptions>,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<MeanIoUOptions>("MeanIoU", ["numClasses", "name"], given);
    checkHasOptions("MeanIoU", options, MEAN_OPTIONS);
    const numClasses = integer("MeanIoU", "numClasses", options.numClasses, 1, MOST_CLASSES);
    super({ ...options, targetClassIds: Array.from({ length: numClasses }, (_, id) => id) });
  }

  override getConfig(): MetricConfig {
    const { target_class_ids: _, ...config } = super.getConfig();
    return config;
  }
}

/**
 * {@link IoU} of two classes, from probabilities.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: BinaryIoU](https://keras.io/api/metrics/segmentation_metrics/#binaryiou-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.BinaryIoU({ threshold: 0.3 }).apply([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7]).toFixed(4)); // 0.3333
 * ```
 */
export class BinaryIoU extends IoU {
  static override readonly className = "BinaryIoU";
  /** The number from which predictions are class 1. */
  readonly threshold: number;

  constructor(
    options?: BinaryIoUOptions | BinaryIoUOptions["targetClassIds"],
    threshold?: BinaryIoUOptions["threshold"] | BinaryIoUOptions,
    name?: BinaryIoUOptions["name"] | BinaryIoUOptions,
    others?: BinaryIoUOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<BinaryIoUOptions>("BinaryIoU", ["targetClassIds", "threshold", "name"], given);
    checkHasOptions("BinaryIoU", options, BINARY_OPTIONS);
    const { threshold, targetClassIds, ...rest } = options;
    super({ ...rest, numClasses: 2, targetClassIds: targetClassIds ?? [0, 1] });
    this.threshold = finiteNumber("BinaryIoU", "threshold", threshold ?? 0.5);
  }

  /** @internal */
  protected override predicted(predictions: TensorLike): Numbers {
    const { data, shape } = numbersOf(this.name, predictions);
    const threshold = Math.fround(this.threshold);
    return { data: Int8Array.from(data, (value) => (value >= threshold ? 1 : 0)), shape };
  }

  override getConfig(): MetricConfig {
    const { name, dtype } = super.getConfig();
    return { target_class_ids: this.targetClassIds, threshold: this.threshold, name, dtype };
  }
}
