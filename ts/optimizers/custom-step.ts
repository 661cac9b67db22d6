/**
 * The update of a custom optimizer: calls `updateStep` for each variable, between the core's stages.
 *
 * @module
 */

import { allocate, apart } from "../autodiff/arena.js";
import { unrecorded } from "../autodiff/record.js";
import { isLater } from "../bodies.js";
import { ArgumentTypeError } from "../errors.js";
import { float32 } from "../runtime/memory.js";
import type { Plan } from "../runtime/plan.js";
import { refusable } from "../undo.js";
import type { Variable } from "../variable.js";
import type { CustomRule } from "./custom-rule.js";
import type { OptimizerOptions } from "./options.js";

/** The core's slot for a prepared gradient. */
const GRADIENT = 0;

/**
 * Updates the variables of these rows.
 *
 * @param rateOf - The learning rate of a row.
 * @throws whatever `updateStep` throws; TypeError when it returns a promise
 */
export function customUpdate(
  optimizer: CustomRule<OptimizerOptions>,
  plan: Plan,
  variables: readonly Variable[],
  rows: Iterable<number>,
  rateOf: (row: number) => number,
): void {
  // The rule's assignments are part of the step, not external changes.
  const assignments = variables.map((variable) => variable.assignments);
  refusable(() =>
    unrecorded(() => {
      for (const row of rows) apart(() => updateOne(optimizer, plan, row, variables[row]!, rateOf(row)));
    }),
  );
  variables.forEach((variable, row) => {
    variable.assignments = assignments[row]!;
  });
}

function updateOne(
  optimizer: CustomRule<OptimizerOptions>,
  plan: Plan,
  row: number,
  variable: Variable,
  rate: number,
): void {
  const gradient = allocate(variable.shape);
  if (variable.size > 0) gradient.numbers.set(float32(plan.state(row, GRADIENT), variable.size));
  if (!isLater(optimizer.updateStep?.(gradient, variable, rate))) return;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${optimizer.name}: updateStep must be synchronous, got a promise. Remove async, and await everything before the step.`,
  );
}
