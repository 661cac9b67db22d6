/**
 * AUC: the area under a curve of correct against wrong predictions.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { scratch } from "../autodiff/arena.js";
import { unrecorded } from "../autodiff/record.js";
import { ValueError } from "../errors.js";
import { refuseAssignments } from "../getters.js";
import { argumentName } from "../keras-names.js";
import { sigmoid } from "../ops/index.js";
import type { TensorLike } from "../ops/operand.js";
import { boolean, checkMethod, choice, integer, list, MOST, nonNegativeNumber, shown, text } from "../options.js";
import { savedArray } from "../values.js";
import { areaUnder, type Curve, type SummationMethod } from "./area.js";
import { Confusion } from "./confusion.js";
import { needed } from "./mean-of-values.js";
import { Metric, type MetricConfig, type MetricOptions } from "./metric.js";
import { numbersOf, weightsOf } from "./operands.js";
import { quotient } from "./precision-recall.js";
import { checkedThresholds, isEven, type Thresholds } from "./thresholds.js";

/** Options of {@link AUC}. */
export interface AUCOptions extends MetricOptions {
  /** Points of the curve. Default: 200. */
  readonly numThresholds?: number | undefined;
  /** True against false positive rate, precision against recall, or the gains of both. Default: `"ROC"`. */
  readonly curve?: Curve | undefined;
  /** Trapezoids, or the lower or the higher of two neighboring points. Default: `"interpolation"`. */
  readonly summationMethod?: SummationMethod | undefined;
  /** Custom thresholds, between 0 and 1, instead of `numThresholds`. Default: null. */
  readonly thresholds?: readonly number[] | null | undefined;
  /** Whether each label has a curve, whose areas are averaged. Default: false, one curve for all. */
  readonly multiLabel?: boolean | undefined;
  /** Number of labels; by default, that of the first batch. Default: null. */
  readonly numLabels?: number | null | undefined;
  /** Weight of each label. Default: null, equal weights. */
  readonly labelWeights?: readonly number[] | null | undefined;
  /** Whether predictions are logits, to which the sigmoid is applied. Default: false. */
  readonly fromLogits?: boolean | undefined;
}

const CURVES = ["ROC", "PR", "PRGAIN"] as const;
const METHODS = ["interpolation", "minoring", "majoring"] as const;

/**
 * The area under the ROC curve, or another, approximated at evenly spaced thresholds.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: AUC](https://keras.io/api/metrics/classification_metrics/#auc-class)
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.AUC({ numThresholds: 3 }).apply([0, 0, 1, 1], [0, 0.5, 0.3, 0.9])); // 0.75
 * ```
 */
export class AUC extends Metric {
  static override readonly className = "AUC";
  /** The curve. */
  readonly curve: Curve;
  /** Approximation of the area between two points. */
  readonly summationMethod: SummationMethod;
  /** Whether there is a curve for each label. */
  readonly multiLabel: boolean;
  /** The number of labels; `null` until the first batch. */
  readonly numLabels: number | null;
  /** The weight of each label, or `null`. */
  readonly labelWeights: readonly number[] | null;
  /** Whether predictions are logits. */
  readonly fromLogits: boolean;
  readonly #thresholds: Thresholds;
  readonly #own: readonly number[] | null;
  #confusion: Confusion | undefined;

  constructor(
    options?: AUCOptions | AUCOptions["numThresholds"],
    curve?: AUCOptions["curve"] | AUCOptions,
    summationMethod?: AUCOptions["summationMethod"] | AUCOptions,
    name?: AUCOptions["name"] | AUCOptions,
    others?: AUCOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<AUCOptions>("AUC", ["numThresholds", "curve", "summationMethod", "name"], given);
    super(options, [
      "numThresholds",
      "curve",
      "summationMethod",
      "thresholds",
      "multiLabel",
      "numLabels",
      "labelWeights",
      "fromLogits",
    ]);
    refuseAssignments(AUC.prototype);
    this.curve = oneOf("curve", text("AUC", "curve", options.curve ?? "ROC").toUpperCase(), CURVES);
    this.summationMethod = oneOf(
      "summationMethod",
      text("AUC", "summationMethod", options.summationMethod ?? "interpolation").toLowerCase(),
      METHODS,
    );
    this.multiLabel = boolean("AUC", "multiLabel", options.multiLabel ?? false);
    this.fromLogits = boolean("AUC", "fromLogits", options.fromLogits ?? false);
    this.numLabels =
      options.numLabels === null || options.numLabels === undefined
        ? null
        : integer("AUC", "numLabels", options.numLabels, 1, MOST);
    if (this.numLabels !== null && !this.multiLabel) {
      throw new ValueError("ERR_OPTION_CONFLICT", 'AUC: "numLabels" needs multiLabel: true.');
    }
    const { labelWeights = null } = options;
    const weights = (savedArray(labelWeights) ?? labelWeights) as typeof labelWeights;
    this.labelWeights =
      weights === null
        ? null
        : list("AUC", "labelWeights", weights).map((weight) => nonNegativeNumber("AUC", "labelWeights", weight));
    const own = options.thresholds ?? null;
    this.#own = own === null ? null : [...checkedThresholds("AUC", own, 0).values].sort((a, b) => a - b);
    this.#thresholds = spread(this.#own ?? integer("AUC", "numThresholds", options.numThresholds ?? 200, 2, 2 ** 24));
    if (!this.multiLabel) this.#confusion = new Confusion(this.#thresholds);
    else if (this.numLabels !== null) this.#confusion = new Confusion(this.#thresholds, this.numLabels);
  }

  override get direction(): "up" {
    return "up";
  }

  /** Points of the curve. */
  get numThresholds(): number {
    this.checkSelf();
    return this.#thresholds.values.length;
  }

  override updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void {
    checkMethod(this, "updateState", arguments.length, 3);
    this.checkUpdate();
    const given = needed(this.name, yPred);
    unrecorded(() =>
      scratch(() => {
        const predictions = this.fromLogits ? sigmoid(given) : given;
        const confusion = this.#confusionOf(numbersOf(this.name, predictions).shape);
        const labelWeights = this.multiLabel ? null : this.labelWeights;
        confusion.add(this.name, yTrue, predictions, weightsOf(this.name, sampleWeight), { labelWeights });
        this.#confusion = confusion;
      }),
    );
  }

  #confusionOf(shape: readonly number[]): Confusion {
    if (!this.multiLabel) return this.#confusion ?? new Confusion(this.#thresholds);
    const labels = this.#confusion?.columns ?? shape[1];
    if (shape.length !== 2 || labels !== shape[1]) {
      throw new ValueError(
        "ERR_SHAPE",
        `${this.name}: with multiLabel, predictions must be [batch, ${this.#confusion?.columns ?? "labels"}], got the shape [${shape.join(", ")}].`,
      );
    }
    if (this.labelWeights !== null && this.labelWeights.length !== labels) {
      throw new ValueError(
        "ERR_SHAPE",
        `${this.name}: expected one of "labelWeights" for each of ${labels} labels, got ${this.labelWeights.length}.`,
      );
    }
    return this.#confusion ?? new Confusion(this.#thresholds, labels);
  }

  override result(): number {
    checkMethod(this, "result", arguments.length, 0);
    this.checkSelf();
    const confusion = this.#confusion;
    if (confusion === undefined) return 0;
    const areas = Array.from({ length: confusion.columns }, (_, column) =>
      areaUnder(confusion, column, this.curve, this.summationMethod),
    );
    const weights = this.multiLabel ? this.labelWeights : null;
    let [total, sum] = [0, 0];
    areas.forEach((area, i) => {
      const weight = weights === null ? 1 : weights[i]!;
      total += area * weight;
      sum += weight;
    });
    return quotient(total, sum);
  }

  override resetState(): void {
    checkMethod(this, "resetState", arguments.length, 0);
    this.checkUpdate();
    this.#confusion?.reset();
  }

  /** @internal */
  protected override stateUndo(): () => void {
    const before = this.#confusion;
    const undo = before?.saved();
    return () => {
      this.#confusion = before;
      undo?.();
    };
  }

  override getConfig(): MetricConfig {
    return {
      ...super.getConfig(),
      num_thresholds: this.numThresholds,
      curve: this.curve,
      summation_method: this.summationMethod,
      multi_label: this.multiLabel,
      num_labels: this.numLabels,
      label_weights: this.labelWeights,
      from_logits: this.fromLogits,
      ...(this.#own === null ? {} : { thresholds: this.#own }),
    };
  }
}

/** Keras's thresholds: a number of them, or the inner ones; the outer ones are just outside of 0 and 1. */
function spread(given: number | readonly number[]): Thresholds {
  const inner = typeof given === "number" ? Array.from({ length: given - 2 }, (_, i) => (i + 1) / (given - 1)) : given;
  return {
    values: [-1e-7, ...inner, 1 + 1e-7],
    even: typeof given === "number" || isEven([0, ...inner, 1]),
    beyond: true,
  };
}

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `AUC: "${argumentName(option)}" must be ${choice(known)}, got ${shown(value)}.`,
  );
}
