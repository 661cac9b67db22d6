/**
 * The arguments of `compile` in the form of TensorFlow.js: only names, and the optimizer.
 *
 * @module
 */

import { isPlain } from "../../brands.js";
import { toKeras } from "../../keras-names.js";
import { isList } from "../../options.js";
import { SHARED_OPTIMIZERS, sharedOptimizer, tfjsOptimizer } from "./tfjs-optimizers.js";

type Config = Readonly<Record<string, unknown>>;

/** TensorFlow.js's name, Keras's, and other names of it. */
const LOSSES: readonly (readonly [theirs: string, ours: string, ...others: string[]])[] = [
  ["mean_squared_error", "mean_squared_error", "mse"],
  ["mean_absolute_error", "mean_absolute_error", "mae"],
  ["mean_absolute_percentage_error", "mean_absolute_percentage_error", "mape"],
  ["mean_squared_logarithmic_error", "mean_squared_logarithmic_error", "msle"],
  ["squared_hinge", "squared_hinge"],
  ["hinge", "hinge"],
  ["categorical_hinge", "categorical_hinge"],
  ["logcosh", "log_cosh"],
  ["categorical_crossentropy", "categorical_crossentropy"],
  ["sparse_categorical_crossentropy", "sparse_categorical_crossentropy"],
  ["binary_crossentropy", "binary_crossentropy"],
  ["kullback_leibler_divergence", "kl_divergence", "kld"],
  ["poisson", "poisson"],
  ["cosine_proximity", "cosine_similarity"],
];

const METRICS: readonly (readonly [theirs: string, ours: string, ...others: string[]])[] = [
  ["accuracy", "accuracy", "acc"],
  ["binary_accuracy", "binary_accuracy"],
  ["categorical_accuracy", "categorical_accuracy"],
  ["categorical_crossentropy", "categorical_crossentropy"],
  ["sparse_categorical_crossentropy", "sparse_categorical_crossentropy"],
  ["mse", "mean_squared_error", "mse", "m_s_e"],
  ["mae", "mean_absolute_error", "mae", "m_a_e"],
  ["mape", "mean_absolute_percentage_error", "mape", "m_a_p_e"],
  ["precision", "precision"],
];

const spelled = (name: string) => name.replaceAll("_", "").toLowerCase();

/** The row with a name, in any spelling: `mse`, `mean_squared_error`, `MeanSquaredError`. */
function rowOf(table: typeof LOSSES, name: string) {
  return table.find((names) => names.some((each) => spelled(each) === spelled(name)));
}

/** The name of a loss with default arguments, from Keras's JSON. */
function plainName(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!isPlain(value)) return undefined;
  const { class_name: name, config, registered_name: registered } = value as Config;
  if (name === "function" && typeof config === "string") return config;
  if (typeof name !== "string" || typeof registered === "string" || !isPlain(config)) return undefined;
  const { name: _, reduction = null, dtype: __, from_logits: logits = false, ...others } = config as Config;
  const isDefault =
    (reduction === null || reduction === "sum_over_batch_size") &&
    logits === false &&
    Object.entries(others).every(([key, given]) => DEFAULTS[key] === given);
  return isDefault ? name : undefined;
}

/** Defaults of arguments of losses. */
const DEFAULTS: Config = { axis: -1, label_smoothing: 0, ignore_class: null };

/** Converts each value in a structure of lists and objects; `undefined` if one has no counterpart. */
function mapped(value: unknown, each: (value: unknown) => unknown): unknown {
  if (isList(value)) {
    const list = value.map((entry) => mapped(entry, each));
    return list.includes(undefined) ? undefined : list;
  }
  if (!isPlain(value) || "class_name" in value) return each(value);
  const entries = Object.entries(value).map(([name, entry]) => [name, mapped(entry, each)] as const);
  return entries.some(([, entry]) => entry === undefined) ? undefined : Object.fromEntries(entries);
}

/**
 * The training config for TensorFlow.js, `undefined` if it has no counterpart for the optimizer, a loss or their
 * options. Metrics without a counterpart are omitted: they have no effect on the weights.
 */
export function trainingConfigOf(compiled: Config): Config | undefined {
  const { class_name: name, config } = (isPlain(compiled.optimizer) ? compiled.optimizer : {}) as Config;
  const shared = isPlain(config) ? sharedOptimizer(name, config as Config) : undefined;
  const loss = mapped(compiled.loss, (value) => rowOf(LOSSES, plainName(value) ?? "")?.[0]);
  // TensorFlow.js cannot read weights of losses, and needs a loss for each output.
  const isWeighted = (compiled.loss_weights ?? compiled.weighted_metrics ?? null) !== null;
  if (shared === undefined || loss === undefined || loss === null || isWeighted) return undefined;
  const metrics = isList(compiled.metrics)
    ? compiled.metrics.flatMap((value) => rowOf(METRICS, plainName(value) ?? "")?.[0] ?? [])
    : [];
  return { loss, metrics, optimizer_config: tfjsOptimizer(shared, config as Config) };
}

/** A training config of TensorFlow.js as Keras's `compile_config`, `null` if its optimizer is unknown. */
export function compileConfigOf(training: unknown): Config | null {
  const { loss, metrics, optimizer_config: optimizer } = (isPlain(training) ? training : {}) as Config;
  const { class_name: name, config } = (isPlain(optimizer) ? optimizer : {}) as Config;
  const shared = SHARED_OPTIMIZERS.find(({ theirs }) => theirs === name);
  if (shared === undefined || !isPlain(config)) return null;
  const ours = new Map(Object.entries(shared.keys).map(([key, theirs]) => [theirs, key]));
  const given = Object.entries(config as Config).map(([key, value]) => [ours.get(key) ?? toKeras(key), value] as const);
  const named = Object.fromEntries(given.filter(([, value]) => value !== null));
  return {
    optimizer: { class_name: shared.ours, config: named },
    loss: mapped(loss, (value) => (typeof value === "string" ? (rowOf(LOSSES, value)?.[1] ?? value) : value)),
    metrics: mapped(metrics ?? null, (value) =>
      typeof value === "string" ? (rowOf(METRICS, value)?.[1] ?? value) : value,
    ),
  };
}
