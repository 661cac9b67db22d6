/**
 * Steps of a compiled model: forward, loss, gradients, update, metrics. Each step's memory is freed at its end.
 *
 * Over 300 lines: replicas and recordings need the private parts of one class.
 *
 * @module
 */

import { type Operand, scratch } from "../autodiff/arena.js";
import { GradientTape } from "../autodiff/gradient-tape.js";
import { Busy } from "../busy.js";
import { type DrawingLayer, generatorsOf } from "../layers/generators.js";
import type { Layer } from "../layers/layer.js";
import type { Loss } from "../losses/loss.js";
import { multiply } from "../ops/arithmetic.js";
import { type Ascent, ascentOf, refuseLossUser } from "../optimizers/loss-users.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { OptimizerStats } from "../optimizers/optimizer-stats.js";
import { get as getOptimizer } from "../optimizers/registry.js";
import { ListedInputs } from "../optimizers/step-inputs.js";
import { withStats } from "../optimizers/with-stats.js";
import { sharedGenerator } from "../random/generator.js";
import type { ReplicaGroup } from "../replicas/replica-group.js";
import { SOLO } from "../replicas/solo-group.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { beforeChange } from "../undo.js";
import { type Updates, withUpdatesLast } from "../updates.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";
import type { Batch, PendingBatch } from "./batch.js";
import { checkedCompile } from "./compile-checks.js";
import type { CompileOptions } from "./compile-options.js";
import { type Computed, type Differentiated, isUpdate, type StepKind, updateKind, usually } from "./computed-step.js";
import { CustomSteps, refuseWithoutLoss, type SteppedModel } from "./custom-steps.js";
import { refuseUnlabelled, type Targets } from "./data-checks.js";
import { hasOtherRate, refuseOtherRates } from "./foreign-names.js";
import { warnOfOutputs } from "./loss-advice.js";
import { Objective, type Shaped } from "./objective.js";
import type { StepParts } from "./recordable.js";
import { RecordedSteps, type RecordedTraining } from "./recorded-steps.js";
import { Replicated, type ReplicatedTraining } from "./replicated.js";
import { fractionOf, type Share } from "./share.js";
import { showOptimizers } from "./shown-optimizers.js";
import { StepTally } from "./step-tally.js";
import type { FitStrategy } from "./strategy.js";
import type { RunTally, StepRun, Tally } from "./tally.js";
import { Tracker } from "./tracker.js";
import { lookedAt, warnOfUntracked } from "./untracked.js";
import { UpdateFigures } from "./update-figures.js";

/** The part of a model that training needs. */
export interface TrainedModel extends SteppedModel {
  readonly trainableWeights: Variable[];
  /** Outputs for inputs; builds the model in the first call. */
  forward(inputs: readonly Operand[], training: boolean): readonly Tensor<"float32">[];
  readonly weights: Variable[];
  readonly sublayers: readonly DrawingLayer[];
  regularizationLosses(kind?: "all" | "weights" | "added"): Tensor<"float32">[];
  /** Keeps their numbers when a step ends. */
  settleLosses(): void;
  /** The layers that make the outputs; `undefined` where they are not known. */
  readonly outputLayers: readonly (Layer | undefined)[];
}

showOptimizers();

/** Of predictions. */
const NO_TALLY: RunTally = {
  figures: new UpdateFigures(),
  entries: () => [],
  logs: () => ({}),
  finish() {},
  close() {},
};

/**
 * Everything that `compile` determines.
 *
 * @throws ValueError, TypeError for unknown options
 */
export class Training {
  readonly optimizer: Optimizer;
  readonly options: CompileOptions;
  /** The strategy that runs `fit`, if this realm does not. */
  readonly strategy: FitStrategy | null;
  /** Batches for which the hooks of batches are called once. */
  readonly stepsPerExecution: number;
  /** Whether logs contain update statistics. */
  readonly #hasStats: boolean;
  /** Steps that a subclass or an option replaces. */
  readonly steps: CustomSteps;
  readonly #model: TrainedModel;
  #objective: Objective | undefined;
  #tracker: Tracker | undefined;
  #tape: GradientTape | undefined;
  #hasLooked = false;
  /** Whether the optimizer has a field with another name for the learning rate; in a custom class it may be intended. */
  readonly #hasOtherRate: boolean;
  #replicated: Replicated | undefined;
  readonly #busy = new Busy();
  /** Class weights of the running step. */
  #run: StepRun | undefined;
  /** Recorded steps, if `compile` enables recording. @internal */
  readonly recorded: RecordedSteps | undefined;

  constructor(model: TrainedModel, options: CompileOptions) {
    const { group, strategy, stepsPerExecution, jitCompile, stats } = checkedCompile(options);
    this.options = options;
    this.#model = model;
    this.optimizer = getOptimizer(options.optimizer ?? "rmsprop");
    this.optimizer.checkSelf();
    this.#hasOtherRate = hasOtherRate(this.optimizer);
    this.strategy = strategy;
    this.stepsPerExecution = stepsPerExecution;
    this.#hasStats = stats;
    this.steps = new CustomSteps(model, this, options as object);
    refuseInFit(this.optimizer, this.steps);
    if (stats) withStats(this.optimizer);
    if (group !== null) this.group = group;
    if (jitCompile !== false) this.recorded = new RecordedSteps(this.#recordedTraining, jitCompile === true);
  }

  /** Whether losses or metrics compare outputs to labels; otherwise there are only the layers' losses. */
  get needsLabels(): boolean {
    if (this.steps.areLabelsFree) return false;
    const { loss, metrics, weightedMetrics } = this.options;
    const isGiven = (option: object | null | undefined) => Object.keys(option ?? {}).length > 0;
    return (loss ?? null) !== null || isGiven(metrics) || isGiven(weightedMetrics);
  }

  /** Losses and metrics, once the first batch has shown the shapes. */
  get tracker(): Tracker | undefined {
    return this.#tracker;
  }

  /** The replicas that it trains with. */
  get group(): ReplicaGroup {
    return this.#replicated?.group ?? SOLO;
  }

  set group(group: ReplicaGroup) {
    this.#replicated = group.parts.total > 1 ? new Replicated(group, this.#replica) : undefined;
  }

  /** One update. @throws as operations, losses and optimizers do; weights and counters are as before then */
  train(pending: PendingBatch, run: StepRun): void {
    if (!this.#hasOtherRate) refuseOtherRates(this.optimizer);
    this.#busy.enter(this.#model.name);
    const { optimizer } = this;
    const { showsAverages, stats } = optimizer;
    const ascent = ascentOf(optimizer);
    try {
      if (ascent !== undefined) {
        this.recorded?.refuseIfRequired(`${optimizer.className} computes two gradients in it`);
      }
      // An evaluation leaves the averages of a schedule-free rule; one that threw has left other averages.
      if (showsAverages) optimizer.showsAverages = false;
      scratch(() => {
        if (run.tally instanceof StepTally) {
          this.recorded?.refuseIfRequired("it has custom steps or metrics");
          this.#custom("train", pending, run, run.tally);
        } else if (this.#replicated !== undefined) this.#replicated.train(pending, run);
        else if (ascent !== undefined) withUpdatesLast(() => this.#twice(pending, run, ascent)).write();
        else if (this.recorded !== undefined) this.#recordedStep(this.recorded, pending, run);
        else withUpdatesLast(() => this.#step(pending, run)).write();
        this.#model.settleLosses();
      });
      // Without an update, as while gradients accumulate, they still describe the last one.
      if (this.#hasStats && optimizer.stats !== stats) run.tally.figures.add(optimizer.stats as OptimizerStats);
    } catch (error) {
      if (showsAverages) optimizer.reshow();
      throw error;
    } finally {
      this.#release();
      this.#busy.leave();
    }
  }

  /** Refuses calls from its own step: from a loss, a layer, a getter in the data. @throws ValueError */
  refuseInside(): void {
    this.#busy.refuse(this.#model.name);
  }

  /** Losses and metrics of a batch, without an update. */
  test(pending: PendingBatch, run: StepRun): void {
    this.refuseInside();
    this.optimizer.evaluates = true;
    try {
      scratch(() => {
        if (run.tally instanceof StepTally) this.#custom("test", pending, run, run.tally);
        else if (this.#replicated !== undefined) this.#replicated.test(pending, run);
        else {
          const { batch, made, updates } = this.#computed("test", pending, run);
          const { outputs, total, parts } = made;
          this.#track(run, batch, outputs, [total.item(), ...itemsOf(parts)], pending.size);
          updates.write();
        }
        this.#model.settleLosses();
      });
    } finally {
      this.#release();
    }
  }

  /** Calls `take` with the outputs for a batch. Inside a step. */
  predict(pending: PendingBatch, take: (outputs: readonly Tensor[]) => void): void {
    try {
      const { made, updates } = this.#computed("predict", pending, { tally: NO_TALLY });
      take(made.outputs);
      updates.write();
    } finally {
      this.#release();
    }
  }

  /** Frees the memory that the step used. */
  #release(): void {
    this.#run = undefined;
    this.recorded?.settle();
  }

  #recordedStep(recorded: RecordedSteps, pending: PendingBatch, run: StepRun): void {
    this.#run = run;
    let updates: Updates | undefined;
    withUpdatesLast(() => {
      const kind = updateKind(run);
      const computed = recorded.compute(kind, pending, run);
      updates = computed.updates;
      this.#finish(computed.batch, computed.made, run, pending.size);
    });
    updates?.write();
  }

  /** Everything before metrics and the update, of a batch or of a share. */
  #computed(kind: StepKind, pending: PendingBatch, run: StepRun, share?: Share): Computed {
    this.#run = run;
    // In the second pass of a step, the writes of the first are still deferred.
    const isTwice = kind !== "test" && kind !== "predict" && ascentOf(this.optimizer) !== undefined;
    if (this.recorded !== undefined && !isTwice) return this.recorded.compute(kind, pending, run, share);
    return usually(pending, share, (batch) => this.#compute(kind, batch, run, share, () => pending.labels()));
  }

  #compute(kind: StepKind, batch: Batch, run: StepRun, share: Share | undefined, whole: () => Omit<Batch, "x">) {
    if (isUpdate(kind)) return this.#differentiate(batch, run, share, whole);
    if (kind === "test") return { ...this.#forward(batch, false, run, share, whole), variables: [], gradients: [] };
    const outputs = this.#model.forward(batch.x, false);
    return { outputs, total: outputs[0]!, parts: [], variables: [], gradients: [] };
  }

  /** A step that a subclass or an option replaces, or a part of it. */
  #custom(kind: "train" | "test", pending: PendingBatch, run: StepRun, tally: StepTally): void {
    const step = (batch: Batch) => {
      const logs = () => this.steps.run(kind, batch, run.classWeights);
      if (kind === "test" || this.#hasLooked || this.group.rank > 0) return logs();
      this.#hasLooked = true;
      return lookedAt(this, this.#model, logs);
    };
    if (this.#replicated !== undefined) {
      const { logs, samples } = this.#replicated.custom(pending, step);
      tally.add(logs, samples, pending.size);
    } else if (kind === "test") tally.add(step(pending.gather()));
    else withUpdatesLast(() => tally.add(step(pending.gather()))).write();
  }

  #step(pending: PendingBatch, run: StepRun): void {
    const batch = pending.gather();
    this.#finish(batch, this.#differentiate(batch, run), run, pending.size);
  }

  /** A step with two gradients: losses and metrics are those of the first. */
  #twice(pending: PendingBatch, run: StepRun, ascent: Ascent): void {
    const batch = pending.gather();
    const { name } = this.optimizer;
    const first = () => {
      const made = this.#differentiate(batch, run);
      this.#trackMade(batch, made, run, pending.size);
      return new ListedInputs(name, made.gradients, made.variables);
    };
    ascent.twice(
      () => ascent.summed(name, first),
      () => this.#update(this.#differentiate(batch, run)),
    );
  }

  /** Metrics and update. */
  #finish(batch: Batch, made: Differentiated, run: StepRun, size: number): void {
    // Before the update, so that a metric that refuses the labels leaves the weights unchanged.
    this.#trackMade(batch, made, run, size);
    this.#update(made);
  }

  #trackMade(batch: Batch, { outputs, total, parts }: Differentiated, run: StepRun, size: number): void {
    this.#track(run, batch, outputs, [total.item(), ...itemsOf(parts)], size);
  }

  #update({ variables, gradients }: Differentiated): void {
    if (variables.length > 0) this.optimizer.apply(gradients, variables);
    else warnOnce(this, `${this.#model.name}: there are no trainable weights; nothing is trained.`);
  }

  #differentiate(batch: Batch, run: StepRun, share?: Share, whole?: () => Omit<Batch, "x">): Differentiated {
    // One tape for all steps: it starts again with each.
    this.#tape ??= new GradientTape();
    const tape = this.#tape;
    const { scaled, outputs, total, parts } = tape.run(() => this.#forward(batch, true, run, share, whole));
    this.lookAt(tape);
    // This very call may have built the model, or those of its layers that were not built before.
    const variables = this.#model.trainableWeights;
    const gradients = variables.length > 0 ? tape.gradient(scaled, variables) : [];
    tape.dispose();
    return { outputs, total, parts, variables, gradients };
  }

  /** Warns of variables in the first step that are not the model's. @internal */
  lookAt(tape: GradientTape): void {
    if (!this.#hasLooked && this.group.rank === 0) warnOfUntracked(this, this.#model, tape.watchedVariables());
    this.#hasLooked = true;
  }

  #forward(batch: Batch, training: boolean, run: StepRun, share?: Share, whole: () => Omit<Batch, "x"> = () => batch) {
    const outputs = this.#model.forward(batch.x, training);
    if (batch.y.length === 0 && this.needsLabels) refuseUnlabelled(this.#model.name);
    const objective = this.#resolve(batch.y, outputs);
    run.checks?.seen(outputs);
    const weighed = <T extends Omit<Batch, "x">>(labels: T): T => this.#weighed(run, labels, outputs);
    const labels = weighed(batch);
    const terms = this.#terms(share, objective.isEmpty);
    if (objective.isEmpty && terms.length === 0) refuseWithoutLoss(this.#model.name);
    const fraction =
      share &&
      ((loss: Loss, output: number): number => fractionOf(loss, output, share, labels, () => weighed(whole())));
    const { total, parts } = objective.of(labels.y, outputs, labels.weights, terms, fraction);
    const scale = training ? this.optimizer.scaleLoss(1) : 1;
    return { outputs, total, parts, scaled: scale === 1 ? total : multiply(total, scale) };
  }

  /** Labels with the weights of their classes, if any. */
  #weighed<T extends Omit<Batch, "x">>({ classWeights }: StepRun, labels: T, outputs: readonly Tensor[]): T {
    if (classWeights === undefined) return labels;
    const loss = this.#objective?.losses[0] ?? null;
    const now = () => this.#run?.classWeights ?? classWeights;
    return classWeights.weighed(labels, { shape: outputs[0]!.shape, loss }, now);
  }

  /** Terms added to the loss: penalties of weights, and of outputs. */
  #terms(share: Share | undefined, isAll: boolean): Tensor<"float32">[] {
    const model = this.#model;
    if (share === undefined) return model.regularizationLosses();
    // Even without other terms, every replica needs gradients of the same variables.
    const isAsked = share.hasPenalties || isAll;
    const own = isAsked ? model.regularizationLosses("weights") : [];
    const penalties = share.hasPenalties ? own : own.map((penalty) => multiply(penalty, 0));
    return [...penalties, ...model.regularizationLosses("added").map((loss) => multiply(loss, share.fraction))];
  }

  /** The part of it that recordings of steps need. */
  get #recordedTraining(): RecordedTraining {
    const [training, model] = [this, this.#model];
    return {
      name: model.name,
      get parts() {
        const losses = training.#objective?.losses ?? [];
        const metrics = training.#tracker?.metrics ?? [];
        return { model: model as unknown as StepParts["model"], losses, metrics, optimizer: training.optimizer };
      },
      get addsLosses() {
        return model.regularizationLosses("added").length > 0;
      },
      scaleOf: (kind) => (kind === "test" || kind === "predict" ? 1 : training.optimizer.scaleLoss(1)),
      compute: (...args) => training.#compute(...args),
    };
  }

  /** State of steps with other replicas. */
  get #replica(): ReplicatedTraining {
    const [training, model] = [this, this.#model];
    return {
      name: model.name,
      optimizer: training.optimizer,
      get weights() {
        return model.weights;
      },
      get generators() {
        return [sharedGenerator(), ...generatorsOf(model)];
      },
      get hasMetrics() {
        return training.#tracker?.hasMetrics ?? false;
      },
      compute: (...args) => training.#computed(...args),
      track: (run, labels, outputs, losses, size) => training.#track(run, labels, outputs, losses, size),
    };
  }

  /** The losses and metrics for labels and outputs of these shapes, as the first batch will determine them. @internal */
  targets(y: readonly Shape[], outputs: readonly Shape[]): Targets {
    if (this.steps.areLabelsFree) return { losses: [], metrics: [] };
    const given = (shapes: readonly Shape[]) => shapes.map((shape) => ({ shape }));
    const { objective, tracker } = this.#settled() ?? this.#settle(given(y), given(outputs));
    return { losses: objective.losses, metrics: tracker.tracked };
  }

  /** Losses and metrics, as the first batch determines them. @internal */
  resolve(y: readonly Operand[], outputs: readonly Tensor[]): { objective: Objective; tracker: Tracker } {
    return { objective: this.#resolve(y, outputs), tracker: this.#tracker as Tracker };
  }

  #resolve(y: readonly Operand[], outputs: readonly Tensor[]): Objective {
    if (this.#objective !== undefined) return this.#objective;
    const { objective, tracker } = this.#settle(y, outputs);
    // A refused batch must not determine the meaning of "accuracy".
    beforeChange(this, () => () => {
      this.#objective = undefined;
      this.#tracker = undefined;
    });
    this.#tracker = tracker;
    this.#objective = objective;
    if (this.group.rank === 0) warnOfOutputs(this, this.#model, objective.losses);
    return objective;
  }

  #settled(): { readonly objective: Objective; readonly tracker: Tracker } | undefined {
    const [objective, tracker] = [this.#objective, this.#tracker];
    return objective === undefined || tracker === undefined ? undefined : { objective, tracker };
  }

  #settle(y: readonly Shaped[], outputs: readonly Shaped[]): { objective: Objective; tracker: Tracker } {
    const { loss, lossWeights, metrics, weightedMetrics } = this.options;
    const { outputNames } = this.#model;
    const objective = new Objective(loss ?? null, lossWeights ?? null, outputNames, y, outputs);
    const options = { metrics: metrics ?? [], weightedMetrics: weightedMetrics ?? [], losses: objective.losses };
    return { objective, tracker: new Tracker(options, outputNames, y, outputs, this.steps.loss) };
  }

  /** @param losses - The sum, then those of the outputs. */
  #track(
    run: StepRun,
    labels: Omit<Batch, "x"> | undefined,
    outputs: readonly Tensor[],
    losses: readonly (number | null)[],
    size: number,
  ): void {
    const tracker = this.#tracker as Tracker;
    const [total, ...parts] = losses;
    const tally = run.tally as Tally;
    tally.addLoss(tracker, total as number, parts, size);
    if (labels === undefined || !tracker.hasMetrics) return;
    tally.addPredictions(labels.y, outputs, this.#weighed(run, labels, outputs).weights);
  }
}

/** The losses of several outputs; with one output, the sum is its loss. */
function itemsOf(parts: readonly (Tensor<"float32"> | null)[]): (number | null)[] {
  return parts.length > 1 ? parts.map((part) => part?.item() ?? null) : [];
}

/** An optimizer that computes the loss several times trains only in a custom step. @throws ValueError */
function refuseInFit(optimizer: Optimizer, steps: CustomSteps): void {
  if (ascentOf(optimizer) === undefined && !steps.hasTrainStep)
    refuseLossUser("compile without a trainStep", optimizer);
}
