/**
 * `evaluate` and `predict`.
 *
 * @module
 */

import { keep, scratch } from "../autodiff/arena.js";
import { CallbackList } from "../callbacks/callback-list.js";
import { refuseUsed, using } from "../callbacks/one-run.js";
import { ProgressBar } from "../callbacks/progress-bar.js";
import { cast } from "../ops/control.js";
import { boolean, isList } from "../options.js";
import { float32 } from "../runtime/memory.js";
import { Tensor } from "../tensor.js";
import {
  ArrayBatches,
  type ArrayOptions,
  type BatchSource,
  type Orders,
  type PendingBatch,
  type Samples,
} from "./batch.js";
import type { FittedModel } from "./fit.js";
import { type CheckedRun, checkedRun, type EvaluateOptions, type RunOptions } from "./fit-options.js";
import { predictTuple, rowShapesOf } from "./forms.js";
import { closing, goThrough } from "./loop.js";
import { type DataInput, samplesOf } from "./samples.js";
import { type Scores, scores } from "./scores.js";
import { type BatchStream, type InputStream, isStream, StreamBatches } from "./stream.js";
import { runTest } from "./test-loop.js";
import type { Training } from "./training.js";

/** Losses and metrics over data. */
export async function evaluate(
  model: FittedModel,
  training: Training,
  x: DataInput | BatchStream,
  y: DataInput | undefined,
  options: EvaluateOptions,
): Promise<Scores> {
  const checked = checkedRun("evaluate", options, ["sampleWeight", "returnDict"]);
  const returnDict = boolean("evaluate", "returnDict", options.returnDict ?? false);
  refuseUsed("evaluate", checked.callbacks, model);
  const source = runSource("evaluate", model, x, y, options.sampleWeight, checked);
  const { signal } = checked;
  return withCallbacks("evaluate", model, checked, source, (callbacks) => {
    const run = { callbacks, signal, limit: checked.steps };
    return closing([source], signal, () => runTest(training, source, run, (tally) => scores(tally, returnDict)));
  });
}

/** Outputs for data, each as one tensor with separate memory. */
export async function predict(
  model: FittedModel,
  training: Predicting & { readonly stepsPerExecution: number },
  x: DataInput | BatchStream,
  options: RunOptions,
): Promise<Tensor<"float32">[]> {
  const checked = checkedRun("predict", options);
  refuseUsed("predict", checked.callbacks, model);
  const source = inputSource("predict", model, x, checked);
  const parts: Tensor<"float32">[][] = [];
  const run = (callbacks: CallbackList) =>
    closing([source], checked.signal, async () => {
      await callbacks.call("onPredictBegin", {});
      await goThrough(source, {
        kind: "Predict",
        callbacks,
        signal: checked.signal,
        limit: checked.steps,
        perCall: training.stepsPerExecution,
        step: (batch) => {
          parts.push(predictedBatch(model, training, batch));
        },
        logs: () => ({}),
        isStopped: () => false,
      });
      await callbacks.call("onPredictEnd", {});
    });
  await withCallbacks("predict", model, checked, source, run);
  return (parts[0] ?? []).map((first, output) =>
    joined(
      first,
      parts.map((part) => part[output]!),
    ),
  );
}

/** The part of a training that predicts. Uncompiled models only have custom steps. */
export type Predicting = Pick<Training, "steps"> & Partial<Pick<Training, "predict">>;

/** Outputs for one batch, in separate memory. */
export function predictedBatch(model: FittedModel, training: Predicting, batch: PendingBatch): Tensor<"float32">[] {
  if (model.optimizer !== null) model.optimizer.evaluates = true;
  return scratch(() => {
    const { steps } = training;
    let outputs: Tensor<"float32">[] = [];
    const take = (made: readonly Tensor[]) => {
      outputs = made.map((output) => keep(cast(output, "float32")));
    };
    if (steps.hasPredictStep) take(steps.predict(batch.gather().x));
    else if (training.predict !== undefined) training.predict(batch, take);
    else take(model.forward(batch.gather().x, false));
    model.settleLosses();
    return outputs;
  });
}

/** Concatenates batches. */
function joined(first: Tensor<"float32">, parts: readonly Tensor<"float32">[]): Tensor<"float32"> {
  if (parts.length === 1) return first;
  const count = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
  const all = new Tensor([count, ...first.shape.slice(1)], "float32");
  let at = all.address;
  for (const part of parts) {
    float32(at, part.size).set(part.numbers);
    at += part.size * 4;
    part.dispose();
  }
  return all;
}

function runSource(
  owner: string,
  model: FittedModel,
  x: DataInput | BatchStream,
  y: DataInput | undefined,
  sampleWeight: DataInput | null | undefined,
  { batchSize, steps }: CheckedRun,
): BatchSource {
  const read = ([x, y, sampleWeight]: readonly unknown[]): Samples => samplesOf(owner, model, { x, y, sampleWeight });
  if (isStream(x, y)) return new StreamBatches(x as BatchStream, { owner, steps, read });
  return arrayBatches(read([x, y, sampleWeight]), { owner, batchSize, steps });
}

/** Batches of inputs alone. Unlike labelled data, a list of arrays is one of samples; only other iterables yield batches. */
export function inputSource(
  owner: string,
  model: FittedModel,
  x: DataInput | InputStream,
  { batchSize, steps }: Pick<CheckedRun, "batchSize" | "steps">,
  orders?: Orders,
): BatchSource {
  const read = ([x, y, sampleWeight]: readonly unknown[]): Samples => samplesOf(owner, model, { x, y, sampleWeight });
  if (isList(x) || !isStream(x, undefined)) return arrayBatches(read([x]), { owner, batchSize, steps, orders });
  // Evaluated for each batch, because the first one may build the model.
  const tuple = (given: unknown) => predictTuple(given, rowShapesOf(model.inputPorts));
  return new StreamBatches(x as BatchStream, { owner, steps, read, tuple });
}

function arrayBatches(samples: Samples, options: ArrayOptions): BatchSource {
  return new ArrayBatches(samples, 0, samples.x[0]?.count ?? 0, options);
}

/** Runs `work` with the callbacks, which no run of another model can use meanwhile. */
async function withCallbacks<T>(
  owner: string,
  model: FittedModel,
  checked: CheckedRun,
  source: BatchSource,
  work: (callbacks: CallbackList) => Promise<T>,
): Promise<T> {
  const leave = using(owner, checked.callbacks, model);
  try {
    return await work(callbacksOf(model, checked, source));
  } finally {
    leave();
  }
}

function callbacksOf(model: FittedModel, checked: CheckedRun, source: BatchSource): CallbackList {
  return new CallbackList(
    [...checked.callbacks, ...(checked.verbose > 0 ? [new ProgressBar()] : [])],
    model,
    {
      verbose: checked.verbose,
      epochs: 1,
      steps: checked.steps ?? source.steps,
    },
    checked.signal,
  );
}
