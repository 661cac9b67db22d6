/**
 * `fit`: epochs, validation, callbacks.
 *
 * Over 300 lines: the parts of one run share its state.
 *
 * @module
 */

import type { CallbackModel, Logs } from "../callbacks/callback.js";
import { CallbackList } from "../callbacks/callback-list.js";
import type { History } from "../callbacks/history.js";
import { refuseUsed, using } from "../callbacks/one-run.js";
import { ProgressBar } from "../callbacks/progress-bar.js";
import type { DrawingLayer } from "../layers/generators.js";
import { agree } from "../replicas/agreement.js";
import { warnOnce } from "../warnings.js";
import type { BatchSource } from "./batch.js";
import type { CheckedModel } from "./data-checks.js";
import { type FitSources, fitSources, type Validation } from "./fit-data.js";
import { type CheckedFit, checkedFit, type FitOptions } from "./fit-options.js";
import { followLogs } from "./following.js";
import { closing, goThrough, withinASecond } from "./loop.js";
import { Pacer } from "./pacer.js";
import { ReplicaSync } from "./replica-sync.js";
import { beginAsSaved, type RunPosition, resumedPosition, whileRunning } from "./resuming.js";
import type { DataInput, Port } from "./samples.js";
import type { BatchStream } from "./stream.js";
import type { RunTally } from "./tally.js";
import { runTest } from "./test-loop.js";
import type { TrainedModel, Training } from "./training.js";

/** The parts of a model that `fit` uses. */
export interface FittedModel extends TrainedModel, CallbackModel, DrawingLayer, CheckedModel {
  readonly name: string;
  readonly built: boolean;
  readonly inputPorts: readonly Port[];
}

/**
 * Trains; resolves to the history.
 *
 * @param begin - Called after all checks; returns the history to fill.
 * @throws ValueError, TypeError before anything is trained
 */
export async function runFit(
  model: FittedModel,
  training: Training,
  x: DataInput | BatchStream,
  y: DataInput | undefined,
  options: FitOptions,
  begin: () => History,
): Promise<History> {
  const ready = prepared(model, training, x, y, options);
  const leave = using("fit", ready.checked.callbacks, model);
  try {
    return await trained(model, training, ready, begin());
  } finally {
    leave();
  }
}

async function trained(
  model: FittedModel,
  training: Training,
  { checked, sources }: Prepared,
  history: History,
): Promise<History> {
  const { initialEpoch } = checked;
  const start = { epoch: initialEpoch, batch: 0, data: beginAsSaved(model, initialEpoch) };
  const { verbose, epochs, signal } = checked;
  const callbacks = new CallbackList(
    [...checked.callbacks, history, ...(verbose > 0 ? [new ProgressBar()] : [])],
    model,
    { verbose, epochs, steps: checked.steps ?? sources.train.steps },
    signal,
  );
  model.stopTraining = false;
  const sync = new ReplicaSync(training.group, model, training.optimizer);
  sync.begin(callbacks.listens("onTrainBatchBegin"));
  const run = {
    model,
    training,
    sources,
    checked,
    callbacks,
    sync,
    pacer: new Pacer(),
    place: start,
    hasWarned: false,
    hasWarnedOfLoss: false,
    hasTrained: false,
  };
  try {
    await closing(
      [sources.train, sources.validation?.source],
      signal,
      () =>
        whileRunning(
          model,
          () => ({ ...run.place, data: sources.train.position() }),
          () => epochsOf(run),
        ),
      () => model.stopTraining,
    );
  } catch (error) {
    // Averaged weights are written however the run ended, as in Keras.
    finalize(training);
    await withinASecond(callbacks.failed());
    throw error;
  }
  return history;
}

/** Checked options and data. */
interface Prepared {
  readonly checked: CheckedFit;
  readonly sources: FitSources;
}

/**
 * Checks options and data. If one replica refuses, or they do not match, all refuse.
 *
 * @param isLater - Whether the run waits for others, which may use its callbacks until then.
 */
export function prepared(
  model: FittedModel,
  training: Training,
  x: DataInput | BatchStream,
  y: DataInput | undefined,
  options: FitOptions,
  isLater = false,
): Prepared {
  const list: Prepared[] = [];
  agree(training.group, `${model.name}.fit`, () => {
    const checked = checkedFit(options);
    if (!isLater) refuseUsed("fit", checked.callbacks, model);
    const sources = fitSources(model, training, x, y, checked, options);
    list.push({ checked, sources });
    const steps = checked.steps ?? sources.train.steps ?? 0;
    return (checked.epochs * 31 + checked.initialEpoch) * 65599 + steps;
  });
  return list[0]!;
}

/** A current run. */
interface FitRun {
  readonly model: FittedModel;
  readonly training: Training;
  readonly sources: FitSources;
  readonly checked: CheckedFit;
  readonly callbacks: CallbackList;
  readonly sync: ReplicaSync;
  readonly pacer: Pacer;
  /** The epoch, and the number of its batches used so far. */
  place: { -readonly [K in keyof RunPosition]: RunPosition[K] };
  /** Whether the warning about an epoch without an update was given. */
  hasWarned: boolean;
  /** Whether the warning about a NaN or infinite loss was given. */
  hasWarnedOfLoss: boolean;
  /** Whether a step was done. */
  hasTrained: boolean;
}

async function epochsOf(run: FitRun): Promise<void> {
  const { model, training, checked, callbacks, sync } = run;
  await callbacks.call("onTrainBegin", {});
  sync.run();
  run.place = { ...(resumedPosition(model) ?? run.place) };
  let { epoch, batch: done } = run.place;
  if (run.place.data !== null && !run.sources.train.moveTo(run.place.data, done)) {
    warnOnce(
      model,
      `${model.name}: the data differ from those of the resumed run: its epoch ${epoch + 1} starts again.`,
    );
    done = 0;
  }
  let logs: Logs = {};
  for (; epoch < checked.epochs && !model.stopTraining; epoch++) {
    const made = run.sources.train.isUsedUp ? undefined : await oneEpoch(run, epoch, done);
    if (made === undefined) {
      warnOfUsedUp(run, epoch);
      break;
    }
    logs = made;
    done = 0;
    sync.run();
  }
  finalize(training);
  sync.stepped();
  if (training.group.rank === 0) run.sources.step.classWeights?.warnOfUnseen();
  await callbacks.call("onTrainEnd", logs);
  sync.run();
}

/** A warning as in Keras, which however continues with empty epochs. */
function warnOfUsedUp({ model, training, checked }: FitRun, epoch: number): void {
  if (training.group.rank > 0) return;
  console.warn(
    `${model.name}: the data ran out after ${epoch} of ${checked.epochs} epochs, so training ends. A generator can be iterated only once: pass a function that returns a new one for each epoch.`,
  );
}

/** @returns its logs; undefined for an epoch without batches, because the data were exhausted before */
async function oneEpoch(run: FitRun, epoch: number, done: number): Promise<Logs | undefined> {
  const { model, training, sources, checked, callbacks, sync } = run;
  run.place = { epoch, batch: done, data: null };
  const { rate } = training.optimizer;
  const tally = training.steps.begin("train");
  await callbacks.epoch("onEpochBegin", epoch, {});
  // A scheduler has set it in the run being resumed.
  if (done > 0 && typeof rate === "number") training.optimizer.learningRate = rate;
  sync.run();
  let logs: Logs;
  try {
    const { iterations } = training.optimizer;
    const count = await trainEpoch(run, tally, done);
    if (count === done && sources.train.isUsedUp) return undefined;
    const hasUpdated = training.optimizer.iterations !== iterations || training.steps.isCustom("train");
    if (!hasUpdated && done === 0) warnOfNoUpdate(run, epoch, count);
    tally.finish();
    logs = tally.logs();
    warnOfNoNumber(run, epoch, logs);
  } finally {
    // Before the validation, which uses the same metrics, as in Keras.
    tally.close();
  }
  // Validation, callbacks and the files that they write use the averages of a schedule-free rule.
  training.optimizer.evaluates = true;
  sync.stepped();
  if (sources.validation !== undefined && checked.validatesAfter(epoch) && !isOver(run, sources.validation.source)) {
    Object.assign(logs, await validate(run, sources.validation));
  }
  run.place = { epoch: epoch + 1, batch: 0, data: null };
  // Before callbacks, which save their state.
  followLogs(model.name, training.optimizer, logs);
  await callbacks.epoch("onEpochEnd", epoch, logs);
  return logs;
}

/** Whether the validation data are exhausted: then the logs no longer contain validation results. */
function isOver({ model, training }: FitRun, source: BatchSource): boolean {
  if (source.isUsedUp !== true) return false;
  if (training.group.rank === 0) {
    warnOnce(
      source,
      `${model.name}: the data for validation ran out. A generator can be iterated only once: pass a function that returns a new one for each epoch.`,
    );
  }
  return true;
}

/** Accumulating or skipping gradients through a whole epoch is rarely intended. Once per run. */
function warnOfNoUpdate(run: FitRun, epoch: number, count: number): void {
  const { model, training } = run;
  // Without trainable weights, the step has already warned.
  if (run.hasWarned || training.group.rank > 0 || model.trainableWeights.length === 0) return;
  run.hasWarned = true;
  const steps = training.optimizer.gradientAccumulationSteps;
  const why = steps === null ? "" : `, and "gradientAccumulationSteps" is ${steps}`;
  console.warn(`${model.name}: epoch ${epoch + 1} made no update of the weights: it had ${count} batches${why}.`);
}

/** A loss that is NaN stays so: once per run. */
function warnOfNoNumber(run: FitRun, epoch: number, logs: Logs): void {
  if (run.hasWarnedOfLoss || run.training.group.rank > 0) return;
  const lost = (name: string) => typeof logs[name] === "number" && !Number.isFinite(logs[name]);
  // Custom steps may have several.
  const name = lost("loss") ? "loss" : Object.keys(logs).find((name) => /loss$/i.test(name) && lost(name));
  if (name === undefined) return;
  const loss = logs[name];
  run.hasWarnedOfLoss = true;
  console.warn(
    `${run.model.name}: the ${name} of epoch ${epoch + 1} is ${loss}. Look for NaN and infinity in the data, scale inputs to about 1, or lower the learning rate.`,
  );
}

/** The batches of an epoch. */
function trainEpoch(run: FitRun, tally: RunTally, done: number) {
  const { model, training, sources, checked, callbacks, sync, pacer } = run;
  return goThrough(
    sources.train,
    {
      kind: "Train",
      callbacks,
      signal: checked.signal,
      limit: checked.steps,
      perCall: training.stepsPerExecution,
      step: (batch) => {
        sync.runBeforeBatch();
        try {
          training.train(batch, { tally, ...sources.step });
        } catch (error) {
          if (!run.hasTrained) sources.shuffling?.giveBack();
          throw error;
        }
        run.hasTrained = true;
        run.place.batch++;
        sync.stepped();
      },
      logs: () => tally.logs(),
      isStopped: () => {
        sync.run();
        return model.stopTraining;
      },
    },
    pacer,
    done,
  );
}

function validate({ training, checked, callbacks, sync, pacer }: FitRun, { source, steps }: Validation) {
  const test = { callbacks, signal: checked.signal, limit: steps, sync: () => sync.run() };
  return runTest(training, source, test, (tally) => tally.logs("val_"), pacer);
}

function finalize(training: Training): void {
  const { optimizer } = training;
  // The optimizer's variables, not the model's: layers may have been frozen since it was built.
  if (optimizer.built) optimizer.finalizeVariableValues(optimizer.trained);
}
