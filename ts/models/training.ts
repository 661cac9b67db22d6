/**
 * A compiled model's steps: forward, loss, gradients, update, metrics; each in memory that is taken back
 * at its end.
 *
 * @module
 */

import { type Operand, tidy } from "../autodiff/arena.js";
import { GradientTape } from "../autodiff/gradient-tape.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { withUpdatesLast } from "../layers/updates.js";
import { lossFor } from "../losses/registry.js";
import { metricFor } from "../metrics/registry.js";
import { multiply } from "../ops/arithmetic.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { get as getOptimizer } from "../optimizers/registry.js";
import { checkKnownOptions, shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";
import type { Batch, PendingBatch } from "./batch.js";
import type { CompileOptions } from "./fit-options.js";
import { Objective } from "./objective.js";
import { Tracker } from "./tracker.js";

/** What training needs of a model. */
export interface TrainedModel {
  readonly name: string;
  /** Names of the outputs. */
  readonly outputNames: readonly string[];
  readonly trainableWeights: Variable[];
  /** Outputs for inputs; builds the model at its first use. */
  forward(inputs: readonly Operand[], training: boolean): readonly Tensor<"float32">[];
  regularizationLosses(): Tensor<"float32">[];
}

/** Everything that `compile` settles. */
export class Training {
  readonly optimizer: Optimizer;
  readonly options: CompileOptions;
  readonly #model: TrainedModel;
  #objective: Objective | undefined;
  #tracker: Tracker | undefined;
  #tape: GradientTape | undefined;

  /** @throws ValueError, TypeError for options that nobody knows */
  constructor(model: TrainedModel, options: CompileOptions) {
    checkKnownOptions("compile", options, ["optimizer", "loss", "lossWeights", "metrics", "weightedMetrics"]);
    for (const name of ["metrics", "weightedMetrics"] as const) {
      const given: unknown = options[name] ?? [];
      if (typeof given === "object") continue;
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `compile: "${name}" must be a list, such as ["accuracy"], or an object by output, got ${shown(given)}.`,
      );
    }
    // What they become depends on the first batch; whether they are known does not.
    for (const name of namesIn(options.loss)) lossFor(name, [], []);
    for (const name of namesIn([options.metrics, options.weightedMetrics])) metricFor(name, [], []);
    this.options = options;
    this.#model = model;
    this.optimizer = getOptimizer(options.optimizer ?? "rmsprop");
  }

  /** Losses and metrics, once the first batch has shown the shapes. */
  get tracker(): Tracker | undefined {
    return this.#tracker;
  }

  /** One update. @throws as operations, losses and optimizers do; weights and counters are as before then */
  train(pending: PendingBatch): void {
    tidy(() => withUpdatesLast(() => this.#step(pending)));
  }

  /** Losses and metrics of a batch, without an update. */
  test(pending: PendingBatch): void {
    tidy(() => {
      const batch = pending.gather();
      const { outputs, total, parts } = this.#forward(batch, false);
      this.#track(batch, outputs, total, parts, pending.size);
    });
  }

  #step(pending: PendingBatch): void {
    const batch = pending.gather();
    const weights = this.#model.trainableWeights;
    // One tape for all steps: it starts anew with each.
    this.#tape ??= new GradientTape();
    const tape = this.#tape;
    const { outputs, total, parts, scaled } = tape.run(() => this.#forward(batch, true));
    // The model may have been built by this very call.
    const variables = weights.length > 0 ? weights : this.#model.trainableWeights;
    const gradients = variables.length > 0 ? tape.gradient(scaled, variables) : [];
    tape.dispose();
    // Before the update: a metric that refuses the labels must find the weights as they were.
    this.#track(batch, outputs, total, parts, pending.size);
    if (variables.length > 0) this.optimizer.apply(gradients, variables);
    else warnOnce(this, `${this.#model.name}: there are no trainable weights; nothing is trained.`);
  }

  #forward(batch: Batch, training: boolean) {
    const outputs = this.#model.forward(batch.x, training);
    if (batch.y.length === 0) {
      throw new ValueError("ERR_SHAPE", `${this.#model.name}: there are no labels: pass "y", or batches [x, y].`);
    }
    const objective = this.#resolve(batch.y, outputs);
    const terms = this.#model.regularizationLosses();
    const { total, parts } = objective.of(batch.y, outputs, batch.weights, terms);
    const scale = training ? this.optimizer.scaleLoss(1) : 1;
    return { outputs, total, parts, scaled: scale === 1 ? total : multiply(total, scale) };
  }

  #resolve(y: readonly Operand[], outputs: readonly Tensor[]): Objective {
    if (this.#objective !== undefined) return this.#objective;
    const { loss, lossWeights, metrics, weightedMetrics } = this.options;
    const { outputNames } = this.#model;
    if (loss === undefined || loss === null) {
      throw new ValueError(
        "ERR_NOT_COMPILED",
        `${this.#model.name}: no loss to train for. Pass one to compile, such as compile({ loss: "mse" }).`,
      );
    }
    const objective = new Objective(loss, lossWeights ?? null, outputNames, y, outputs);
    const options = { metrics: metrics ?? [], weightedMetrics: weightedMetrics ?? [], losses: objective.losses };
    this.#tracker = new Tracker(options, outputNames, y, outputs);
    this.#objective = objective;
    return objective;
  }

  #track(
    batch: Batch,
    outputs: readonly Tensor[],
    total: Tensor<"float32">,
    parts: readonly (Tensor<"float32"> | null)[],
    size: number,
  ): void {
    const tracker = this.#tracker as Tracker;
    const losses = outputs.length > 1 ? parts.map((part) => part?.item() ?? null) : [];
    tracker.addLoss(total.item(), losses, size);
    if (tracker.hasMetrics) tracker.addPredictions(batch.y, outputs, batch.weights);
  }
}

/** All strings in lists and objects of identifiers; configs and functions say for themselves what they are. */
function namesIn(option: unknown): readonly string[] {
  if (typeof option === "string") return [option];
  if (typeof option !== "object" || option === null || "class_name" in option) return [];
  const isPlain = Array.isArray(option) || Object.getPrototypeOf(option) === Object.prototype;
  return isPlain ? Object.values(option).flatMap(namesIn) : [];
}
