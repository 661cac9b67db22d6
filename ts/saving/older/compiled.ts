/**
 * Arguments of `compile` in files of Keras 2, whose training config differs from that of Keras 3.
 *
 * @module
 */

import { spelling } from "../../class-registry.js";
import { own, unpackaged } from "../../custom-objects.js";
import { builtInMetrics } from "../../metrics/registry.js";
import { isList } from "../../options.js";
import type { PlainObject } from "../../plain-json.js";

function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !isList(value);
}

/** `compile_config` of Keras 3 from `training_config` of an .h5 file, or from an older `compile_config`. */
export function currentCompiled(training: unknown): unknown {
  if (!isPlainObject(training) || Object.keys(training).length === 0) return training;
  const { optimizer_config: former, sample_weight_mode: _, ...others } = training;
  const metrics = (key: string) => {
    const list = own(training, key) ?? null;
    // A list with an entry for each output; for a single output, only the entry.
    return each(isList(list) && list.length === 1 && isList(list[0]) ? list[0] : list, currentMetric);
  };
  return {
    ...others,
    optimizer: currentOptimizer(former ?? own(training, "optimizer") ?? null),
    loss: each(own(training, "loss") ?? null, currentLoss),
    metrics: metrics("metrics"),
    weighted_metrics: metrics("weighted_metrics"),
  };
}

/** Changes the objects in a structure of lists and names. */
function each(value: unknown, change: (saved: PlainObject) => unknown): unknown {
  if (isList(value)) return value.map((entry) => each(entry, change));
  if (!isPlainObject(value)) return value;
  if (Object.hasOwn(value, "class_name")) return change(value);
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, each(entry, change)]));
}

/** An optimizer: `lr`, and `decay` as the equivalent schedule. */
export function currentOptimizer(saved: unknown): unknown {
  if (!isPlainObject(saved)) return saved;
  const [name, config] = [own(saved, "class_name"), own(saved, "config")];
  if (typeof name !== "string" || !isPlainObject(config)) return saved;
  const { decay = 0, lr, ...others } = config;
  const rate = own(config, "learning_rate") ?? lr;
  const isDecayed = typeof decay === "number" && decay !== 0 && typeof rate === "number";
  const schedule = {
    module: "keras.optimizers.schedules",
    class_name: "InverseTimeDecay",
    config: { initial_learning_rate: rate, decay_steps: 1, decay_rate: decay },
    registered_name: null,
  };
  const learning = rate === undefined ? {} : { learning_rate: isDecayed ? schedule : rate };
  // Keras's own optimizers were registered as "Custom>Adam".
  return { ...saved, class_name: unpackaged(name), config: { ...others, ...learning } };
}

/** A loss: a wrapper of a function that is saved by name. */
function currentLoss(saved: PlainObject): unknown {
  const config = own(saved, "config");
  if (!isPlainObject(config)) return saved;
  const { fn, ...others } = config;
  if (own(saved, "class_name") === "LossFunctionWrapper") return fn ?? saved;
  const { reduction } = others;
  return { ...saved, config: { ...others, ...(reduction === "auto" ? { reduction: "sum_over_batch_size" } : {}) } };
}

/** A metric: functions were wrapped, under the name that was passed to `compile`. */
function currentMetric(saved: PlainObject): unknown {
  const config = own(saved, "config");
  if (!isPlainObject(config)) return saved;
  const { fn, ...others } = config;
  const kind = own(saved, "class_name");
  // In Keras 3: the function has its JSON, and its arguments are next to it.
  if (isPlainObject(fn)) return saved;
  const isWrapper = kind === "MeanMetricWrapper" || kind === "SumOverBatchSizeMetricWrapper";
  if (!isWrapper || typeof fn !== "string") return fn === undefined ? saved : { ...saved, config: others };
  const className = [...builtInMetrics.keys()].find((name) => spelling(name) === spelling(fn));
  return className === undefined ? fn : { class_name: className, config: others };
}
