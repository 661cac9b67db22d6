/**
 * The core's tables of optimizers and schedules: names of arguments and slots are in Rust, and are read from there.
 *
 * @module
 */

import { Block, bytes } from "./memory.js";
import { wasm } from "./module.js";

/** An argument of an optimizer or schedule, with Keras's name; `null` is Keras's `None`, or no default. */
export interface ArgumentSpec {
  readonly name: string;
  readonly default: number | null;
}

/** A slot: state of the same shape as the variable, or of its rows, columns or outputs. */
export interface SlotSpec {
  readonly name: string;
  /** Slots of one group are created variable by variable. */
  readonly group: number;
  readonly extent: "full" | "rows" | "columns" | "outputs";
  /** Whether it starts as a copy of the variable. */
  readonly isCopy: boolean;
}

/** An optimizer, as the core describes it. */
export interface OptimizerSpec {
  /** Place in the core's list. */
  readonly id: number;
  /** Stem of its file. */
  readonly name: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly weightDecay: number | null;
  readonly slots: readonly SlotSpec[];
  /** Names of the numbers that all variables share. */
  readonly shared: readonly string[];
}

/** A schedule, as the core describes it. */
export interface ScheduleSpec {
  readonly id: number;
  readonly name: string;
  readonly arguments: readonly ArgumentSpec[];
}

let optimizers: readonly OptimizerSpec[] | undefined;

const list = (text: string | undefined): string[] => (text ? text.split(",") : []);
const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** A table of the core: ASCII, written to memory that this call allocates. @throws OutOfMemoryError */
function specText(ofSchedules: boolean): string {
  const exports = wasm();
  const which = ofSchedules ? 1 : 0;
  const length = exports.spec_text(which, 0, 0);
  const block = new Block(Math.ceil(length / 4));
  try {
    exports.spec_text(which, block.address, length);
    return String.fromCharCode(...bytes(block.address, length));
  } finally {
    block.free();
  }
}

/** All optimizers, in the order of their ids. @throws OutOfMemoryError */
export function optimizerSpecs(): readonly OptimizerSpec[] {
  if (optimizers === undefined) {
    const exports = wasm();
    optimizers = lines(specText(false)).map(([name = "", args, slots, shared], id) => ({
      id,
      name,
      arguments: list(args).map((argument, i) => ({
        name: argument,
        default: orNull(exports.optimizer_default(id, i)),
      })),
      weightDecay: orNull(exports.optimizer_default(id, -1)),
      slots: list(slots).map(slotSpec),
      shared: list(shared),
    }));
  }
  return optimizers;
}

/** All schedules, in the order of their ids. @throws OutOfMemoryError */
export function scheduleSpecs(): readonly ScheduleSpec[] {
  const exports = wasm();
  return lines(specText(true)).map(([name = "", args], id) => ({
    id,
    name,
    arguments: list(args).map((argument, i) => ({
      name: argument,
      default: orNull(exports.schedule_default(id, i)),
    })),
  }));
}

function lines(text: string): string[][] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split("|"));
}

function slotSpec(text: string): SlotSpec {
  const [name = "", group, extent, start] = text.split(":");
  return { name, group: Number(group), extent: extent as SlotSpec["extent"], isCopy: start === "variable" };
}
