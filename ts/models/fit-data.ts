/**
 * The data of `fit`, as sources of batches: for training, and for validation.
 *
 * @module
 */

import { scratch } from "../autodiff/arena.js";
import { ValueError } from "../errors.js";
import { counted, isList, shown } from "../options.js";
import { SeedGenerator, sharedGenerator } from "../random/generator.js";
import { permutation } from "../random/index.js";
import { ArrayBatches, type BatchSource, DEFAULT_BATCH_SIZE, type Orders, type Samples } from "./batch.js";
import { checkedTuple } from "./batch-tuple.js";
import { ClassWeights } from "./class-weights.js";
import { type CheckedModel, DataChecks } from "./data-checks.js";
import { refuseForeign } from "./data-cures.js";
import type { CheckedFit, FitOptions } from "./fit-options.js";
import { isValidationTuple, type RowShapes, rowShapesIn, rowShapesOf } from "./forms.js";
import { type DataInput, isGiven, type Port, pairAsTuple, samplesOf } from "./samples.js";
import { type BatchStream, isStream, StreamBatches } from "./stream.js";
import type { Training } from "./training.js";

/** Shapes and ranges that data must have. */
interface FedModel extends CheckedModel {
  readonly inputPorts: readonly Port[];
  readonly outputNames: readonly string[];
}

/** Sources of the batches of a `fit`. */
export interface FitSources {
  readonly train: BatchSource;
  /** Arguments of training steps other than the batches. */
  readonly step: { readonly classWeights: ClassWeights | undefined; readonly checks: DataChecks };
  readonly validation: Validation | undefined;
  /** Generator of the order of samples, if they are shuffled. */
  readonly shuffling?: Shuffling | undefined;
}

/** Draws the order of samples. */
export class Shuffling implements Orders {
  last: SeedGenerator["state"] | null = null;
  #before: SeedGenerator["state"] | undefined;
  #after: SeedGenerator["state"] | undefined;

  /** An order for an epoch. */
  order(count: number): Int32Array {
    const generator = sharedGenerator();
    this.last = generator.state;
    this.#before ??= this.last;
    const order = scratch(() => permutation(count).array());
    this.#after ??= generator.state;
    return order;
  }

  again(count: number, state: SeedGenerator["state"]): Int32Array {
    this.last = state;
    const seed = new SeedGenerator(0);
    seed.state = state;
    return scratch(() => permutation(count, { seed }).array());
  }

  /** Undoes the draws of a run whose first step is refused, unless others have drawn since. */
  giveBack(): void {
    const generator = sharedGenerator();
    const [before, after, state] = [this.#before, this.#after, generator.state];
    if (before !== undefined && after?.[0] === state[0] && after[1] === state[1]) generator.state = before;
  }
}

/** Validation data, and how many batches of them are taken; `null` for all. */
export interface Validation {
  readonly source: BatchSource;
  readonly steps: number | null;
}

/**
 * Reads the data, and checks everything available before the first step.
 *
 * @throws ValueError, TypeError for data that do not fit the model, or each other
 */
export function fitSources(
  model: FedModel,
  training: Training,
  x: DataInput | BatchStream,
  y: DataInput | undefined,
  checked: CheckedFit,
  options: FitOptions,
): FitSources {
  const { sampleWeight, validationData } = options;
  const { steps, batchSize } = checked;
  const streams = isStream(x, y);
  const rowShapes = rowShapesIn(x, rowShapesOf(model.inputPorts), streams);
  const checks = new DataChecks(model, training, batchSize ?? DEFAULT_BATCH_SIZE);
  const classWeights = isGiven(options.classWeight) ? new ClassWeights("fit", options.classWeight) : undefined;
  const step = { classWeights, checks };
  const given = isGiven(validationData)
    ? validationSource(model, validationData, rowShapes, checks, checked)
    : undefined;
  const read = ([x, y, sampleWeight]: readonly unknown[]) => {
    const samples = samplesOf("fit", model, { x, y, sampleWeight });
    classWeights?.check(samples);
    return samples;
  };
  if (streams) {
    if (isGiven(y)) refuseForeign('fit: "x"', x);
    refuseBesideBatches({ y, sampleWeight }, checked.validationSplit);
    if (isList(x)) checkBatches("fit", x, read, checks, classWeights);
    const train = new StreamBatches(x as BatchStream, { owner: "fit", steps, goesOn: true, read });
    return { train, step, validation: given };
  }
  const samples = read([x, y, sampleWeight]);
  const count = samples.x[0]?.count ?? 0;
  const split = given === undefined ? splitOf(count, checked.validationSplit) : count;
  checks.add("fit", samples, 0, split, classWeights);
  const shuffling = checked.shuffle ? new Shuffling() : undefined;
  const train = new ArrayBatches(samples, 0, split, {
    owner: "fit",
    batchSize,
    steps,
    goesOn: true,
    orders: shuffling,
  });
  if (split === count) return { train, step, validation: given, shuffling };
  checks.add("fit", samples, split, count);
  return { train, step, validation: validationArrays(samples, split, count, checked), shuffling };
}

/** Checks a list of batches in advance. Each is read again in its step. */
function checkBatches(
  owner: string,
  batches: readonly unknown[],
  read: (batch: readonly unknown[]) => Samples,
  checks: DataChecks,
  classWeights?: ClassWeights,
): void {
  batches.forEach((batch, i) => {
    // Anything but a batch is refused with the message for iterables.
    const samples = read(checkedTuple(owner, batch));
    checks.add(`${owner}: batch ${i}`, samples, 0, samples.x[0]?.count ?? 0, classWeights);
  });
}

/** The number of samples for training. */
function splitOf(count: number, validationSplit: number): number {
  const split = Math.floor(count * (1 - validationSplit));
  if (split > 0 && (validationSplit === 0 || split < count)) return split;
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `fit: "validationSplit" must leave samples on both sides, got ${validationSplit} of ${counted(count, "sample")}.`,
  );
}

function refuseBesideBatches(given: Readonly<Record<string, unknown>>, validationSplit: number): void {
  for (const [name, value] of Object.entries(given)) {
    if (!isGiven(value)) continue;
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `fit: "${name}" cannot be given beside batches: each batch is [x, y] or [x, y, sampleWeight].`,
    );
  }
  if (validationSplit > 0) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      'fit: "validationSplit" needs arrays, not batches. Pass "validationData".',
    );
  }
}

function validationSource(
  model: FedModel,
  given: NonNullable<FitOptions["validationData"]>,
  rowShapes: RowShapes,
  checks: DataChecks,
  checked: CheckedFit,
): Validation {
  const owner = "fit: validationData";
  const data = pairAsTuple(given) as typeof given;
  const read = ([x, y, sampleWeight]: readonly unknown[]) => samplesOf(owner, model, { x, y, sampleWeight });
  if (isValidationTuple(data, rowShapes)) {
    const samples = read(data);
    const count = samples.x[0]?.count ?? 0;
    checks.add(owner, samples, 0, count);
    return validationArrays(samples, 0, count, checked);
  }
  if (!isStream(data, undefined)) {
    refuseForeign(owner, data);
    throw new ValueError(
      "ERR_OPTION_TYPE",
      `fit: "validationData" must be [x, y], [x, y, sampleWeight] or an iterable of batches, got ${shown(data)}.`,
    );
  }
  if (isList(data)) checkBatches(owner, data, read, checks);
  const steps = checked.validationSteps;
  return { source: new StreamBatches(data, { owner, steps, read }), steps };
}

function validationArrays(
  samples: Samples,
  start: number,
  end: number,
  { batchSize, validationBatchSize, validationSteps: steps }: CheckedFit,
): Validation {
  const owner = "fit: validation";
  const source = new ArrayBatches(samples, start, end, { owner, batchSize: validationBatchSize ?? batchSize, steps });
  return { source, steps };
}
