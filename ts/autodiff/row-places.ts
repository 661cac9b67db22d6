/**
 * Variables whose gradients may be row gradients: see `row-gradient.ts`, which is loaded by code that creates such
 * variables.
 *
 * @module
 */

import type { Plan } from "../runtime/plan.js";
import type { Storage } from "../runtime/storage.js";
import { isTensor, type Tensor } from "../tensor.js";
import type { Operand } from "./arena.js";
import type { Entry, Question } from "./record.js";

/** A row gradient, which can also be read as a dense tensor. */
export interface RowGradients extends Tensor<"float32"> {
  /** Adds the rows of one operation. */
  addRows(dy: Tensor<"float32">, entry: Entry): void;
  /** Passes its rows to the next step of a plan, for this row of the plan. @throws OutOfMemoryError */
  give(plan: Pick<Plan, "prepare">, row: number): void;
  /** The rows that have a gradient, each once, and the sums of their gradients, row by row. Slow; for statistics. */
  sums(): { readonly rows: readonly number[]; readonly values: Float32Array };
  /** Refuses optimizers whose rule or options conflict with rows; `rule` is "" for custom ones. @throws ValueError */
  refuse(owner: string, variable: string, rule: string, options: object): void;
  /** Refuses sums over replicas. @throws ValueError */
  refuseSum(owner: string, variable: string): never;
}

/** The size of such a gradient, and the function that creates it in memory. */
export interface RowPlace {
  readonly size: number;
  at(slab: Storage, offset: number): RowGradients;
}

/** The places of variables that have such gradients; undefined if the requested gradient is dense. */
export const rowPlaces: WeakMap<Operand, (asked: Question) => RowPlace | undefined> = new WeakMap();

/** Whether a gradient is a row gradient. */
export function isOfRows(gradient: unknown): gradient is RowGradients {
  return isTensor(gradient) && "addRows" in gradient;
}
