/**
 * Checks of the arguments of the built-in training steps, which subclasses and users may call.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import { type OutputKeys, resultList } from "../layers/results.js";
import { checkKnownOptions, entriesOf, oneOrMore, shown } from "../options.js";
import { isTensor } from "../tensor.js";
import type { LossArguments, MetricsArguments, StepData } from "./step-data.js";

/** The data of a step. @throws TypeError for anything but a list */
export function stepData(owner: string, data: unknown): StepData {
  const entries = entriesOf(data);
  if (entries !== undefined) return entries as unknown as StepData;
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner} takes a list [x, y, sampleWeight], got ${shown(data)}.`);
}

/** The arguments of `computeLoss` and `computeMetrics`. @throws TypeError, ValueError for what they are not */
export function outputArguments<T extends LossArguments | MetricsArguments>(
  owner: string,
  given: T,
  keys: OutputKeys,
): T {
  checkKnownOptions(owner, given, ["x", "y", "yPred", "sampleWeight", "training"]);
  for (const output of oneOrMore(resultList(given.yPred, keys))) {
    if (isTensor(output)) continue;
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: "yPred" must be the model's output, a tensor or a list of tensors, got ${shown(output)}.`,
    );
  }
  return given;
}
