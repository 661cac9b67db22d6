/**
 * Configurations: Keras's snake_case JSON, which can be exchanged with Python.
 *
 * @module
 */

import { isPlain, isReadable } from "../brands.js";
import { ValueError } from "../errors.js";
import { fromKeras, toKeras } from "../keras-names.js";
import { shown } from "../options.js";
import { plainJSON } from "../plain-json.js";
import { deserialize, serialize } from "../schedules/registry.js";
import type { LearningRate } from "./learning-rate.js";
import type { BaseOptions } from "./options.js";
import { isSchedule, type Scheduled } from "./scheduled.js";

/** JSON as Keras writes and reads it. */
export type OptimizerConfig = Record<string, unknown>;

/** Arguments that Keras's constructors lack: configs omit them when they are off. */
const BEYOND = new Set(["stateDtype", "clipThreshold", "includeConvolutions", "polarExpress", "normuonBeta2"]);

/** The config of an optimizer, keys in Keras's order. */
export function configOf(
  base: BaseOptions<Scheduled> & { readonly name: string },
  rate: LearningRate,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (typeof rate === "function") {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `${base.name}: a function as learning rate has no config. Write a class that extends schedules.LearningRateSchedule, with at(step) and getConfig(), and pass it in customObjects, or to expose.`,
    );
  }
  const config: Record<string, unknown> = {
    name: base.name,
    learning_rate: rate,
    weight_decay: base.weightDecay,
    clipnorm: base.clipnorm,
    global_clipnorm: base.globalClipnorm,
    clipvalue: base.clipvalue,
    use_ema: base.useEma,
    ema_momentum: base.emaMomentum,
    ema_overwrite_frequency: base.emaOverwriteFrequency,
    loss_scale_factor: base.lossScaleFactor,
    gradient_accumulation_steps: base.gradientAccumulationSteps,
  };
  for (const [name, value] of Object.entries(own)) {
    if (BEYOND.has(name) && (value === null || value === false || value === "float32")) continue;
    config[toKeras(name)] = Array.isArray(value) ? [...value] : value;
  }
  return withSavedSchedules(config);
}

/** A value of a config: a schedule from its JSON. */
export function savedSchedule(value: unknown): unknown {
  return isPlain(value) && "class_name" in value ? deserialize(value) : value;
}

/** The same object with its schedules as JSON. */
export function withSavedSchedules<T extends Record<string, unknown>>(values: T): T {
  const entries = Object.entries(values).map(([name, value]) => [name, isSchedule(value) ? serialize(value) : value]);
  return Object.fromEntries(entries) as T;
}

/** Keys that could reach an object's prototype. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** Keys of older files that do not change how the optimizer works. */
const FORMER = new Set(["jit_compile", "is_legacy_optimizer"]);

/** Checks that a config is a plain object. */
function plainConfig(config: unknown): Record<string, unknown> {
  const plain = plainJSON("fromConfig", config);
  const bad = Object.keys(plain).find((key) => FORBIDDEN.has(key));
  if (bad !== undefined) {
    throw new ValueError("ERR_CONFIG_INVALID", `fromConfig: a config cannot have the key "${bad}".`);
  }
  return plain;
}

/** Constructor options from a config. Unknown keys are left to the constructor, which refuses them. */
export function optionsOf(config: unknown): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  const given = plainConfig(config);
  for (const [key, value] of Object.entries(given)) {
    if (FORMER.has(key)) continue;
    // Keras 2 also read its predecessor's "lr".
    const isRate = key === "learning_rate" || (key === "lr" && !Object.hasOwn(given, "learning_rate"));
    if (key === "decay") checkFormerDecay(value);
    else if (isRate) options.learningRate = isReadable(value) && !isSchedule(value) ? deserialize(value) : value;
    else options[fromKeras(key)] = value;
  }
  return options;
}

/** Keras 2 wrote the decay of every optimizer: 0 for none. Keras 3 warns about any other decay and ignores it. */
function checkFormerDecay(decay: unknown): void {
  if (decay === 0 || decay === null) return;
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `"decay" of Keras 2 can only be 0, got ${shown(decay)}. Write it as a schedule instead, in "learning_rate": InverseTimeDecay with decay_steps 1 and this decay_rate.`,
  );
}
