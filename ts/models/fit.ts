/**
 * `fit`: epochs, validation, callbacks.
 *
 * @module
 */

import { tidy } from "../autodiff/arena.js";
import type { CallbackModel, Logs } from "../callbacks/callback.js";
import { CallbackList } from "../callbacks/callback-list.js";
import type { History } from "../callbacks/history.js";
import { ProgressBar } from "../callbacks/progress-bar.js";
import { agree } from "../distribute/agreement.js";
import { ValueError } from "../errors.js";
import type { DrawingLayer } from "../layers/generators.js";
import { permutation } from "../random/index.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import { ArrayBatches, type BatchSource, type Samples } from "./batch.js";
import { withClassWeights } from "./class-weights.js";
import { type CheckedFit, checkedFit, type FitOptions } from "./fit-options.js";
import { goThrough } from "./loop.js";
import { Meeting } from "./meeting.js";
import { Pacer } from "./pacer.js";
import { type DataInput, type Port, samplesOf } from "./samples.js";
import { type BatchStream, isStream, StreamBatches } from "./stream.js";
import { runTest } from "./test-loop.js";
import type { TrainedModel, Training } from "./training.js";

/** A model, as `fit` sees it. */
export interface FittedModel extends TrainedModel, CallbackModel, DrawingLayer {
  readonly name: string;
  readonly inputPorts: readonly Port[];
}

/** Trains; resolves to the history. @throws ValueError, TypeError before anything is trained */
export async function runFit(
  model: FittedModel,
  training: Training,
  x: DataInput | BatchStream,
  y: DataInput | undefined,
  options: FitOptions,
  history: History,
): Promise<History> {
  const { checked, sources } = prepared(model, training, x, y, options);
  const callbacks = new CallbackList(
    [...checked.callbacks, history, ...(checked.verbose > 0 ? [new ProgressBar()] : [])],
    model,
    { verbose: checked.verbose, epochs: checked.epochs, steps: checked.steps ?? sources.train.steps },
  );
  model.stopTraining = false;
  const meeting = new Meeting(training.group, model, training.optimizer);
  meeting.begin(callbacks.listens("onTrainBatchBegin"));
  try {
    await callbacks.call("onTrainBegin", {});
    meeting.meet();
    let logs: Logs = {};
    const pacer = new Pacer();
    for (let epoch = checked.initialEpoch; epoch < checked.epochs && !model.stopTraining; epoch++) {
      logs = await oneEpoch(model, training, sources, checked, callbacks, epoch, { pacer, meeting });
      meeting.meet();
    }
    finalize(training);
    meeting.stepped();
    await callbacks.call("onTrainEnd", logs);
    meeting.meet();
  } catch (error) {
    // Averaged weights are written whatever ended the run, as in Keras.
    finalize(training);
    throw error;
  }
  return history;
}

/** Checks options and data. When one replica refuses its own, or they do not go together, all do. */
function prepared(
  model: FittedModel,
  training: Training,
  x: DataInput | BatchStream,
  y: DataInput | undefined,
  options: FitOptions,
): { readonly checked: CheckedFit; readonly sources: Sources } {
  const list: { checked: CheckedFit; sources: Sources }[] = [];
  agree(training.group, `${model.name}.fit`, () => {
    const checked = checkedFit(options);
    const sources = fitSources(model, x, y, checked, options);
    list.push({ checked, sources });
    const steps = checked.steps ?? sources.train.steps ?? 0;
    return (checked.epochs * 31 + checked.initialEpoch) * 65599 + steps;
  });
  return list[0] as { checked: CheckedFit; sources: Sources };
}

async function oneEpoch(
  model: FittedModel,
  training: Training,
  { train, validation }: Sources,
  checked: CheckedFit,
  callbacks: CallbackList,
  epoch: number,
  { pacer, meeting }: { readonly pacer: Pacer; readonly meeting: Meeting },
): Promise<Logs> {
  training.tracker?.reset();
  await callbacks.epoch("onEpochBegin", epoch, {});
  meeting.meet();
  const logsNow = () => training.tracker?.logs() ?? {};
  await goThrough(
    train,
    {
      kind: "Train",
      callbacks,
      signal: checked.signal,
      limit: checked.steps,
      step: (batch) => {
        meeting.meetBeforeBatch();
        training.train(batch);
        meeting.stepped();
      },
      logs: logsNow,
      isStopped: () => {
        meeting.meet();
        return model.stopTraining;
      },
    },
    pacer,
  );
  const logs = logsNow();
  if (validation !== undefined && checked.validatesAfter(epoch)) {
    Object.assign(logs, await validate(training, validation, checked, callbacks, pacer));
  }
  await callbacks.epoch("onEpochEnd", epoch, logs);
  return logs;
}

async function validate(
  training: Training,
  { source, steps }: Validation,
  checked: CheckedFit,
  callbacks: CallbackList,
  pacer: Pacer,
): Promise<Logs> {
  await runTest(training, source, { callbacks, signal: checked.signal, limit: steps }, pacer);
  return training.tracker?.logs("val_") ?? {};
}

function finalize(training: Training): void {
  const { optimizer } = training;
  // Its own variables, not the model's: layers may have been frozen since it was built.
  if (optimizer.built) optimizer.finalizeVariableValues(optimizer.trained);
}

interface Validation {
  readonly source: BatchSource;
  readonly steps: number | null;
}

interface Sources {
  readonly train: BatchSource;
  readonly validation: Validation | undefined;
}

function fitSources(
  model: FittedModel,
  x: DataInput | BatchStream,
  y: DataInput | undefined,
  checked: CheckedFit,
  options: FitOptions,
): Sources {
  const { classWeight, sampleWeight, validationData } = options;
  const read = (x: unknown, y: unknown, sampleWeight: unknown): Samples => {
    const samples = samplesOf("fit", model, { x, y, sampleWeight });
    return classWeight === undefined ? samples : withClassWeights(samples, classWeight);
  };
  const validation =
    validationData === undefined ? undefined : validationSource(model, validationData, checked, options);
  if (isStream(x, y)) {
    for (const [name, value] of Object.entries({ y, sampleWeight })) {
      if (value === undefined) continue;
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `fit: "${name}" cannot be given beside batches: each batch is [x, y] or [x, y, sampleWeight].`,
      );
    }
    if (checked.validationSplit > 0) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        'fit: "validationSplit" needs arrays, not batches. Pass "validationData".',
      );
    }
    return { train: new StreamBatches("fit", x, checked.steps, read), validation };
  }
  const samples = read(x, y, sampleWeight);
  const count = samples.x[0]?.count ?? 0;
  const split = validation === undefined ? Math.floor(count * (1 - checked.validationSplit)) : count;
  if (split === 0 || (checked.validationSplit > 0 && validation === undefined && split === count)) {
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `fit: "validationSplit" ${checked.validationSplit} of ${count} samples leaves none on one side.`,
    );
  }
  const order = checked.shuffle ? (count: number) => tidy(() => permutation(count).array()) : undefined;
  const batchSize = options.validationBatchSize ?? checked.batchSize;
  const own =
    split < count
      ? { source: new ArrayBatches(samples, split, count, batchSize), steps: options.validationSteps ?? null }
      : undefined;
  return { train: new ArrayBatches(samples, 0, split, checked.batchSize, order), validation: validation ?? own };
}

function validationSource(
  model: FittedModel,
  data: NonNullable<FitOptions["validationData"]>,
  checked: CheckedFit,
  options: FitOptions,
): Validation {
  const read = (x: unknown, y: unknown, sampleWeight: unknown) =>
    samplesOf("fit: validationData", model, { x, y, sampleWeight });
  const steps = options.validationSteps ?? null;
  if (isPair(model, data)) {
    const samples = read(data[0], data[1], data[2]);
    const count = samples.x[0]?.count ?? 0;
    return { source: new ArrayBatches(samples, 0, count, options.validationBatchSize ?? checked.batchSize), steps };
  }
  if (!isStream(data, undefined)) {
    throw new ValueError(
      "ERR_OPTION_TYPE",
      'fit: "validationData" must be [x, y], [x, y, sampleWeight], or an iterable of batches.',
    );
  }
  return { source: new StreamBatches("fit: validationData", data, steps, read), steps };
}

/**
 * `[x, y]` or `[x, y, sampleWeight]`, not a list of batches, whose entries are lists of such. For several inputs
 * both are lists of lists: then the first array in it, a sample's rank deep, tells them apart.
 */
function isPair(
  { inputPorts }: FittedModel,
  data: NonNullable<FitOptions["validationData"]>,
): data is readonly [DataInput, DataInput, DataInput?] {
  if (!Array.isArray(data) || data.length < 2 || data.length > 3) return false;
  if (!isStream(data, undefined)) return true;
  const [port] = inputPorts;
  return inputPorts.length > 1 && depth(data[0][0]) === 1 + (port?.rowShape?.length ?? 0);
}

/** Axes of an array of samples, or levels of a list. */
function depth(value: unknown): number {
  if (value instanceof Tensor || value instanceof Variable) return value.shape.length;
  return Array.isArray(value) ? 1 + depth(value[0]) : ArrayBuffer.isView(value) ? 1 : 0;
}
