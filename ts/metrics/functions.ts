/**
 * Built-in functions among metrics: accuracies, and the losses.
 *
 * Keras saves such a function by its name: alone in `compile_config`, or in a MeanMetricWrapper, which also saves the
 * function's arguments. This is the one table of the names; `compile`, `compile_config` and the wrapper read it.
 *
 * @module
 */

import { type SaveableClass, spelling } from "../class-registry.js";
import { madeFrom } from "../keras-names.js";
import { byFunctionName, functionNameOf } from "../losses/built-in.js";
import { snakeCase } from "../names.js";
import type { TensorLike } from "../ops/operand.js";
import { tensor } from "../tensor.js";
import { BinaryAccuracy } from "./accuracy.js";
import { CategoricalAccuracy, SparseCategoricalAccuracy } from "./categorical-accuracy.js";
import { MeanOfValues } from "./mean-of-values.js";
import type { MetricConfig } from "./metric.js";
import { SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy } from "./top-k-accuracy.js";

/** A function of labels and predictions. */
type MetricFunction = (yTrue: TensorLike, yPred: TensorLike) => TensorLike;

/** A built-in function as a metric. */
export interface BuiltInMetricFunction {
  /** Keras's name. */
  readonly name: string;
  /** The function, with its arguments bound. */
  readonly fn: MetricFunction;
  /** Arguments, by Keras's names. */
  readonly args: MetricConfig;
  readonly direction: "up" | "down";
}

type MetricOfValues = SaveableClass<MeanOfValues> & {
  new (): MeanOfValues;
  fromConfig(config: MetricConfig): MeanOfValues;
};

/** Classes whose values are functions in Keras. */
const CLASSES = [
  BinaryAccuracy,
  CategoricalAccuracy,
  SparseCategoricalAccuracy,
  TopKCategoricalAccuracy,
  SparseTopKCategoricalAccuracy,
] as unknown as readonly MetricOfValues[];

const classes: ReadonlyMap<string, MetricOfValues> = new Map(
  CLASSES.map((made) => [spelling(snakeCase(made.className as string)), made]),
);

/** Functions with arguments, by the function that binds them. */
const made = new WeakMap<object, BuiltInMetricFunction>();
/** Functions without arguments, by name. */
const plain = new Map<string, BuiltInMetricFunction>();

/**
 * Finds a built-in function by its name, in any spelling.
 *
 * @param args - The function's arguments, by Keras's names. Default: none.
 * @returns The function, with the arguments; `undefined` for another name
 * @throws ValueError, TypeError for arguments that it does not take
 */
export function metricFunctionCalled(name: string, args: MetricConfig = {}): BuiltInMetricFunction | undefined {
  const isPlain = Object.keys(args).length === 0;
  const known = isPlain ? plain.get(spelling(name)) : undefined;
  if (known !== undefined) return known;
  const found = accuracyCalled(name, args) ?? lossCalled(name, args);
  if (found === undefined) return undefined;
  made.set(found.fn, found);
  if (isPlain) plain.set(spelling(name), found);
  return found;
}

/** The entry of a built-in function, with its arguments; `undefined` for another function. */
export function metricFunctionOf(fn: unknown): BuiltInMetricFunction | undefined {
  const found = typeof fn === "function" ? made.get(fn) : undefined;
  if (found !== undefined) return found;
  const name = functionNameOf(fn);
  return name === undefined ? undefined : { name, fn: fn as MetricFunction, args: {}, direction: "down" };
}

function accuracyCalled(name: string, args: MetricConfig): BuiltInMetricFunction | undefined {
  const found = classes.get(spelling(name));
  if (found === undefined) return undefined;
  const metric = found.fromConfig({ name, ...args });
  const fn: MetricFunction = (yTrue, yPred) => {
    const { data, shape } = MeanOfValues.valuesOf(metric, yTrue, yPred);
    return tensor(data as Float32Array, shape);
  };
  return { name: snakeCase(found.className as string), fn, args, direction: "up" };
}

function lossCalled(name: string, args: MetricConfig): BuiltInMetricFunction | undefined {
  const found = byFunctionName.get(spelling(name));
  if (found === undefined) return undefined;
  const call = found.fn as (yTrue: TensorLike, yPred: TensorLike, options?: object) => TensorLike;
  if (Object.keys(args).length === 0) return { name: found.name, fn: call, args, direction: "down" };
  // The class has the same arguments, and checks them.
  (found.made as unknown as MetricOfValues).fromConfig(args);
  const options = madeFrom(args, (read) => read);
  return { name: found.name, fn: (yTrue, yPred) => call(yTrue, yPred, options), args, direction: "down" };
}
