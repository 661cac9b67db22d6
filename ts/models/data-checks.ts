/**
 * Checks of whole arrays before the first step: indices and labels out of range, and data whose shape differs from the
 * model's, would stop a run midway.
 *
 * Labels are checked against the outputs. If a model does not know their shapes, because of a custom `call`, they are
 * checked in the first step, before it changes anything; so are inputs of several shapes, by a trial of each.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isA } from "../brands.js";
import { ValueError } from "../errors.js";
import { onTrial } from "../layers/inferred-shape.js";
import type { Loss } from "../losses/loss.js";
import { checkRange, type IndexRange } from "../ops/indices.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { Samples } from "./batch.js";
import type { ClassWeights } from "./class-weights.js";
import type { Rows } from "./rows.js";
import type { Tracked } from "./tracker.js";

/** The parts of a model that data are checked against. */
export interface CheckedModel {
  readonly name: string;
  readonly built: boolean;
  inputRanges(input: number): readonly IndexRange[];
  outputShapesFor(inputShapes: readonly (readonly (number | null)[])[]): readonly (Shape | undefined)[];
  checksAll(inputShapes: readonly (readonly (number | null)[])[]): boolean;
  forward(inputs: readonly Operand[], training: boolean): readonly Tensor<"float32">[];
}

/** The losses of the outputs, and the metrics. */
export interface Targets {
  readonly losses: readonly (Loss | null)[];
  readonly metrics: readonly Tracked[];
}

/** The parts of a training that labels are checked against. */
interface Judging {
  targets(y: readonly (readonly number[])[], outputs: readonly (readonly number[])[]): Targets;
  /** Whether losses or metrics of `compile` compare outputs to labels. */
  readonly needsLabels: boolean;
}

type Shape = readonly (number | null)[];

/** A part of the samples. */
interface Part {
  readonly owner: string;
  readonly samples: Samples;
  readonly start: number;
  readonly end: number;
}

/** Samples whose shapes the first step checks: all, or those that only a call can judge. */
interface Unseen extends Part {
  readonly shapes: readonly Shape[];
  readonly wasBuilt: boolean;
}

/** Labels whose output shapes are not known yet. */
interface Labels extends Part {
  /** For training, not for validation. */
  readonly classWeights: ClassWeights | undefined;
}

/** Throws the error for data without labels. */
export function refuseUnlabelled(model: string): never {
  throw new ValueError("ERR_SHAPE", `${model}: there are no labels. Pass "y", or batches [x, y].`);
}

/** The checks of one run. */
export class DataChecks {
  readonly #model: CheckedModel;
  readonly #training: Judging;
  readonly #batchSize: number;
  #waiting: Labels[] = [];
  /** The first samples of each shape, to be checked in the first step, which builds the model. */
  #unseen = new Map<string, Unseen>();

  constructor(model: CheckedModel, training: Judging, batchSize: number) {
    this.#model = model;
    this.#training = training;
    this.#batchSize = batchSize;
  }

  /** Checks samples `start` to `end`, as far as possible now. @throws ValueError */
  add(owner: string, samples: Samples, start: number, end: number, classWeights?: ClassWeights): void {
    if (samples.y.length === 0 && this.#training.needsLabels) refuseUnlabelled(this.#model.name);
    samples.x.forEach((rows, i) => {
      const label = samples.x.length > 1 ? `"x"[${i}]` : '"x"';
      for (const range of this.#model.inputRanges(i)) check(`${owner}: ${label}`, rows, start, end, range);
    });
    const inputs = samples.x.map(({ rowShape }) => [null, ...rowShape]);
    const form = JSON.stringify(inputs);
    if (!this.#unseen.has(form))
      this.#unseen.set(form, {
        owner,
        samples,
        start,
        end,
        shapes: inputs,
        wasBuilt: this.#model.built,
      });
    const shapes = this.#outputShapes(owner, inputs);
    if (samples.y.length === 0) return;
    const labels = { owner, samples, start, end, classWeights };
    if (shapes.every((shape) => shape !== undefined)) this.#checkLabels(labels, shapes);
    else this.#waiting.push(labels);
  }

  /** The shapes of the outputs, as far as they are known. @throws ValueError for inputs that do not fit the model */
  #outputShapes(owner: string, inputs: readonly Shape[]): readonly (Shape | undefined)[] {
    try {
      return this.#model.outputShapesFor(inputs);
    } catch (error) {
      throw this.#unfit(owner, error);
    }
  }

  /** In the first step, when outputs have been seen. @throws ValueError */
  seen(outputs: readonly { readonly shape: Shape }[]): void {
    const unseen = [...this.#unseen.values()];
    this.#unseen.clear();
    for (const { owner, shapes, wasBuilt } of unseen) if (!wasBuilt) this.#outputShapes(owner, shapes);
    // With one shape, the step itself is the trial.
    if (unseen.length > 1) for (const part of unseen) if (!this.#model.checksAll(part.shapes)) this.#try(part);
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const labels of waiting) {
      this.#checkLabels(
        labels,
        outputs.map(({ shape }) => [null, ...shape.slice(1)]),
      );
    }
  }

  /** Runs the model on the first batch of samples, for inference: a custom `call` may refuse it. @throws ValueError */
  #try({ owner, samples, start, end }: Part): void {
    const last = Math.min(end, start + this.#batchSize);
    try {
      onTrial(() => {
        const x = samples.x.map((rows) => rows.gather(undefined, start, last));
        this.#model.forward(x, false);
      });
    } catch (error) {
      throw this.#unfit(owner, error);
    }
  }

  /** The error of a layer, with the data that it refuses. */
  #unfit(owner: string, error: unknown): unknown {
    if (!isA(error, ValueError)) return error;
    return new ValueError(error.code, `${owner}: "x" does not fit ${this.#model.name}: ${error.message}`);
  }

  #checkLabels({ owner, samples, start, end, classWeights }: Labels, outputs: readonly Shape[]): void {
    const shapes = outputs.map((shape) => shape.map((length) => length ?? 1));
    const labelShapes = samples.y.map(({ rowShape }) => [1, ...rowShape]);
    const { losses, metrics } = this.#training.targets(labelShapes, shapes);
    samples.y.forEach((rows, i) => {
      const shape = outputs[i]!;
      const label = samples.y.length > 1 ? `"y"[${i}]` : '"y"';
      const judges = [losses[i], ...metrics.filter(({ output }) => output === i).map(({ metric }) => metric)];
      for (const range of unique(judges.map((judge) => judge?.labelRange(shape)))) {
        check(`${owner}: ${label}`, rows, start, end, range);
      }
    });
    const [rows] = samples.y;
    if (rows === undefined) return;
    classWeights?.see(rows, start, end, { shape: outputs[0]!, loss: losses[0] ?? null });
  }
}

function check(owner: string, rows: Rows, start: number, end: number, range: IndexRange): void {
  const size = sizeOf(rows.rowShape);
  checkRange(owner, rows.values().subarray(start * size, end * size), size, range);
}

/** A loss and its metrics usually need the same check. */
function unique(ranges: readonly (IndexRange | undefined)[]): IndexRange[] {
  const byText = new Map<string, IndexRange>();
  for (const range of ranges) if (range !== undefined) byText.set(JSON.stringify(range), range);
  return [...byText.values()];
}
