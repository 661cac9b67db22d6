/**
 * The golden training runs, and the same runs done here.
 */

import { type CompileOptions, type FitOptions, type Model, modelFromJSON, optimizers } from "../../ts/index.js";
import golden from "../golden/training/training.json";
import { inputsOf, type RowRange, targetsOf } from "./golden-digits.js";
import { type GoldenArray, numbers } from "./training-vectors.js";

/** One run: test/golden/training/README.md describes the format. */
export interface GoldenRun {
  readonly id: string;
  readonly model: string;
  readonly inputs?: string;
  readonly optimizer: { readonly class_name: string; readonly config: object };
  readonly loss: unknown;
  readonly loss_weights?: readonly number[];
  readonly metrics: readonly unknown[];
  readonly weighted_metrics?: readonly string[];
  readonly rows: number;
  readonly batch_size: number;
  readonly epochs: number;
  readonly validation_split?: number;
  readonly validation_rows?: number;
  readonly class_weight?: Readonly<Record<string, number>>;
  readonly sample_weight?: GoldenArray;
  readonly losses: GoldenArray;
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly weights: readonly (GoldenArray & { readonly path: string })[];
  readonly weightsBeforeFinalize?: readonly (GoldenArray & { readonly path: string })[];
  readonly evaluation: Readonly<Record<string, number>>;
  readonly predictions: readonly GoldenArray[];
}

interface GoldenModel {
  readonly inputs: string;
  readonly targets: string;
  readonly json: object;
  readonly weights: readonly GoldenArray[];
}

interface GoldenRuns {
  readonly tolerance: number;
  readonly weightTolerance: number;
  readonly floor: number;
  readonly models: Readonly<Record<string, GoldenModel>>;
  readonly cases: readonly GoldenRun[];
}

export const RUNS = golden as unknown as GoldenRuns;
const VALIDATION_START = 320;

function goldenModel(run: GoldenRun): GoldenModel {
  const found = RUNS.models[run.model];
  if (found === undefined) throw new Error(`no model "${run.model}"`);
  return found;
}

/** The run's model, compiled, with the weights that it starts from. */
export function compiledModel(run: GoldenRun): Model {
  const { json, weights } = goldenModel(run);
  const model = modelFromJSON(json);
  model.setWeights(weights.map(numbers));
  const { class_name, config } = run.optimizer;
  model.compile({
    optimizer: optimizers.deserialize({ class_name, config }),
    loss: run.loss,
    lossWeights: run.loss_weights,
    metrics: run.metrics,
    weightedMetrics: run.weighted_metrics,
  } as CompileOptions);
  return model;
}

/** Inputs and targets of some rows. */
export function dataOf(run: GoldenRun, rows: RowRange) {
  const { inputs, targets } = goldenModel(run);
  return { x: inputsOf(run.inputs ?? inputs, rows), y: targetsOf(targets, rows) };
}

/** `fit` as the run has it, of its model here or wherever. */
export async function fitted(run: GoldenRun, model: Pick<Model, "fit">) {
  const { x, y } = dataOf(run, { start: 0, end: run.rows });
  const options: FitOptions = {
    batchSize: run.batch_size,
    epochs: run.epochs,
    shuffle: false,
    verbose: 0,
    validationSplit: run.validation_split,
    validationData: validation(run),
    classWeight: run.class_weight,
    sampleWeight: run.sample_weight && numbers(run.sample_weight),
  };
  return (await model.fit(x, y, options)).history;
}

function validation(run: GoldenRun) {
  if (run.validation_rows === undefined) return undefined;
  const { x, y } = dataOf(run, { start: VALIDATION_START, end: VALIDATION_START + run.validation_rows });
  return [x, y] as const;
}

/** The loss of every step, by `trainOnBatch` of the run's model here or wherever. */
export async function stepped(run: GoldenRun, model: Pick<Model, "trainOnBatch">) {
  const count = Math.floor(run.rows * (1 - (run.validation_split ?? 0)));
  const weights = run.sample_weight && numbers(run.sample_weight);
  const losses: number[] = [];
  for (let epoch = 0; epoch < run.epochs; epoch++) {
    for (let start = 0; start < count; start += run.batch_size) {
      const rows = { start, end: Math.min(start + run.batch_size, count) };
      const { x, y } = dataOf(run, rows);
      const logs = await model.trainOnBatch(x, y, {
        classWeight: run.class_weight,
        sampleWeight: weights?.slice(rows.start, rows.end),
        returnDict: true,
      });
      losses.push((logs as Record<string, number>).loss ?? Number.NaN);
    }
  }
  return losses;
}
