/**
 * Float arguments of a config. JavaScript has one kind of number, Python two: Keras refuses `momentum: 0`, and
 * reads a rate of 1 as an integer, which its schedules then round to 0.
 *
 * The argument's name decides, because a name has one kind in all of Keras's classes. A test compares these lists, class by
 * class, with the defaults in Keras's signatures, and finds arguments that are in neither list.
 *
 * @module
 */

import { own } from "./custom-objects.js";

/** Arguments whose numbers, alone or in lists, are floats. */
export const FLOAT_ARGUMENTS: ReadonlySet<string> = new Set([
  // optimizers
  "learning_rate",
  "weight_decay",
  "clipnorm",
  "global_clipnorm",
  "clipvalue",
  "ema_momentum",
  "loss_scale_factor",
  "slow_step_size",
  "momentum",
  "rho",
  "epsilon",
  "beta",
  "beta_1",
  "beta_2",
  "beta_2_decay",
  "epsilon_1",
  "epsilon_2",
  "clip_threshold",
  "initial_accumulator_value",
  "learning_rate_power",
  "l1_regularization_strength",
  "l2_regularization_strength",
  "l2_shrinkage_regularization_strength",
  "adam_beta_1",
  "adam_beta_2",
  "adam_weight_decay",
  "adam_lr_ratio",
  "muon_a",
  "muon_b",
  "muon_c",
  "rms_rate",
  "normuon_beta_2",
  "initial_scale",
  "beta_3",
  "eta_minus",
  "eta_plus",
  "min_step_size",
  "max_step_size",
  "trust_coefficient",
  "gamma",
  "d0",
  "d_coef",
  "shampoo_beta",
  // schedules
  "initial_learning_rate",
  "end_learning_rate",
  "decay_rate",
  "alpha",
  "power",
  "t_mul",
  "m_mul",
  "warmup_target",
  "peak_learning_rate",
  "max_learning_rate",
  "base_learning_rate",
  "pct_start",
  "div_factor",
  "final_div_factor",
  "values",
  // layers
  "rate",
  "stddev",
  "negative_slope",
  "threshold",
  "max_value",
  "renorm_momentum",
  "offset",
  "variance",
  // losses and metrics
  "label_smoothing",
  "gamma",
  "delta",
  "thresholds",
  "label_weights",
  // initializers, regularizers, constraints
  "value",
  "gain",
  "mean",
  "minval",
  "maxval",
  "scale",
  "l1",
  "l2",
  "factor",
  "min_value",
]);

/** Arguments whose numbers are integers. */
export const INTEGER_ARGUMENTS: ReadonlySet<string> = new Set([
  // optimizers and schedules; Keras takes steps that are not whole numbers too
  "ema_overwrite_frequency",
  "gradient_accumulation_steps",
  "ns_steps",
  "dynamic_growth_steps",
  "sync_period",
  "start_averaging",
  "average_period",
  "decay_steps",
  "first_decay_steps",
  "warmup_steps",
  "stable_steps",
  "total_steps",
  "step_size_up",
  "step_size_down",
  "boundaries",
  // layers
  "units",
  "filters",
  "kernel_size",
  "strides",
  "dilation_rate",
  "groups",
  "depth_multiplier",
  "output_padding",
  "pool_size",
  "padding",
  "input_dim",
  "output_dim",
  "axis",
  "dims",
  "n",
  "target_shape",
  "batch_shape",
  "noise_shape",
  "seed",
  // losses and metrics
  "ignore_class",
  "k",
  "top_k",
  "class_id",
  "num_classes",
  "target_class_ids",
  "num_thresholds",
  "num_labels",
  "num_regressors",
]);

/** A whole number as Python writes a float: `1.0`, `-0.0`. */
export function floatText(value: number): string {
  const digits = Object.is(value, -0) ? "-0" : String(value);
  return /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
}

/**
 * A copy of JSON, with `mark` in place of each whole number that is a float in Python.
 *
 * @param json - An object with its class's name and config, with others inside; or a config.
 */
export function markedFloats(json: unknown, mark: (text: string) => unknown): unknown {
  const isConfig = isObject(json) && own(json, "class_name") === undefined;
  return isConfig ? markedConfig(json, mark) : marked(json, mark);
}

function marked(json: unknown, mark: (text: string) => unknown): unknown {
  if (Array.isArray(json)) return json.map((entry) => marked(entry, mark));
  if (!isObject(json)) return json;
  const isSaved = typeof own(json, "class_name") === "string";
  return mapped(json, (key, value) => {
    if (key === "config" && isSaved && isObject(value)) return markedConfig(value, mark);
    return key === "compile_config" && isObject(value) ? markedConfig(value, mark) : marked(value, mark);
  });
}

/** A config's entries are a class's arguments, or what `compile` was given. */
function markedConfig(config: object, mark: (text: string) => unknown): unknown {
  return mapped(config, (key, value) => {
    if (key === "loss_weights") return floats(value, mark);
    return FLOAT_ARGUMENTS.has(key) && !isObject(value) ? floats(value, mark) : marked(value, mark);
  });
}

/** All numbers in it. */
function floats(value: unknown, mark: (text: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => floats(entry, mark));
  if (isObject(value)) return mapped(value, (_, entry) => floats(entry, mark));
  return Number.isInteger(value) ? mark(floatText(value as number)) : value;
}

function mapped(json: object, map: (key: string, value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, map(key, value)]));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** `JSON.rawJSON`, where the engine has it: Node 22, Chrome 114. */
const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };

/** The value that `toJSON` returns to `JSON.stringify`, which then writes floats as floats where the engine can. */
export function withRawFloats<T>(json: T): T {
  return rawJSON === undefined ? json : (markedFloats(json, rawJSON) as T);
}
