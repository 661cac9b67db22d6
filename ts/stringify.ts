/**
 * JSON text that Python's Keras reads as it is meant.
 *
 * @module
 */

import { Constraint } from "./constraints/constraint.js";
import { serialize as serializeConstraint } from "./constraints/registry.js";
import { markedFloats } from "./float-arguments.js";
import { Initializer } from "./initializers/initializer.js";
import { serialize as serializeInitializer } from "./initializers/registry.js";
import { Layer } from "./layers/layer.js";
import { serialize as serializeLayer } from "./layers/serialize.js";
import { Loss } from "./losses/loss.js";
import { serialize as serializeLoss } from "./losses/registry.js";
import { Metric } from "./metrics/metric.js";
import { serialize as serializeMetric } from "./metrics/registry.js";
import { Optimizer } from "./optimizers/optimizer.js";
import { serialize as serializeOptimizer } from "./optimizers/registry.js";
import { copied } from "./plain-json.js";
import { serialize as serializeRegularizer } from "./regularizers/registry.js";
import { Regularizer } from "./regularizers/regularizer.js";
import { serialize as serializeSchedule } from "./schedules/registry.js";
import { LearningRateSchedule } from "./schedules/schedule.js";

/** What can be written: an object of any family, its JSON, or its config. */
export type Stringifiable =
  | Layer
  | Optimizer
  | LearningRateSchedule
  | Loss
  | Metric
  | Initializer
  | Regularizer
  | Constraint
  | object;

/**
 * JSON text of a model, a layer, an optimizer, a schedule, a loss, a metric, an initializer, a regularizer or a
 * constraint, or of what `serialize`, `toJSON` and `getConfig` give. Use it instead of `JSON.stringify` wherever Python
 * may read the text: that writes `1` for a rate of 1, where Keras needs `1.0`. Integers, such as `units`, stay integers.
 *
 * Arguments of custom classes count as floats if they are called as one of Keras's float arguments, such as `rate`.
 *
 * @param space - Indentation, as for `JSON.stringify`.
 * @throws ValueError for what cannot be saved, such as a learning rate that is a function
 * @example
 * ```ts
 * import { SGD, stringify } from "gradstep";
 *
 * const text = stringify(new SGD({ learningRate: 1, momentum: 0 }));
 * console.log(text.includes('"learning_rate":1.0') && text.includes('"momentum":0.0')); // true
 * ```
 */
export function stringify(value: Stringifiable, space?: number | string): string {
  const json = copied("stringify", serialized(value));
  const plain = JSON.stringify(json);
  // Strings take the floats' places, until the text is there; a mark that no other string has.
  let mark = "float ";
  while (plain.includes(mark)) mark += "'";
  const text = JSON.stringify(
    markedFloats(json, (float) => mark + float),
    null,
    space,
  );
  return text.replaceAll(new RegExp(`"${mark}([^"]*)"`, "g"), "$1");
}

function serialized(value: unknown): unknown {
  if (value instanceof Layer)
    return "toJSON" in value ? (value as { toJSON(): unknown }).toJSON() : serializeLayer(value);
  if (value instanceof Optimizer) return serializeOptimizer(value);
  if (value instanceof LearningRateSchedule) return serializeSchedule(value);
  if (value instanceof Loss) return serializeLoss(value);
  if (value instanceof Metric) return serializeMetric(value);
  if (value instanceof Initializer) return serializeInitializer(value);
  if (value instanceof Regularizer) return serializeRegularizer(value);
  if (value instanceof Constraint) return serializeConstraint(value);
  return value;
}
