/**
 * Arguments of `compile`, from a model's JSON.
 *
 * Losses and metrics are created here, where custom objects are known; `compile` resolves names after the first batch.
 *
 * @module
 */

import { customFunction, isCustomName, own } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { toKeras } from "../keras-names.js";
import { deserialize as deserializeLoss, get as lossOf } from "../losses/registry.js";
import { metricFunctionCalled } from "../metrics/functions.js";
import { deserialize as deserializeMetric, isMetricName, get as metricOf } from "../metrics/registry.js";
import { get as optimizerOf } from "../optimizers/registry.js";
import { isList, shown } from "../options.js";
import type { PlainObject } from "../plain-json.js";
import type { CompileOptions } from "./compile-options.js";
import { STEP_NAMES } from "./step-data.js";

/** @returns `null` for a model that was not compiled @throws ValueError, TypeError for values that `compile` refuses */
export function compileOptionsOf(compiled: unknown): CompileOptions | null {
  if (typeof compiled !== "object" || compiled === null || isList(compiled)) {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `modelFromJSON: "compile_config" must be an object, got ${shown(compiled)}.`,
    );
  }
  if (Object.keys(compiled).length === 0) return null;
  const given = (key: string) => own(compiled, key) ?? null;
  const steps = given("steps_per_execution");
  return {
    optimizer: optimizerOf(given("optimizer") as object | null) ?? undefined,
    loss: revived(given("loss"), "loss") as never,
    lossWeights: given("loss_weights") as never,
    metrics: revived(given("metrics"), "metric") as never,
    weightedMetrics: revived(given("weighted_metrics"), "metric") as never,
    ...(steps === null ? {} : { stepsPerExecution: steps as number }),
    // Keras writes true for XLA, which does not require recording.
    ...(given("jit_compile") === false ? { jitCompile: false } : {}),
    ...Object.fromEntries(
      STEP_NAMES.filter((name) => given(toKeras(name)) !== null).map((name) => [
        name,
        customFunction(`the ${name} of compile`, given(toKeras(name))),
      ]),
    ),
  };
}

/** Losses or metrics in the structure passed to `compile`. */
function revived(value: unknown, family: "loss" | "metric"): unknown {
  if (typeof value === "string") return customOr(value, family);
  if (isList(value)) return value.map((entry) => revived(entry, family));
  if (typeof value !== "object" || value === null) return value;
  if (!Object.hasOwn(value, "class_name")) {
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, revived(entry, family)]));
  }
  if (family === "loss") return deserializeLoss(value);
  return isLoss(value as PlainObject) ? deserializeLoss(value) : deserializeMetric(value);
}

/** A loss may stand among metrics. */
function isLoss({ module }: PlainObject): boolean {
  return typeof module === "string" && /^keras\.(\w+\.)*losses\b/.test(module);
}

/**
 * A name stays a name, since the shapes of the first batch may decide, unless it belongs to a custom object or to a
 * function that is not a metric, which Keras's .h5 files contain by name.
 */
function customOr(name: string, family: "loss" | "metric"): unknown {
  if (isCustomName(name)) return family === "loss" ? lossOf(name) : metricOf(name);
  return (family === "metric" && !isMetricName(name) ? metricFunctionCalled(name)?.fn : undefined) ?? name;
}
