/**
 * The result of a recorded function: tensors in the recording's memory, of which each call returns copies.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { isPlain } from "../brands.js";
import { isList } from "../options.js";
import type { Arena } from "../runtime/arena.js";
import { wasm } from "../runtime/module.js";
import { isTensor, type Tensor } from "../tensor.js";
import type { DType } from "../values.js";
import { isVariable } from "../variable.js";

/** Lists and objects within a result: one that contains itself must not be followed forever. */
const DEEPEST = 8;

/** A tensor of the recording. */
interface Place {
  readonly address: number;
  readonly size: number;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Makes a part of the result, with these tensors. */
type Maker = (tensors: readonly Tensor[]) => unknown;

/** A function's result, with the places of its tensors. */
export class Results {
  readonly #make: Maker;
  readonly #places: readonly Place[];
  /** Places of tensors, and everything else, in order. */
  readonly #parts: readonly unknown[];

  private constructor(make: Maker, places: readonly Place[], parts: readonly unknown[]) {
    this.#make = make;
    this.#places = places;
    this.#parts = parts;
  }

  /** Reads a result; `undefined` if it holds anything that a replay cannot create. */
  static of(result: unknown, arena: Arena): Results | undefined {
    const places: Place[] = [];
    const parts: unknown[] = [];
    const make = makerOf(result, { arena, places, parts }, 0);
    return make === undefined ? undefined : new Results(make, places, parts);
  }

  /** Room for copies of the tensors. @throws OutOfMemoryError */
  room(): Tensor[] {
    return this.#places.map(({ shape, dtype }) => allocate(shape, dtype));
  }

  /** The result, with its tensors as they are now copied to `room`. */
  copiedTo(room: readonly Tensor[]): unknown {
    const { copy_values } = wasm();
    this.#places.forEach(({ address, size }, i) => {
      copy_values(address, size, room[i]!.address);
    });
    return this.#make(room);
  }

  /** Whether the other is the same: tensors at the same places, and all else equal. */
  isSameAs(other: Results | undefined): boolean {
    if (other === undefined) return false;
    const [parts, others] = [this.#parts, other.#parts];
    return parts.length === others.length && parts.every((part, i) => Object.is(part, others[i]));
  }
}

interface Reading {
  readonly arena: Arena;
  readonly places: Place[];
  readonly parts: unknown[];
}

function makerOf(value: unknown, reading: Reading, depth: number): Maker | undefined {
  const { arena, places, parts } = reading;
  if (isTensor(value)) {
    if (value.arena !== arena) return undefined;
    const { address, size, shape, dtype } = value;
    parts.push(address, dtype, ...shape);
    const at = places.push({ address, size, shape, dtype }) - 1;
    return (tensors) => tensors[at];
  }
  if (isList(value) || isPlain(value)) {
    if (depth === DEEPEST) return undefined;
    const keys = Object.keys(value);
    parts.push(isList(value), ...keys);
    const makers = Object.values(value).map((item) => makerOf(item, reading, depth + 1));
    if (makers.includes(undefined)) return undefined;
    const made = makers as Maker[];
    if (isList(value)) return (tensors) => made.map((make) => make(tensors));
    return (tensors) => Object.fromEntries(made.map((make, i) => [keys[i]!, make(tensors)]));
  }
  parts.push(value);
  const isFixed = (typeof value !== "object" && typeof value !== "function") || value === null || isVariable(value);
  return isFixed ? () => value : undefined;
}
