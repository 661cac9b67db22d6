/**
 * Logs of a training step, as numbers.
 *
 * @module
 */

import { isLater } from "../bodies.js";
import { isA, isFloat32Array, isPlain } from "../brands.js";
import type { Logs } from "../callbacks/callback.js";
import { ArgumentTypeError } from "../errors.js";
import { Metric } from "../metrics/metric.js";
import { isList, shown } from "../options.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";

/** Most levels of nested logs, since an object may contain itself. */
const DEEPEST = 8;

/**
 * Reads the result of a step, in the order and form of Keras's logs: sorted by name, nested objects flattened.
 *
 * @param owner - For messages: `gan: trainStep`.
 * @throws TypeError for anything but an object of numbers
 */
export function stepLogs(owner: string, given: unknown): Logs {
  const logs: Record<string, number | readonly number[]> = {};
  collect(owner, given, logs, 0);
  return logs;
}

/** Refuses a promise: code after its first await would not belong to the step. @throws TypeError */
export function refusePromise(owner: string, given: unknown): void {
  if (isLater(given)) refuseLater(owner, "it returned a promise");
}

/** Refuses an async function or a generator, before it is called. @throws TypeError */
export function refuseAsync(owner: string, step: unknown): void {
  const tag = Object.prototype.toString.call(step);
  if (tag !== "[object Function]") refuseLater(owner, `it is ${tag.slice(8, -1)}`);
}

function refuseLater(owner: string, why: string): never {
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner} must be a synchronous function, but ${why}. Await data before fit, or in a generator of batches.`,
  );
}

function collect(owner: string, given: unknown, logs: Record<string, number | readonly number[]>, depth: number): void {
  refusePromise(owner, given);
  if (!isPlain(given) || Symbol.iterator in given || depth > DEEPEST) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner} must return an object of numbers by name, such as { loss }, got ${shown(given)}.`,
    );
  }
  for (const name of Object.keys(given).sort()) {
    const value = (given as Record<string, unknown>)[name];
    if (isPlain(value) && !(Symbol.iterator in value)) collect(owner, value, logs, depth + 1);
    else logs[name] = numbersOf(owner, name, value);
  }
}

function numbersOf(owner: string, name: string, value: unknown): number | readonly number[] {
  if (typeof value === "number") return value;
  if (isA(value, Tensor) || isA(value, Variable)) {
    if (value.size === 1) return value.numbers[0]!;
    if (value.shape.length === 1) return Array.from(value.numbers);
  }
  if (isFloat32Array(value)) return Array.from(value);
  if (isList(value) && value.every((entry) => typeof entry === "number")) return Array.from(value as readonly number[]);
  const cure = isA(value, Metric) ? ` The value of a metric is result().` : "";
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "${name}" must be a number, a tensor of one number, or a list of numbers, got ${shown(value)}.${cure}`,
  );
}

/** Refuses a loss that is not a single number from operations. @throws TypeError */
export function refuseLoss(model: string, loss: unknown): never {
  const got = isA(loss, Tensor)
    ? `a tensor of shape [${loss.shape.join(", ")}]. Take ops.mean or ops.sum of it`
    : shown(loss);
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${model}: computeLoss must return a tensor of one number, made by operations, got ${got}.`,
  );
}
