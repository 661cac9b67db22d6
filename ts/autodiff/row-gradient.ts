/**
 * Row gradients: gradients of the rows of a matrix that `take` reads, for variables that request them, such as those of
 * embeddings.
 *
 * Only code that creates such variables loads this file.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { Uint32s } from "../platform-types.js";
import { padded } from "../runtime/cache-lines.js";
import { Loose } from "../runtime/loose.js";
import { float32, uint32 } from "../runtime/memory.js";
import { wasm } from "../runtime/module.js";
import type { Plan } from "../runtime/plan.js";
import type { SharedArena, Storage } from "../runtime/storage.js";
import { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import type { Operand } from "./arena.js";
import { type Entry, isNested, type Question } from "./record.js";
import { type RowGradients, type RowPlace, rowPlaces } from "./row-places.js";

/** Elementwise rules whose lazy form is known from other libraries. */
const RULES = ["sgd", "rmsprop", "adam", "adamw", "adagrad"];

/** Options that change rows without a gradient, or read all rows. */
const WHOLE = [
  "useEma",
  "gradientAccumulationSteps",
  "adaptiveClip",
  "cautious",
  "cautiousWeightDecay",
  "gradientCentralization",
  "clipThreshold",
];

/**
 * The gradient of a matrix from which rows were taken: the rows of the operations' gradients, with their indices, in
 * the order of the backward pass. It can be read as a dense tensor, which is created at the first read.
 */
export class RowGradient extends Tensor<"float32"> implements RowGradients {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    super(parts.shape, "float32", parts);
    this.#parts = parts;
  }

  addRows(dy: Tensor<"float32">, { reads }: Entry): void {
    this.#parts.add(dy, reads[0]!);
  }

  give(plan: Pick<Plan, "prepare">, row: number): void {
    const { indices, values, count, shape } = this.#parts;
    plan.prepare((handle) => wasm().plan_rows(handle, row, indices, count, values, shape[1]!));
  }

  sums(): { readonly rows: readonly number[]; readonly values: Float32Array } {
    const { indices, values, count, shape } = this.#parts;
    const width = shape[1]!;
    const given = float32(values, count * width);
    const places = new Map<number, number>();
    for (const row of uint32(indices, count)) if (!places.has(row)) places.set(row, places.size);
    const sums = new Float32Array(places.size * width);
    uint32(indices, count).forEach((row, i) => {
      const to = places.get(row)! * width;
      for (let j = 0; j < width; j++) sums[to + j] = sums[to + j]! + given[i * width + j]!;
    });
    return { rows: [...places.keys()], values: sums };
  }

  refuse(owner: string, variable: string, rule: string, options: object): void {
    const start = `${owner}: "${variable}" has a row gradient (sparseGradient: true), which`;
    const others = "Make the layer without sparseGradient.";
    if (!RULES.includes(rule)) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${start} only SGD, RMSprop, Adam, AdamW and Adagrad support. ${others}`,
      );
    }
    const values = options as Readonly<Record<string, unknown>>;
    const isSmall = (values.stateDtype ?? "float32") !== "float32";
    const option = isSmall ? "stateDtype" : WHOLE.find((name) => values[name]);
    if (option !== undefined) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${start} conflicts with "${option}": it ${isSmall ? "rounds blocks of" : "needs"} all rows in each step. ${others}`,
      );
    }
  }

  refuseSum(owner: string, variable: string): never {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `${owner}: "${variable}" has a row gradient (sparseGradient: true), which replicas do not sum. Make the layer without sparseGradient.`,
    );
  }
}

/** Allocates rows in the step's memory: indices, then values. */
class Parts implements Storage {
  readonly shape: readonly number[];
  changed = 0;
  /** Number of rows so far. */
  count = 0;
  readonly #slab: Storage;
  readonly #offset: number;
  /** Bytes from the first index to the first value. */
  readonly #gap: number;
  #whole: Loose | undefined;

  constructor(shape: readonly number[], slab: Storage, offset: number, most: number) {
    this.shape = shape;
    this.#slab = slab;
    this.#offset = offset * 4;
    this.#gap = padded(most) * 4;
  }

  get indices(): number {
    return this.#slab.address + this.#offset;
  }

  get values(): number {
    return this.indices + this.#gap;
  }

  add(dy: Tensor<"float32">, rows: Operand): void {
    const { count } = this;
    wasm().copy_values(rows.address, rows.size, this.indices + count * 4);
    wasm().copy_values(dy.address, dy.size, this.values + count * this.shape[1]! * 4);
    this.count = count + rows.size;
  }

  /** All rows, with zeros for rows without a gradient. */
  get #all(): Loose {
    if (this.#whole !== undefined) return this.#whole;
    const [rows, cols] = this.shape as [number, number];
    const whole = new Loose(rows * cols);
    const { address } = whole;
    wasm().fill_values(address, rows * cols, 0);
    wasm().add_rows(this.values, this.indices, this.count, rows, cols, address);
    this.#whole = whole;
    return whole;
  }

  get address(): number {
    return this.#all.address;
  }

  get outside(): Uint32s | undefined {
    return this.#whole?.outside;
  }

  get freed(): boolean {
    return this.#slab.freed;
  }

  get arena(): SharedArena | undefined {
    return this.#slab.arena;
  }

  lend(): void {
    this.#all.lend();
  }

  free(): void {
    this.#whole?.free();
  }
}

/** The place for a variable's rows; undefined if anything but `take` along the first axis uses the variable. */
function placeOf(variable: Variable, { entries, targets, zeros }: Question): RowPlace | undefined {
  const { shape } = variable;
  let most = 0;
  for (const { inputs, output, name, reads } of entries) {
    if (!inputs.includes(variable)) continue;
    const isByRows = name === "take" && reads.length === 1 && output.size === reads[0]!.size * shape[1]!;
    if (!isByRows) return undefined;
    most += reads[0]!.size;
  }
  // A gradient of gradients reads the dense gradient.
  if (most === 0 || zeros || isNested() || targets.includes(variable)) return undefined;
  const at = (slab: Storage, offset: number) => new RowGradient(new Parts(shape, slab, offset, most));
  return { size: padded(most) + most * shape[1]!, at };
}

/** Makes tapes compute row gradients for a matrix if only `take` uses it. */
export function giveRows(matrix: Variable): void {
  rowPlaces.set(matrix, (asked) => placeOf(matrix, asked));
}
