/**
 * The steps that train, evaluate and predict, which a model may override: Keras's `train_step` and its parts.
 *
 * @module
 */

import { GradientTape } from "../autodiff/gradient-tape.js";
import type { Logs } from "../callbacks/callback.js";
import { ValueError } from "../errors.js";
import { Layer } from "../layers/layer.js";
import { MeanMetricWrapper, type MetricFunction } from "../metrics/mean-metric-wrapper.js";
import { Metric } from "../metrics/metric.js";
import { type MetricIdentifier, get as metricOf } from "../metrics/registry.js";
import { multiply } from "../ops/arithmetic.js";
import { ascentOf } from "../optimizers/loss-users.js";
import { ListedInputs } from "../optimizers/step-inputs.js";
import { checkMethod, isList } from "../options.js";
import { isTensor, type Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";
import { metricsIn } from "./own-metrics.js";
import { outputArguments, stepData } from "./step-arguments.js";
import { type LossArguments, type MetricsArguments, STEP_NAMES, type StepData, type StepLogs } from "./step-data.js";
import { stepLogs } from "./step-logs.js";
import type { Training } from "./training.js";

/** The training steps of models. */
export abstract class TrainingSteps extends Layer {
  readonly #added: Metric[] = [];

  /** The result of `compile`. @internal */
  abstract get compiled(): Training | undefined;

  /** The result of `compile`. @throws ValueError @internal */
  compiledFor(owner: string): Training {
    const { compiled } = this;
    if (compiled !== undefined) return compiled;
    throw new ValueError("ERR_NOT_COMPILED", `${this.name}: call compile({ optimizer, loss }) before ${owner}.`);
  }

  /**
   * Trains on one batch: forward, loss, gradients, update, metrics. `fit` and `trainOnBatch` call it. Override it in a
   * subclass to change the training step; its results are freed after the step. It must be synchronous.
   *
   * @param data - {@link StepData}: `[x, y, sampleWeight]`.
   * @returns Results by name, for the logs and the history: numbers, or tensors of one number. If the names are those
   * of `metrics`, the epoch reports the metrics' results; otherwise the results of the last step.
   * @throws TypeError (`ERR_OPTION_TYPE`) for arguments of the wrong type
   * @throws ValueError (`ERR_NOT_COMPILED`) before `compile`; TypeError (`ERR_TAPE`) for gradients that cannot be
   * computed; and errors of operations, losses and optimizers
   * @see [Customizing what happens in fit](https://keras.io/guides/custom_train_step_in_tensorflow/)
   * @example
   * ```ts
   * import { GradientTape, layers, ops, Sequential, type StepData, type Tensor } from "gradstep";
   *
   * class Robust extends Sequential {
   *   override trainStep([x, y]: StepData<Tensor, Tensor>) {
   *     const tape = new GradientTape();
   *     const loss = tape.run(() => ops.mean(ops.abs(ops.subtract(this.apply(x, { training: true }), y))));
   *     this.optimizer?.apply(tape.gradient(loss, this.trainableWeights), this.trainableWeights);
   *     return { loss };
   *   }
   * }
   *
   * const model = new Robust([new layers.Dense(1, { kernelInitializer: "zeros", inputShape: [1] })]);
   * model.compile({ optimizer: "sgd" });
   * const { history } = await model.fit([[1], [2]], [[2], [4]], { verbose: 0 });
   * console.log(history.loss); // [3]
   * ```
   */
  trainStep(data: StepData): StepLogs {
    checkMethod(this, "trainStep", arguments.length, 1);
    const training = this.compiledFor("trainStep");
    const { optimizer, steps } = training;
    const [x, y, sampleWeight] = stepData("trainStep", data);
    let logs: StepLogs = {};
    const pass = (isFirst: boolean): ListedInputs => {
      const tape = new GradientTape();
      let yPred: Tensor | undefined;
      const scaled = tape.run(() => {
        yPred = this.apply(x, { training: true });
        const loss = steps.lossFor({ x, y, yPred, sampleWeight, training: true }, batchSizeOf(x), isFirst);
        const scale = optimizer.scaleLoss(1);
        return scale === 1 ? loss : multiply(loss, scale);
      });
      training.lookAt(tape);
      const variables = this.trainableWeights;
      const gradients = variables.length > 0 ? tape.gradient(scaled, variables) : [];
      tape.dispose();
      // Before the update, so that a metric that refuses the labels leaves the weights unchanged.
      if (isFirst) logs = steps.part("computeMetrics", { x, y, yPred, sampleWeight }) as StepLogs;
      return new ListedInputs(this.name, gradients, variables);
    };
    const update = ({ gradients, variables }: ListedInputs) => {
      if (variables.length > 0) optimizer.apply(gradients as never, variables as Variable[]);
      else warnOnce(training, `${this.name}: there are no trainable weights; nothing is trained.`);
    };
    const ascent = ascentOf(optimizer);
    if (ascent !== undefined) {
      ascent.twice(
        () => ascent.summed(optimizer.name, () => pass(true)),
        () => update(pass(false)),
      );
    } else update(pass(true));
    return logs;
  }

  /**
   * Computes loss and metrics of one batch. `evaluate`, `testOnBatch` and validation call it. Subclasses may override it.
   *
   * @param data - {@link StepData}: `[x, y, sampleWeight]`.
   * @returns Results by name, as for {@link TrainingSteps.trainStep}.
   * @throws TypeError (`ERR_OPTION_TYPE`) for arguments of the wrong type
   * @throws ValueError (`ERR_NOT_COMPILED`) before `compile`; and errors of operations, losses and metrics
   */
  testStep(data: StepData): StepLogs {
    checkMethod(this, "testStep", arguments.length, 1);
    const { steps } = this.compiledFor("testStep");
    const [x, y, sampleWeight] = stepData("testStep", data);
    const yPred = this.apply(x, { training: false });
    steps.lossFor({ x, y, yPred, sampleWeight, training: false }, batchSizeOf(x));
    return steps.part("computeMetrics", { x, y, yPred, sampleWeight }) as StepLogs;
  }

  /**
   * Computes the outputs of one batch. `predict` calls it. Subclasses may override it.
   *
   * @param data - {@link StepData}: `[x, undefined, undefined]`.
   * @returns A tensor with the batch axis, or a list of them.
   * @throws TypeError (`ERR_OPTION_TYPE`) for arguments of the wrong type
   * @throws the errors of `apply`
   */
  predictStep(data: StepData): Tensor | readonly Tensor[] {
    checkMethod(this, "predictStep", arguments.length, 1);
    return this.apply(stepData("predictStep", data)[0], { training: false });
  }

  /**
   * Computes the loss of a batch: the losses of `compile` and of the layers. If a subclass overrides it, `fit` and
   * `evaluate` use its result, and report its mean as `loss`.
   *
   * @param given - {@link LossArguments}.
   * @returns One number, to be differentiated.
   * @throws TypeError (`ERR_OPTION_TYPE`) for arguments of the wrong type
   * @throws ValueError (`ERR_NOT_COMPILED`) before `compile`, and if neither `compile` nor a layer has a loss;
   * (`ERR_SHAPE`) for labels that are missing; and errors of losses
   */
  computeLoss(given: LossArguments): Tensor {
    checkMethod(this, "computeLoss", arguments.length, 1);
    return this.compiledFor("computeLoss").steps.lossOf(outputArguments("computeLoss", given, this.outputKeys));
  }

  /**
   * Updates the metrics of `compile` with a batch. Subclasses may override it.
   *
   * @param given - {@link MetricsArguments}.
   * @returns The results of all metrics, like `getMetricsResult`.
   * @throws TypeError (`ERR_OPTION_TYPE`) for arguments of the wrong type
   * @throws ValueError (`ERR_NOT_COMPILED`) before `compile`; and errors of metrics
   */
  computeMetrics(given: MetricsArguments): StepLogs {
    checkMethod(this, "computeMetrics", arguments.length, 1);
    this.compiledFor("computeMetrics").steps.updateMetrics(outputArguments("computeMetrics", given, this.outputKeys));
    return this.getMetricsResult();
  }

  /**
   * All metrics: the mean loss, those of `compile`, the losses of several outputs, then those of `addMetric`, and those
   * in public fields of the model and its layers. The metrics of `compile` appear after the first batch. Override it in
   * a subclass to report others.
   */
  get metrics(): readonly Metric[] {
    this.checkSelf();
    const own = metricsIn(this, (layer) => layer instanceof TrainingSteps);
    return [...new Set([...(this.compiled?.steps.metrics ?? []), ...this.#added, ...own])];
  }

  /**
   * Adds a metric that the model's steps update. It is reset with the others, and
   * `getMetricsResult` reports it.
   *
   * @param metric - A metric, its name, or a config.
   * @returns The metric.
   * @throws ValueError, TypeError (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`, `ERR_OPTION_TYPE`) for anything but a
   * metric; ValueError (`ERR_NOT_IMPLEMENTED`) for a metric that lacks a method
   */
  addMetric<M extends Metric>(metric: M): M;
  addMetric(metric: MetricIdentifier): Metric;
  addMetric(metric: MetricIdentifier): Metric {
    checkMethod(this, "addMetric", arguments.length, 1);
    this.checkSelf();
    const found: unknown = metricOf(metric as never);
    const added = found instanceof Metric ? found : new MeanMetricWrapper(found as MetricFunction);
    added.checkSelf();
    if (!this.#added.includes(added)) this.#added.push(added);
    return added;
  }

  /** Resets all `metrics`. `fit` calls it before each epoch, `evaluate` before its first batch. */
  resetMetrics(): void {
    checkMethod(this, "resetMetrics", arguments.length, 0);
    for (const metric of this.metrics) metric.resetState();
  }

  /**
   * Returns the results of all `metrics`.
   *
   * @returns Numbers by name; if a metric's result is an object, its entries are added.
   * @throws TypeError (`ERR_OPTION_TYPE`) for a custom metric whose result is not a number
   */
  getMetricsResult(): Logs {
    checkMethod(this, "getMetricsResult", arguments.length, 0);
    const results: Record<string, unknown> = {};
    for (const metric of this.metrics) {
      results[this.compiled?.steps.nameOf(metric) ?? metric.name] = metric.result();
    }
    return stepLogs(`${this.name}: getMetricsResult`, results);
  }

  /** Names of the metrics in the logs, in their order. @internal */
  get metricNames(): readonly string[] {
    return this.metrics.map((metric) => this.compiled?.steps.nameOf(metric) ?? metric.name);
  }

  /** Whether no step has computed the loss that is among the metrics. @internal */
  get isLossUnseen(): boolean {
    const loss = this.compiled?.steps.loss;
    return loss !== undefined && loss.count === 0 && this.metrics.includes(loss);
  }

  /** Whether the model measures more than `compile` asks for. @internal */
  get hasOwnMetrics(): boolean {
    this.checkSelf();
    return this.#added.length > 0 || metricsIn(this, (layer) => layer instanceof TrainingSteps).length > 0;
  }

  /** Names of the steps and properties that the model overrides. @internal */
  get overridden(): readonly string[] {
    const built: TrainingSteps = TrainingSteps.prototype;
    const names: string[] = METHODS.filter((name) => this[name] !== built[name]);
    // A getter has no value to compare.
    let at: object = this;
    while (!Object.hasOwn(at, "metrics")) at = Object.getPrototypeOf(at) as object;
    if (at !== built) names.push("metrics");
    return names;
  }
}

/** Methods of a model that subclasses may override, in addition to `metrics`. */
const METHODS = [...STEP_NAMES, "resetMetrics", "getMetricsResult"] as const;

function batchSizeOf(x: unknown): number {
  const first: unknown = isList(x) ? x[0] : isTensor(x) ? x : Object.values((x ?? {}) as object)[0];
  return (isTensor(first) ? first.shape[0] : undefined) ?? 1;
}
