/**
 * The core's tables of optimizers and schedules: names of arguments and slots stand in Rust, and are
 * read from there.
 *
 * @module
 */

import { optimizer_specs, schedule_specs } from "./generated/gradstep.js";
import { wasm } from "./module.js";

/** An argument of an optimizer or schedule, with Keras's name; `null` is Keras's `None`, or no default. */
export interface ArgumentSpec {
  readonly name: string;
  readonly default: number | null;
}

/** A slot: state of the same shape as the variable, or of its rows or columns. */
export interface SlotSpec {
  readonly name: string;
  /** Slots of one group are created variable by variable. */
  readonly group: number;
  readonly extent: "full" | "rows" | "columns";
}

/** What the core knows of an optimizer. */
export interface OptimizerSpec {
  /** Place in the core's list. */
  readonly id: number;
  /** Stem of its file. */
  readonly name: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly weightDecay: number | null;
  readonly slots: readonly SlotSpec[];
  /** Name of the number that all variables share, or "". */
  readonly shared: string;
}

/** What the core knows of a schedule. */
export interface ScheduleSpec {
  readonly id: number;
  readonly name: string;
  readonly arguments: readonly ArgumentSpec[];
}

let optimizers: readonly OptimizerSpec[] | undefined;

const list = (text: string | undefined): string[] => (text ? text.split(",") : []);
const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** All optimizers, in the order of their ids. */
export function optimizerSpecs(): readonly OptimizerSpec[] {
  if (optimizers === undefined) {
    const exports = wasm();
    optimizers = lines(optimizer_specs()).map(([name = "", args, slots, shared = ""], id) => ({
      id,
      name,
      arguments: list(args).map((argument, i) => ({
        name: argument,
        default: orNull(exports.optimizer_default(id, i)),
      })),
      weightDecay: orNull(exports.optimizer_default(id, -1)),
      slots: list(slots).map(slotSpec),
      shared,
    }));
  }
  return optimizers;
}

/** All schedules, in the order of their ids. */
export function scheduleSpecs(): readonly ScheduleSpec[] {
  const exports = wasm();
  return lines(schedule_specs()).map(([name = "", args], id) => ({
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
  const [name = "", group, extent] = text.split(":");
  return { name, group: Number(group), extent: extent as SlotSpec["extent"] };
}
