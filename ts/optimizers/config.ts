/**
 * Configurations: Keras's own snake_case JSON, so that they travel to Python and back.
 *
 * @module
 */

import { checkSameCopy } from "../copies.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { fromKeras, toKeras } from "../keras-names.js";
import { shown } from "../options.js";
import { deserialize, serialize } from "../schedules/registry.js";
import { LearningRateSchedule } from "../schedules/schedule.js";
import type { LearningRate } from "./learning-rate.js";
import type { BaseOptions } from "./options.js";

/** JSON as Keras writes and reads it. */
export type OptimizerConfig = Record<string, unknown>;

/** The config of an optimizer, keys in Keras's order. */
export function configOf(
  base: BaseOptions & { readonly name: string },
  rate: LearningRate,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (typeof rate === "function") {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `${base.name}: a function as learning rate cannot be put into a config. Use a LearningRateSchedule of your own.`,
    );
  }
  const config: Record<string, unknown> = {
    name: base.name,
    learning_rate: rate instanceof LearningRateSchedule ? serialize(rate) : rate,
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
    config[toKeras(name)] = Array.isArray(value) ? [...value] : value;
  }
  return config;
}

/** A config's keys that could reach beyond it. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** Checks that a config is a plain object. */
export function plainConfig(owner: string, config: unknown): Record<string, unknown> {
  checkSameCopy(`${owner}: the config`, config);
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new ArgumentTypeError("ERR_CONFIG_INVALID", `${owner}: a config must be an object, got ${shown(config)}.`);
  }
  const bad = Object.keys(config).find((key) => FORBIDDEN.has(key));
  if (bad !== undefined) throw new ValueError("ERR_CONFIG_INVALID", `${owner}: a config cannot have the key "${bad}".`);
  return config as Record<string, unknown>;
}

/** Constructor options from a config. Unknown keys are left to the constructor, which refuses them. */
export function optionsOf(config: unknown): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(plainConfig("fromConfig", config))) {
    options[fromKeras(key)] =
      key === "learning_rate" && typeof value === "object" && value !== null && !(value instanceof LearningRateSchedule)
        ? deserialize(value)
        : value;
  }
  return options;
}
