/**
 * Checks of the options of `compile`, before they are used.
 *
 * @module
 */

import { isA, isCallable, isPlain, isReadable } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { Loss } from "../losses/loss.js";
import { lossFor } from "../losses/registry.js";
import { Metric } from "../metrics/metric.js";
import { metricFor } from "../metrics/registry.js";
import { boolean, checkKnownOptions, finiteNumber, integer, isList, oneOrMore, shown } from "../options.js";
import { ReplicaGroup } from "../replicas/replica-group.js";
import type { CompileOptions } from "./compile-options.js";
import { STEP_NAMES } from "./step-data.js";
import type { FitStrategy } from "./strategy.js";

/** Distribution of `compile`: a group of replicas, a strategy, or neither. */
export interface CheckedCompile {
  readonly group: ReplicaGroup | null;
  readonly strategy: FitStrategy | null;
  readonly stepsPerExecution: number;
  readonly jitCompile: boolean | "auto";
  readonly stats: boolean;
}

/** Checks everything that does not depend on the first batch. @throws ValueError, TypeError for unknown options */
export function checkedCompile(options: CompileOptions): CheckedCompile {
  if (isPlain(options) && "strategy" in options) {
    throw new ValueError(
      "ERR_OPTION_UNKNOWN",
      'compile does not know "strategy". A strategy is given as "distribute": compile({ ..., distribute: strategy }).',
    );
  }
  checkKnownOptions(
    "compile",
    options,
    [
      "optimizer",
      "loss",
      "lossWeights",
      "metrics",
      "weightedMetrics",
      "distribute",
      "stepsPerExecution",
      "jitCompile",
      "stats",
      ...STEP_NAMES,
    ],
    { learningrate: "optimizer", lossfunction: "loss", lossfn: "loss" },
  );
  const { distribute } = options;
  const isStrategy = isReadable(distribute) && isCallable((distribute as Partial<FitStrategy>).fit);
  if (!(distribute === undefined || distribute === null || isA(distribute, ReplicaGroup) || isStrategy)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `compile: "distribute" must be a strategy, such as new MirroredStrategy({ replicas: 2 }), or a ReplicaGroup, got ${shown(distribute)}.`,
    );
  }
  for (const name of ["metrics", "weightedMetrics"] as const) {
    const given: unknown = options[name] ?? [];
    // A Map or a Set has no keys: its entries would be ignored.
    if (isList(given) || (isPlain(given) && !(Symbol.iterator in given))) continue;
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `compile: "${name}" must be a list, such as ["accuracy"], or an object by output, got ${shown(given)}.`,
    );
  }
  // Their meaning depends on the first batch; whether they are known does not.
  for (const value of valuesIn(options.loss, isMade)) lossFor(value as string, [], []);
  for (const value of valuesIn([options.metrics, options.weightedMetrics], isMade)) metricFor(value as string, [], []);
  for (const weight of valuesIn(options.lossWeights, () => false)) finiteNumber("compile", "lossWeights", weight);
  return {
    group: distribute instanceof ReplicaGroup ? distribute : null,
    strategy: isStrategy ? (distribute as FitStrategy) : null,
    stepsPerExecution: integer("compile", "stepsPerExecution", options.stepsPerExecution ?? 1, 1),
    jitCompile: checkedJitCompile("compile", options.jitCompile),
    stats: boolean("compile", "stats", options.stats ?? false),
  };
}

/** The option of `compile` and of `compiled`. @throws ValueError, TypeError */
export function checkedJitCompile(owner: string, given: unknown): boolean | "auto" {
  if ((given ?? "auto") === "auto") return "auto";
  if (typeof given !== "string") return boolean(owner, "jitCompile", given);
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${owner}: "jitCompile" must be true, false or "auto", got ${shown(given)}.`,
  );
}

/** Most levels of nested lists and objects; Keras has at most three. */
const DEEPEST = 8;

/** Whether it is a loss, a metric or a function, which needs no look-up. */
function isMade(value: unknown): boolean {
  if (isA(value, Metric)) value.checkSelf();
  return typeof value === "function" || isA(value, Loss) || isA(value, Metric);
}

/** All values in lists and objects by output, except configs and values that `skips` accepts. */
function valuesIn(option: unknown, skips: (value: unknown) => boolean): readonly unknown[] {
  const values: unknown[] = [];
  // Level by level; Keras has at most three, by output and in lists.
  let level: readonly unknown[] = [option];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) {
      throw new ValueError("ERR_OPTION_TYPE", `compile: losses and metrics are nested more than ${DEEPEST} deep.`);
    }
    const inner: unknown[] = [];
    for (const entry of level) {
      if (entry === undefined || entry === null) continue;
      if (isList(entry)) inner.push(...oneOrMore(entry));
      else if (!isPlain(entry) || Symbol.iterator in entry) {
        if (!skips(entry)) values.push(entry);
      } else if (!("class_name" in entry)) inner.push(...Object.values(entry));
    }
    level = inner;
  }
  return values;
}
