/**
 * Statistics of updates: norms, ratios and fractions, measured around the step of any optimizer.
 *
 * Only programs that use them load this file. It replaces the optimizer's internal step with one that measures.
 *
 * @module
 */

import { isA } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { checkCount, shown } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerStats } from "./optimizer-stats.js";
import { type Around, StatsMeter } from "./stats-meter.js";
import type { Mode } from "./step.js";
import type { StepInputs } from "./step-inputs.js";

/**
 * Makes an optimizer measure each of its updates: `optimizer.stats` then describes the last one. The bits of the
 * weights do not change. `compile({ stats: true })` does the same, and adds the statistics to the logs of `fit`.
 *
 * The update adds up its changes in the pass that makes them, and the gradients are read once more; docs/stats.md has the cost.
 *
 * @param optimizer - Any optimizer, including wrappers. It is modified in place; a second call does nothing.
 * @returns the same optimizer, whose `stats` are `null` before the first update
 * @throws TypeError ERR_OPTION_TYPE for anything but an optimizer; ValueError ERR_OPTION_CONFLICT for LBFGS, which takes many steps in
 * each call
 * @example
 * ```ts
 * import { SGD, Variable, withStats } from "gradstep";
 *
 * const w = new Variable([0, 10]);
 * const optimizer = withStats(new SGD({ learningRate: 0.5 }));
 * optimizer.apply([[6, 8]], [w]);
 * console.log(optimizer.stats.gradientNorm); // 10
 * console.log(optimizer.stats.updateNorm); // 5
 * console.log(optimizer.stats.updateRatio); // 0.5
 * console.log(optimizer.stats.effectiveRate); // 0.5
 * ```
 */
export function withStats<O extends Optimizer>(optimizer: O): O & { readonly stats: OptimizerStats } {
  checkCount("withStats", arguments.length, 1);
  if (!isA(optimizer, Optimizer)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `withStats takes an optimizer, such as withStats(new Adam()), got ${shown(optimizer)}.`,
    );
  }
  optimizer.checkSelf();
  const measured = measuredPart(optimizer);
  if (!Object.hasOwn(measured, "stats")) {
    const meter = new StatsMeter(measured);
    const update = measured.update.bind(measured);
    Object.defineProperties(measured, {
      update: { value: (given: StepInputs, mode: Mode) => meter.step(update, given, mode), configurable: true },
      stats: { get: () => meter.stats, configurable: true },
    });
  }
  if (!Object.hasOwn(optimizer, "stats")) {
    Object.defineProperty(optimizer, "stats", { get: () => measured.stats, configurable: true });
  }
  return optimizer as never;
}

/** The optimizer whose step starts from the weights that it updates: SAM moves them before. */
function measuredPart(optimizer: Optimizer): Optimizer {
  const { innerOptimizer } = optimizer as Around;
  if (!("lossUse" in optimizer)) return optimizer;
  if (innerOptimizer !== undefined) return innerOptimizer;
  throw new ValueError(
    "ERR_OPTION_CONFLICT",
    `withStats cannot measure ${optimizer.className}, which makes several updates in each call of minimize. Measure an optimizer that takes gradients.`,
  );
}
