/**
 * Variables in which custom metrics accumulate.
 *
 * @module
 */

import { passing } from "../autodiff/arena.js";
import { unrecorded } from "../autodiff/record.js";
import { isA } from "../brands.js";
import { checkOverrides } from "../custom-objects.js";
import * as initializers from "../initializers/index.js";
import { checkKnownOptions, text } from "../options.js";
import { checkedShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import type { Values } from "../values.js";
import { Variable } from "../variable.js";

/** Options of `addVariable` of metrics. */
export interface MetricVariableOptions {
  /** Lengths of the axes. Default: null, a single number. */
  readonly shape?: readonly number[] | null | undefined;
  /** Initial values. Default: null, `"zeros"`. */
  readonly initializer?: initializers.InitializerIdentifier | null | undefined;
  /** Its name within the metric. Default: null, `"variable"`, then `"variable_1"` ... */
  readonly name?: string | null | undefined;
}

/** Creates a variable with its initial values. @throws the errors of the initializer */
export function metricVariable(
  metricName: string,
  options: MetricVariableOptions,
  others: readonly Variable[],
): Variable {
  const owner = `The metric "${metricName}"`;
  checkKnownOptions(`${owner}: addVariable`, options, ["shape", "initializer", "name"]);
  const shape = checkedShape(owner, options.shape ?? []);
  const name = `${metricName}/${text(owner, "name", options.name ?? freeName(metricName, others))}`;
  const initializer = initializers.get(options.initializer ?? "zeros");
  const isObject = initializer instanceof initializers.Initializer;
  if (isObject) checkOverrides(`The initializer of "${name}"`, initializer, "call", "call(shape)");
  // It outlives the step, and is not recorded by tapes.
  return passing(() =>
    unrecorded(() => {
      const values = isObject ? initializer.call(shape) : initializer(shape);
      const numbers = isA(values, Tensor) ? values.numbers : (values as Values);
      return new Variable(numbers, { shape, name, trainable: false });
    }),
  );
}

function freeName(metricName: string, others: readonly Variable[]): string {
  const isTaken = (name: string) => others.some((other) => other.name === `${metricName}/${name}`);
  let name = "variable";
  for (let i = 1; isTaken(name); i++) name = `variable_${i}`;
  return name;
}
