/**
 * Measurement of an optimizer's updates: the gradients of a step, and the change of the weights.
 *
 * @module
 */

import { isOfRows, type RowGradients } from "../autodiff/row-places.js";
import { isTensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { beyond, beyondWeights, type Changes, nonfinite } from "./gradient-figures.js";
import { NestedGradient } from "./gradients.js";
import type { Optimizer } from "./optimizer.js";
import type { OptimizerStats } from "./optimizer-stats.js";
import { PlanChanges } from "./plan-changes.js";
import type { Mode, StepResult } from "./step.js";
import { outlastingInputs, type StepInputs, variablesOf } from "./step-inputs.js";
import { WeightsBefore } from "./weights-before.js";

/** Parts of wrapper optimizers. */
export interface Around {
  readonly innerOptimizer?: Optimizer;
  readonly optimizers?: readonly Optimizer[];
}

/** The inner optimizers that have an update rule. */
function rulesOf(optimizer: Optimizer): readonly Optimizer[] {
  const { innerOptimizer, optimizers } = optimizer as Around;
  if (innerOptimizer !== undefined) return rulesOf(innerOptimizer);
  return optimizers === undefined ? [optimizer] : optimizers.flatMap(rulesOf);
}

/** Whether a step of the core makes the whole change: no wrapper, custom rule, constraint or average changes weights after it. */
function isMeasuredByCore(optimizer: Optimizer, variables: readonly Variable[]): boolean {
  const { adaptiveClip, emaOverwriteFrequency, updateStep } = optimizer;
  if (rulesOf(optimizer)[0] !== optimizer || updateStep !== undefined) return false;
  // The adaptive clip compares gradients with a copy of the weights.
  if (adaptiveClip !== null || emaOverwriteFrequency !== null) return false;
  return variables.every(({ constraint, disposed }) => constraint === null && !disposed);
}

/** Numbers of a rule before a step. */
type Settings = Pick<Optimizer, "skippedSteps" | "clipnorm" | "globalClipnorm" | "clipvalue" | "adaptiveClip">;

function settingsOf({ skippedSteps, clipnorm, globalClipnorm, clipvalue, adaptiveClip }: Optimizer): Settings {
  return { skippedSteps, clipnorm, globalClipnorm, clipvalue, adaptiveClip };
}

/** Sums over the gradients of an update. */
class Sums {
  squares = 0;
  values = 0;
  clipped = 0;
  nonfinite = 0;
}

/** Measures the updates of one optimizer. */
export class StatsMeter {
  stats: OptimizerStats | null = null;
  readonly #optimizer: Optimizer;
  /** Sums of gradients that wait for an update. */
  readonly #gathered = new Map<Variable, Float32Array>();

  constructor(optimizer: Optimizer) {
    this.#optimizer = optimizer;
  }

  /** One step. @throws the errors of the optimizer's step; then the statistics do not change */
  step(update: (given: StepInputs, mode: Mode) => StepResult, given: StepInputs, mode: Mode): StepResult {
    const optimizer = this.#optimizer;
    if (!optimizer.built) optimizer.checkUpdate(given);
    const lasting = outlastingInputs(optimizer.name, given);
    const scale = mode.unscale ?? optimizer.scaleLoss(1);
    const { showsAverages } = optimizer;
    let known: ReadonlyMap<Optimizer, Settings>;
    let before: WeightsBefore | PlanChanges | undefined;
    let rows: RowSums;
    let result: StepResult;
    try {
      // Schedules count updates: after the step their numbers belong to the next step.
      known = new Map(rulesOf(optimizer).map((rule) => [rule, settingsOf(rule)]));
      if (showsAverages) optimizer.showsAverages = false;
      rows = rowSums(lasting);
      const variables = optimizer.built ? optimizer.trained : variablesOf(lasting);
      const copied = () => new WeightsBefore(variables, rows);
      if (rows.size === 0 && isMeasuredByCore(optimizer, variables)) {
        before = new PlanChanges(copied);
        result = update(lasting, { ...mode, measure: before.begin });
      } else {
        before = copied();
        result = update(lasting, mode);
      }
    } catch (error) {
      before?.free();
      if (showsAverages) optimizer.reshow();
      throw error;
    }
    try {
      this.#measure({ given: lasting, known, before, rows, result, scale, clips: mode.clip });
    } finally {
      before.free();
    }
    return result;
  }

  #measure({ given, known, before, rows, result, scale, clips }: Update): void {
    const sums = new Sums();
    let isUpdate = false;
    let isSkip = false;
    for (const rule of rulesOf(this.#optimizer)) {
      const settings = known.get(rule) ?? { ...settingsOf(rule), skippedSteps: 0 };
      const isLeftOut = result === "notFinite" || rule.skippedSteps > settings.skippedSteps;
      const gradients = this.#gradients(rule, given, rows, isLeftOut, scale);
      if (gradients === undefined) continue;
      isUpdate ||= !isLeftOut;
      isSkip ||= isLeftOut;
      add(sums, clips && !isLeftOut ? settings : undefined, gradients, before);
    }
    if (isUpdate || isSkip) this.#conclude(sums, isUpdate ? before.changes() : { change: 0, weights: 0 });
  }

  /** The gradients of an update by a rule, and their divisor; `undefined` while it accumulates them. */
  #gradients(
    rule: Optimizer,
    given: StepInputs,
    rows: RowSums,
    isLeftOut: boolean,
    scale: number,
  ): Gradients | undefined {
    const own = new Set(rule.trained);
    const list: [Variable, Float32Array][] = [];
    for (let at = 0; at < given.length; at++) {
      const [gradient, variable] = [given.gradient(at), given.variable(at)];
      if (gradient !== null && own.has(variable))
        list.push([variable, rows.get(variable)?.values ?? valuesOf(gradient)]);
    }
    const steps = rule.gradientAccumulationSteps;
    if (steps === null || isLeftOut) return list.length === 0 ? undefined : { list, divisor: scale };
    for (const [variable, values] of list) {
      const sum = this.#gathered.get(variable) ?? new Float32Array(values.length);
      this.#gathered.set(variable, sum);
      for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + values[i]! / scale;
    }
    if (rule.calls % steps !== 0) return undefined;
    const all = [...this.#gathered].filter(([variable]) => own.has(variable));
    for (const [variable] of all) this.#gathered.delete(variable);
    return all.length === 0 ? undefined : { list: all, divisor: steps };
  }

  #conclude(sums: Sums, { change, weights }: Changes): void {
    const [gradientNorm, updateNorm] = [Math.sqrt(sums.squares), Math.sqrt(change)];
    this.stats = Object.freeze({
      gradientNorm,
      updateNorm,
      updateRatio: ratio(updateNorm, Math.sqrt(weights)),
      clippedShare: ratio(sums.clipped, sums.values),
      nonfiniteShare: ratio(sums.nonfinite, sums.values),
      effectiveRate: ratio(updateNorm, gradientNorm),
    });
  }
}

/** A step that was made. */
interface Update {
  readonly given: StepInputs;
  /** The settings of each rule before the step. */
  readonly known: ReadonlyMap<Optimizer, Settings>;
  readonly before: WeightsBefore | PlanChanges;
  readonly rows: RowSums;
  readonly result: StepResult;
  /** The loss scale. */
  readonly scale: number;
  /** Whether the step clips. */
  readonly clips: boolean;
}

/** Gradients of an update, times a divisor. */
interface Gradients {
  readonly list: readonly (readonly [Variable, Float32Array])[];
  readonly divisor: number;
}

/** Adds the gradients of one rule, with its clips if the step clips. */
function add(sums: Sums, clips: Settings | undefined, { list, divisor }: Gradients, before: Update["before"]): void {
  const norms = list.map(([, values]) => Math.sqrt(before.squares(values)) / divisor);
  const whole = norms.reduce((sum, norm) => sum + norm * norm, 0);
  list.forEach(([variable, values], i) => {
    const count = values.length;
    const norm = norms[i]!;
    sums.values += count;
    if (!Number.isFinite(norm)) sums.nonfinite += nonfinite(values);
    if (clips === undefined) return;
    const { clipnorm, globalClipnorm, clipvalue, adaptiveClip } = clips;
    let clipped = 0;
    if (clipnorm) clipped = norm > clipnorm ? count : 0;
    else if (globalClipnorm) clipped = Math.sqrt(whole) > globalClipnorm ? count : 0;
    else if (clipvalue) clipped = beyond(values, clipvalue * divisor);
    const weights = before.of(variable);
    if (adaptiveClip && weights !== undefined) {
      clipped = Math.max(clipped, beyondWeights(values, divisor, weights, variable.shape, adaptiveClip));
    }
    sums.clipped += clipped;
  });
  sums.squares += whole;
}

/** A quotient; 0 / 0 is 0. */
function ratio(a: number, b: number): number {
  return a === 0 ? 0 : a / b;
}

/** The rows that have gradients, each once, with the sums of these. */
type RowSums = ReadonlyMap<Variable, ReturnType<RowGradients["sums"]>>;

function rowSums(given: StepInputs): RowSums {
  const sums = new Map<Variable, ReturnType<RowGradients["sums"]>>();
  for (let at = 0; at < given.length; at++) {
    const gradient = given.gradient(at);
    if (isOfRows(gradient)) sums.set(given.variable(at), gradient.sums());
  }
  return sums;
}

/** The numbers of a checked gradient of the whole. */
function valuesOf(gradient: unknown): Float32Array {
  if (isTensor(gradient)) return gradient.numbers as Float32Array;
  return gradient instanceof NestedGradient ? gradient.flat : (gradient as Float32Array);
}
