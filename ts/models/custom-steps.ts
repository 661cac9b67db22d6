/**
 * Steps that a subclass or an option of `compile` replaces, and the parts of the default ones.
 *
 * Other models use the step of {@link Training}, which is faster: it keeps one tape, and no results by name.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isCallable } from "../brands.js";
import type { Logs } from "../callbacks/callback.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { type OutputKeys, resultList } from "../layers/results.js";
import { Mean } from "../metrics/mean.js";
import type { Metric } from "../metrics/metric.js";
import { isList, shown } from "../options.js";
import type { ReplicaGroup } from "../replicas/replica-group.js";
import { isTensor, type Tensor, tensor } from "../tensor.js";
import { isVariable } from "../variable.js";
import type { Batch } from "./batch.js";
import type { ClassWeights } from "./class-weights.js";
import { refuseUnlabelled } from "./data-checks.js";
import type { Objective } from "./objective.js";
import type { LossArguments, MetricsArguments, StepData, StepName } from "./step-data.js";
import { STEP_NAMES } from "./step-data.js";
import { refuseAsync, refuseLoss, refusePromise, stepLogs } from "./step-logs.js";
import { type MeasuredModel, StepTally } from "./step-tally.js";
import { type RunTally, Tally } from "./tally.js";
import type { Tracker } from "./tracker.js";

/** The parts of a model that its steps use. */
export interface SteppedModel extends MeasuredModel {
  readonly outputNames: readonly string[];
  /** @internal */
  readonly outputKeys: OutputKeys;
  /** Names of the steps and properties that the model overrides. @internal */
  readonly overridden: readonly string[];
  /** Whether it has metrics other than those of `compile`. @internal */
  readonly hasOwnMetrics: boolean;
  regularizationLosses(): Tensor<"float32">[];
}

/** The part of a training that steps need. */
export interface SteppedTraining {
  readonly needsLabels: boolean;
  /** Losses and metrics for labels and outputs of these shapes. */
  resolve(y: readonly Operand[], outputs: readonly Tensor[]): { objective: Objective; tracker: Tracker };
  readonly tracker: Tracker | undefined;
  /** The replicas that it trains with. */
  readonly group: ReplicaGroup;
}

/** For a model that is not compiled: it has no losses. */
const UNCOMPILED = { needsLabels: false, tracker: undefined } as unknown as SteppedTraining;

/** The steps of a model that is not compiled, which can only predict. */
export function uncompiled(model: SteppedModel): { readonly steps: CustomSteps; readonly stepsPerExecution: number } {
  return { steps: new CustomSteps(model, UNCOMPILED, {}), stepsPerExecution: 1 };
}

/** Names whose replacement makes a run custom. */
const MEASURING = ["computeLoss", "computeMetrics", "metrics", "resetMetrics", "getMetricsResult"];

/** The mean loss, rounded as the built-in steps round it. */
class MeanLoss extends Mean {
  /** Adds a batch's loss. */
  gather(loss: number, size: number): void {
    this.total += loss * size;
    this.count += size;
  }

  override result(): number {
    return Math.fround(super.result());
  }
}

/** The steps of a compiled model. */
export class CustomSteps {
  /** The mean loss of the run. */
  readonly loss: MeanLoss = new MeanLoss({ name: "loss" });
  readonly #model: SteppedModel;
  readonly #training: SteppedTraining;
  readonly #options: Readonly<Partial<Record<StepName, unknown>>>;
  /** Labels and outputs of the running step, for metrics that are read before its loss. */
  #labels: readonly Operand[] | undefined;
  #outputs: readonly Tensor[] | undefined;
  /** Whether losses of outputs count: those of a second pass do not. */
  #isCounted = true;

  /** Checks the options. @throws TypeError for options that are not functions */
  constructor(model: SteppedModel, training: SteppedTraining, options: Readonly<Partial<Record<StepName, unknown>>>) {
    for (const name of STEP_NAMES) {
      const given = options[name] ?? undefined;
      if (given === undefined || isCallable(given)) continue;
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `compile: "${name}" must be a function, got ${shown(given)}.`);
    }
    this.#model = model;
    this.#training = training;
    this.#options = options;
  }

  /** Whether a run has steps that are not the built-in ones. */
  isCustom(kind: "train" | "test"): boolean {
    const names: readonly string[] = [kind === "train" ? "trainStep" : "testStep", ...MEASURING];
    return this.#has(names) || this.#model.hasOwnMetrics;
  }

  /** Whether labels may differ from those that the losses of `compile` take. */
  get areLabelsFree(): boolean {
    return this.#has(["trainStep", "testStep", "computeLoss"]);
  }

  /** Whether updates are not those of the default step. */
  get hasTrainStep(): boolean {
    return this.#has(["trainStep"]);
  }

  /** Whether outputs of `predict` are not those of `call`. */
  get hasPredictStep(): boolean {
    return this.#has(["predictStep"]);
  }

  #has(names: readonly string[]): boolean {
    const { overridden } = this.#model;
    return names.some((name) => overridden.includes(name) || isCallable(this.#options[name as StepName]));
  }

  /** Begins a run. */
  begin(kind: "train" | "test"): RunTally {
    return this.isCustom(kind) ? new StepTally(this.#model, this.#training.group) : new Tally();
  }

  /** One step, inside its memory. @throws its errors, and for a result that is not logs */
  run(kind: "train" | "test", batch: Batch, classWeights: ClassWeights | undefined): Logs {
    const name = kind === "train" ? "trainStep" : "testStep";
    this.#labels = batch.y;
    try {
      return stepLogs(`${this.#model.name}: ${name}`, this.part(name, this.#dataOf(batch, classWeights)));
    } finally {
      this.#labels = undefined;
      this.#outputs = undefined;
    }
  }

  /** The outputs of `predictStep`, inside of its step. @throws as it does, and for anything but tensors */
  predict(x: readonly Operand[]): readonly Tensor[] {
    const owner = `${this.#model.name}: predictStep`;
    const made: unknown = this.part("predictStep", this.#dataOf({ x, y: [], weights: [] }, undefined));
    refusePromise(owner, made);
    const outputs = resultList(made, this.#model.outputKeys);
    if (outputs.length > 0 && outputs.every((output) => isTensor(output) && output.shape.length > 0)) {
      return outputs as readonly Tensor[];
    }
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner} must return a tensor with the batch axis, or a list of them, got ${shown(made)}.`,
    );
  }

  /** Calls a step, or a part of one: the option of `compile`, or else the model's method. */
  part(name: StepName, given: object): unknown {
    const model = this.#model;
    const option: unknown = this.#options[name];
    const own = (model as unknown as Record<StepName, unknown>)[name];
    const step = (isCallable(option) ? option : own) as (given: object, model: object) => unknown;
    refuseAsync(`${model.name}: ${name}`, step);
    return isCallable(option)
      ? step.call(model, given, model)
      : (step as (given: object) => unknown).call(model, given);
  }

  /**
   * The loss of a batch.
   *
   * @param isCounted - Whether it enters the mean.
   * @throws as `computeLoss` does, and unless it is one number
   */
  lossFor(given: LossArguments, size: number, isCounted = true): Tensor<"float32"> {
    this.#isCounted = isCounted;
    let loss: unknown;
    try {
      loss = this.part("computeLoss", given);
    } finally {
      this.#isCounted = true;
    }
    refusePromise(`${this.#model.name}: computeLoss`, loss);
    if (!isTensor(loss) || loss.size !== 1) refuseLoss(this.#model.name, loss);
    if (isCounted) this.loss.gather(loss.item(), size);
    return loss as Tensor<"float32">;
  }

  /** The model returned this. */
  note(outputs: readonly Tensor[]): void {
    if (this.#labels !== undefined) this.#outputs = outputs;
  }

  /** The loss of `compile` and of the layers. */
  lossOf({ y, yPred, sampleWeight }: LossArguments): Tensor {
    const outputs = operands(yPred, this.#model.outputKeys) as readonly Tensor[];
    const labels = operands(y, this.#model.outputKeys);
    if (labels.length === 0 && this.#training.needsLabels) refuseUnlabelled(this.#model.name);
    const { objective, tracker } = this.#training.resolve(labels, outputs);
    const terms = this.#model.regularizationLosses();
    if (objective.isEmpty && terms.length === 0) refuseWithoutLoss(this.#model.name);
    const { total, parts } = objective.of(labels, outputs, weightsOf(sampleWeight), terms);
    const size = outputs[0]?.shape[0] ?? 1;
    parts.forEach((part, i) => {
      const mean = tracker.losses[i] ?? null;
      if (part === null || mean === null || !this.#isCounted) return;
      mean.total += part.item() * size;
      mean.count += size;
    });
    return total;
  }

  /** Adds a batch to the metrics of `compile`. */
  updateMetrics({ y, yPred, sampleWeight }: MetricsArguments): void {
    const outputs = operands(yPred, this.#model.outputKeys) as readonly Tensor[];
    const labels = operands(y, this.#model.outputKeys);
    const weights = weightsOf(sampleWeight);
    for (const { metric, output, weighted } of this.#training.resolve(labels, outputs).tracker.tracked) {
      const target = labels[output];
      if (target !== undefined) metric.updateState(target, outputs[output]!, weighted ? weights[output] : undefined);
    }
  }

  /** The loss, the metrics of `compile`, and the losses of several outputs. */
  get metrics(): readonly Metric[] {
    const [labels, outputs] = [this.#labels, this.#outputs];
    const isSeen = labels !== undefined && outputs !== undefined;
    const { tracker } = isSeen ? this.#training.resolve(labels, outputs) : this.#training;
    return [this.loss, ...(tracker?.metrics ?? []), ...(tracker?.losses.filter((loss) => loss !== null) ?? [])];
  }

  /** The name of one of them in the logs. */
  nameOf(metric: Metric): string {
    return this.#training.tracker?.tracked.find((tracked) => tracked.metric === metric)?.name ?? metric.name;
  }

  #dataOf({ x, y, weights, names }: Batch, classWeights: ClassWeights | undefined): StepData {
    const labels = { y, weights };
    // As Keras's data adapter: labels of several columns are scores.
    const weighed =
      classWeights === undefined ? labels : classWeights.weighed(labels, { shape: y[0]!.shape, loss: null });
    const given = weighed.weights.some((weight) => weight !== undefined) ? oneOrList(weighed.weights) : undefined;
    return [structured(x, names?.x), structured(weighed.y, names?.y), given] as unknown as StepData;
  }
}

/** Throws the error for a model without a loss. */
export function refuseWithoutLoss(model: string): never {
  throw new ValueError(
    "ERR_NOT_COMPILED",
    `${model}: no loss to train for. Pass one to compile, such as compile({ loss: "mse" }).`,
  );
}

function structured<T>(list: readonly T[], names: readonly string[] | undefined): unknown {
  return names === undefined ? oneOrList(list) : Object.fromEntries(names.map((name, i) => [name, list[i]]));
}

function oneOrList<T>(list: readonly T[]): T | readonly T[] | undefined {
  return list.length > 1 ? list : list[0];
}

/** One tensor, or a list of them; none for nothing. */
function operands(given: unknown, keys?: OutputKeys): readonly Operand[] {
  if (given === undefined || given === null) return [];
  const named = resultList(given, keys);
  const list: readonly unknown[] = hasOperands(named) ? named : [given];
  return list.map((entry) => (isOperand(entry) ? entry : tensor(entry as never)));
}

function weightsOf(given: unknown): readonly (Operand | undefined)[] {
  return hasOperands(given) ? given.map((entry) => operands(entry)[0]) : operands(given);
}

/** Whether it is a list of one for each output, not the numbers of one. */
function hasOperands(given: unknown): given is readonly unknown[] {
  return isList(given) && given.some(isOperand);
}

function isOperand(value: unknown): value is Operand {
  return isTensor(value) || isVariable(value);
}
