/**
 * JSON text that Python's Keras reads correctly.
 *
 * @module
 */

import { isA, isReadable } from "./brands.js";
import { Constraint } from "./constraints/constraint.js";
import { serialize as serializeConstraint } from "./constraints/registry.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
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
import { checkCount, shown } from "./options.js";
import { copied, DEPTH } from "./plain-json.js";
import { serialize as serializeRegularizer } from "./regularizers/registry.js";
import { Regularizer } from "./regularizers/regularizer.js";
import { serialize as serializeSchedule } from "./schedules/registry.js";
import { LearningRateSchedule } from "./schedules/schedule.js";

/** A value that can be written: an object of any family, its JSON, or its config. */
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
 * constraint, or of the results of `serialize`, `toJSON` and `getConfig`. Use it instead of `JSON.stringify` whenever
 * Python may read the text: `JSON.stringify` writes a rate of 1 as `1`, but Keras needs `1.0`. Integers, such as
 * `units`, stay
 * integers.
 *
 * Arguments of custom classes count as floats if they have the name of one of Keras's float arguments, such as `rate`.
 *
 * @param value - An object of any family, or its JSON.
 * @param space - Indentation, as for `JSON.stringify`.
 * @returns The text.
 * @throws ValueError, TypeError (`ERR_CONFIG_INVALID`) for values that cannot be saved, such as a learning-rate function
 * @throws TypeError (`ERR_OPTION_TYPE`) for anything but an object
 * @example
 * ```ts
 * import { SGD, stringify } from "gradstep";
 *
 * const text = stringify(new SGD({ learningRate: 1, momentum: 0 }));
 * console.log(text.includes('"learning_rate":1.0') && text.includes('"momentum":0.0')); // true
 * ```
 */
export function stringify(value: Stringifiable, space?: number | string): string {
  checkCount("stringify", arguments.length, 2);
  const json = copied("stringify", serialized(value));
  if (!isReadable(json)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `stringify takes an object of gradstep, or JSON, got ${shown(value)}.`,
    );
  }
  const plain = JSON.stringify(json, refusingOdd());
  // Strings stand for the floats until the text is complete; the mark occurs in no other string.
  let mark = "float ";
  while (plain.includes(mark)) mark += "'";
  const text = JSON.stringify(
    markedFloats(json, (float) => mark + float),
    null,
    space,
  );
  return text.replaceAll(new RegExp(`"${mark}([^"]*)"`, "g"), "$1");
}

/** For `JSON.stringify`, whose errors have no code: refuses bigints, and instances that contain themselves. */
function refusingOdd(): (this: unknown, key: string, value: unknown) => unknown {
  const around: unknown[] = [];
  return function (key, value) {
    if (typeof value === "bigint") refuse(`${shown(key)} is ${value}n, which JSON does not have`);
    while (around.length > 0 && around.at(-1) !== this) around.pop();
    if (typeof value !== "object" || value === null) return value;
    if (around.includes(value)) refuse(`the object under ${shown(key)} contains itself`);
    if (around.length > DEPTH) refuse(`it has more than ${DEPTH} objects or lists inside one another`);
    around.push(value);
    return value;
  };
}

function refuse(reason: string): never {
  throw new ValueError("ERR_CONFIG_INVALID", `stringify: this cannot be written as JSON: ${reason}.`);
}

function serialized(value: unknown): unknown {
  if (isA(value, Layer)) return "toJSON" in value ? (value as { toJSON(): unknown }).toJSON() : serializeLayer(value);
  if (isA(value, Optimizer)) return serializeOptimizer(value);
  if (isA(value, LearningRateSchedule)) return serializeSchedule(value);
  if (isA(value, Loss)) return serializeLoss(value);
  if (isA(value, Metric)) return serializeMetric(value);
  if (isA(value, Initializer)) return serializeInitializer(value);
  if (isA(value, Regularizer)) return serializeRegularizer(value);
  if (isA(value, Constraint)) return serializeConstraint(value);
  return value;
}
