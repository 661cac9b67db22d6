/**
 * Learning-rate schedules in the module.
 *
 * @module
 */

import { Block, float64 } from "./memory.js";
import { wasm } from "./module.js";

let argumentBlock: Block | undefined;

/**
 * The rate of the schedule `id` at `step`, computed in Rust.
 *
 * @param id - Its index in the list of schedules.
 * @param args - Its arguments as numbers, in the order of the list's spec.
 */
export function evaluateSchedule(id: number, args: readonly number[], step: number): number {
  if (argumentBlock === undefined || argumentBlock.length < args.length * 2) {
    const wider = new Block(Math.max(16, args.length * 2));
    argumentBlock?.free();
    argumentBlock = wider;
  }
  const { address } = argumentBlock;
  float64(address, args.length).set(args);
  return wasm().schedule_at(id, address, args.length, step);
}
