/**
 * A plan of the core: an optimizer's rows and state in WebAssembly memory.
 *
 * @module
 */

import { DisposedError } from "../errors.js";
import type { Float32s } from "../platform-types.js";
import { Block, fault, float32, float64, forgotten, uint32, whenDropped } from "./memory.js";
import { reportTrap, wasm } from "./module.js";

/** A variable, as in the core's table. */
export interface PlanRow {
  readonly address: number;
  readonly shape: readonly number[];
  /** Multiplies the weight decay; 0 for none. */
  readonly decay: number;
  /** Muon: this variable is updated by AdamW. */
  readonly secondSide: boolean;
}

/** Outcome of a step. */
export type Outcome = "updated" | "accumulated" | "notFinite";

/** State of a row: the moving average, the accumulator, or the slot with this index. */
export type StateKind = "average" | "accumulator" | number;

const ROW = 6;
/** Numbers that the core reads or rounds in a call. */
const SMALL = 1024;
const OUTCOMES: readonly (Outcome | undefined)[] = [undefined, "updated", "accumulated", "notFinite"];

/**
 * State of one optimizer over its variables; freed by {@link Plan.free} or after it was dropped.
 *
 * @param options - Base options in the order of the core's `plan_new`; `NaN` and 0 turn an option off.
 * @throws OutOfMemoryError, with nothing allocated
 */
export class Plan {
  readonly rows: number;
  readonly #gradients: number;
  #handle: number;

  constructor(rule: number, args: readonly number[], options: readonly number[], rows: readonly PlanRow[]) {
    const numbers = [...options, ...args];
    const block = new Block(numbers.length * 2 + rows.length * ROW);
    try {
      const { address } = block;
      float64(address, numbers.length).set(numbers);
      const table = address + numbers.length * 8;
      uint32(table, rows.length * ROW).set(rows.flatMap(tableRow));
      this.#handle =
        wasm().plan_new(rule, address + options.length * 8, args.length, address, table, rows.length) >>> 0;
    } finally {
      block.free();
    }
    if (this.#handle === 0) throw fault();
    this.rows = rows.length;
    this.#setDecays(rows);
    this.#gradients = wasm().plan_gradients(this.#handle) >>> 0;
    const handle = this.#handle;
    // No other function in this constructor may use `this`: in V8 they all share one context, which this one keeps
    // alive.
    whenDropped(this, () => wasm().plan_free(handle));
  }

  #setDecays(rows: readonly PlanRow[]): void {
    rows.forEach(({ decay }, row) => {
      if (decay !== 1) this.setDecay(row, decay);
    });
  }

  /** Address of a row's state, 0 if it has none. */
  state(row: number, kind: StateKind): number {
    const index = kind === "average" ? -1 : kind === "accumulator" ? -2 : kind;
    return wasm().plan_state(this.#live(), row, index) >>> 0;
  }

  /** Returns a copy of the numbers of a slot with fewer bits, or writes `given`. */
  small(row: number, slot: number, size: number, given?: ArrayLike<number>): Float32s {
    const { plan_small } = wasm();
    const handle = this.#live();
    const numbers = new Float32Array(size);
    if (given !== undefined) numbers.set(given);
    for (let at = 0; at < size; at += SMALL) {
      const part = numbers.subarray(at, at + SMALL);
      const room = float32(plan_small(handle, row, slot, at, 0) >>> 0, part.length);
      if (given === undefined) part.set(room);
      else {
        room.set(part);
        plan_small(handle, row, slot, at, 1);
      }
    }
    return numbers;
  }

  /** 4-byte words of a slot with fewer bits than float32; 0 for other slots. */
  smallWords(row: number, slot: number): number {
    return wasm().plan_small(this.#live(), row, slot, 0, 2);
  }

  /** Address of the numbers that all variables share. */
  shared(): number {
    return wasm().plan_shared(this.#live()) >>> 0;
  }

  /** Multiplies a row's weight decay; 0 turns it off. */
  setDecay(row: number, factor: number): void {
    wasm().plan_set_decay(this.#live(), row, factor);
  }

  /**
   * Changes an argument of the rule, by its index in the spec; base options follow the arguments, in the core's order.
   */
  setArgument(index: number, value: number): void {
    wasm().plan_set_argument(this.#live(), index, value);
  }

  /** Prepares the next step with a call of the module, which returns 0 on error. @throws OutOfMemoryError */
  prepare(call: (handle: number) => number): void {
    if (call(this.#live()) === 0) throw fault();
  }

  /** The table of learning rates, one for each row. Once requested, all steps use it. @throws OutOfMemoryError */
  get rates(): Float32Array {
    const address = wasm().plan_rates(this.#live()) >>> 0;
    if (address === 0) throw fault();
    return float32(address, this.rows);
  }

  /** Ends a call of a custom rule: the moving average. */
  average(calls: number): void {
    wasm().plan_average(this.#live(), calls);
  }

  /**
   * Takes one step. `gradients` has an address for each row, 0 to skip the row.
   *
   * @throws OutOfMemoryError, with nothing changed
   */
  step(
    gradients: Uint32Array,
    learningRate: number,
    calls: number,
    unscale: number,
    clip: boolean,
    checkFinite: boolean,
  ): Outcome {
    const exports = wasm();
    const handle = this.#live();
    uint32(this.#gradients, this.rows).set(gradients);
    let code = 0;
    try {
      code = exports.plan_step(handle, learningRate, calls, unscale, clip ? 1 : 0, checkFinite ? 1 : 0);
    } catch (trap) {
      reportTrap(trap);
    }
    const outcome = OUTCOMES[code];
    if (outcome === undefined) throw fault();
    return outcome;
  }

  /** Frees the state; a second call does nothing. */
  free(): void {
    if (this.#handle === 0) return;
    forgotten(this);
    wasm().plan_free(this.#handle);
    this.#handle = 0;
  }

  #live(): number {
    if (this.#handle === 0) throw new DisposedError("This optimizer's state was freed.");
    return this.#handle;
  }
}

function tableRow({ address, shape, secondSide }: PlanRow): number[] {
  const length = shape.reduce((product, n) => product * n, 1);
  return [address, length, shape.length, shape.at(-2) ?? 1, shape.at(-1) ?? 1, secondSide ? 1 : 0];
}
