/**
 * Weights of classes, as weights of samples, or of steps and pixels if each has a label.
 *
 * @module
 */

import { allocate, type Operand } from "../autodiff/arena.js";
import { isMap, isPlain } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import type { Loss } from "../losses/loss.js";
import { expandDims } from "../ops/reshape.js";
import { nonNegativeNumber, shown } from "../options.js";
import { repeated } from "../runtime/recording.js";
import { type Shape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { Batch, Samples } from "./batch.js";
import type { Rows } from "./rows.js";

/** Forms of `classWeight`. */
export type ClassWeightOption = Readonly<Record<number, number>> | ReadonlyMap<number, number>;

/** The target of training: the first output's shape, and its loss. */
interface Target {
  readonly shape: readonly (number | null)[];
  readonly loss: Loss | null;
}

/** Form of labels: one class for each position, or scores of classes along an axis. */
interface Reading {
  /** Shape of the weights. */
  readonly shape: Shape;
  /** The axis of the classes; `undefined` if each number is a class. */
  readonly axis: number | undefined;
}

/**
 * The weights of classes, checked.
 *
 * @throws ValueError, TypeError for anything but a weight, and for keys that are not classes
 */
export class ClassWeights {
  readonly #owner: string;
  readonly #weights: ReadonlyMap<number, number>;
  /** Classes with a weight for which no label was seen yet. */
  readonly #unseen: Set<number>;

  constructor(owner: string, given: ClassWeightOption) {
    if (!isMap(given) && !isPlain(given)) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${owner}: "classWeight" must be an object or a Map of weights by class number, such as { 0: 1, 1: 5 }, got ${shown(given)}.`,
      );
    }
    this.#owner = owner;
    const entries: readonly (readonly [unknown, unknown])[] = isMap(given) ? [...given] : Object.entries(given);
    this.#weights = new Map(
      entries.map(([key, weight]) => [
        classNumber(owner, key),
        nonNegativeNumber(owner, `classWeight[${String(key)}]`, weight),
      ]),
    );
    if (this.#weights.size < entries.length) {
      throw new ValueError("ERR_OPTION_CONFLICT", `${owner}: "classWeight" has two weights for one class.`);
    }
    this.#unseen = new Set(this.#weights.keys());
  }

  /** Refuses samples to which class weights do not apply. @throws ValueError */
  check({ y, weights }: Samples): void {
    if (weights.some((rows) => rows !== undefined)) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${this.#owner}: "classWeight" and "sampleWeight" cannot be used together.`,
      );
    }
    if (y.length === 1) return;
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `${this.#owner}: "classWeight" is for models with one output and labels.`,
    );
  }

  /**
   * Labels with their weights. Inside a step.
   *
   * @param now - The weights of the running step, when a recording is replayed. Default: these.
   */
  weighed<T extends Omit<Batch, "x">>(labels: T, target: Target, now: () => ClassWeights = () => this): T {
    const [y] = labels.y as [Operand];
    const reading = readingOf(y.shape, target);
    const weights = allocate(reading.shape) as Tensor<"float32">;
    repeated(() => now().#fill(weights, y, reading));
    // A loss that averages the last axis needs an axis of length 1 for the weights of its steps.
    const isFlat = reading.axis === undefined && reading.shape.length > 1 && y.shape.length < target.shape.length;
    const own = isFlat && target.shape.at(-1) === 1 ? expandDims(y, -1) : y;
    return { ...labels, y: [own], weights: [weights] };
  }

  #fill({ numbers: room }: Tensor<"float32">, { numbers, shape }: Operand, reading: Reading): void {
    this.#each(numbers, shape, reading, (label, i) => {
      room[i] = this.#weights.get(label) ?? 1;
    });
  }

  /** Records the classes of the labels `start` to `end`. */
  see(rows: Rows, start: number, end: number, target: Target): void {
    if (this.#unseen.size === 0) return;
    const shape = [end - start, ...rows.rowShape];
    const size = sizeOf(rows.rowShape);
    const values = rows.values().subarray(start * size, end * size);
    this.#each(values, shape, readingOf(shape, target), () => {});
  }

  /** Warns about weights of classes that no label has. */
  warnOfUnseen(): void {
    if (this.#unseen.size === 0) return;
    const classes = [...this.#unseen].join(", ");
    console.warn(`${this.#owner}: "classWeight" has a weight for class ${classes}, but no label has that class.`);
    this.#unseen.clear();
  }

  /** Calls `take` with each class and its index among the weights. */
  #each(values: ArrayLike<number>, shape: Shape, { axis }: Reading, take: (label: number, i: number) => void): void {
    const unseen = this.#unseen;
    const classes = axis === undefined ? 1 : shape[axis]!;
    const inner = axis === undefined ? 1 : sizeOf(shape.slice(axis + 1));
    const count = classes === 0 ? 0 : values.length / classes;
    for (let i = 0; i < count; i++) {
      const start = axis === undefined ? i : Math.floor(i / inner) * inner * classes + (i % inner);
      const label = axis === undefined ? rounded(values[start]!) : largest(values, start, inner, classes);
      if (unseen.size > 0) unseen.delete(label);
      take(label, i);
    }
  }
}

/** Labels of fewer axes than the output, or of one class column, are classes; others are scores, the largest of which counts. */
function readingOf(shape: Shape, { shape: output, loss }: Target): Reading {
  const rank = shape.length;
  if (rank < output.length || rank < 2) return { shape, axis: undefined };
  const given = (loss as (Loss & { readonly axis?: unknown }) | null)?.axis;
  const wanted = typeof given === "number" ? given : -1;
  const axis = wanted < 0 ? wanted + rank : wanted;
  const at = axis >= 1 && axis < rank ? axis : rank - 1;
  return { shape: shape.filter((_, i) => i !== at), axis: shape[at] === 1 ? undefined : at };
}

function largest(values: ArrayLike<number>, start: number, step: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) {
    if (values[start + i * step]! > values[start + best * step]!) best = i;
  }
  return best;
}

/** Halves go to the even number, as numpy rounds. */
function rounded(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest === 0.5) return down % 2 === 0 ? down : down + 1;
  return rest < 0.5 ? down : down + 1;
}

function classNumber(owner: string, key: unknown): number {
  // As JavaScript writes it: not "01", "1.0" or " 1".
  const number = typeof key === "string" && /^(0|-?[1-9]\d*)$/.test(key) ? Number(key) : key;
  if (typeof number === "number" && Number.isSafeInteger(number)) return number;
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${owner}: "classWeight" must have weights by class number, such as { 0: 1, 1: 5 }, got the class ${shown(key)}.`,
  );
}
