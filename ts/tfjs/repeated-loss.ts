/**
 * Losses of TensorFlow.js for optimizers that compute them several times in a step.
 *
 * @module
 */

import { dispose, engine, type NamedTensorMap, type Scalar } from "@tensorflow/tfjs-core";
import { multiply } from "../ops/arithmetic.js";
import { customGradient } from "../ops/custom-gradient.js";
import { type Tensor, tensor } from "../tensor.js";
import type { Mirror } from "./mirrors.js";

/** A loss and its gradients, by the names of the variables. */
export interface Evaluated {
  readonly value: Scalar;
  readonly grads: NamedTensorMap;
}

/**
 * The loss as a function of the copies of its variables.
 *
 * @param first - Its value and gradients at the current variables, which the first call returns without computing them
 *   again. The value is not freed.
 * @param mirrors - The variables by their names.
 * @param again - A function that computes both.
 */
export function repeatedLoss(
  first: Evaluated,
  mirrors: ReadonlyMap<string, Mirror>,
  again: () => Evaluated,
): () => Tensor<"float32"> {
  let next: Evaluated | undefined = first;
  return () => {
    if (next === undefined) for (const mirror of mirrors.values()) mirror.write();
    const { value, grads } = next ?? again();
    const loss = value.dataSync<"float32">()[0] ?? Number.NaN;
    const gradients = [...mirrors].map(([name, { copy }]) => {
      const gradient = grads[name];
      return gradient === undefined ? null : tensor(gradient.dataSync<"float32">(), copy.shape);
    });
    dispose(grads);
    if (next === undefined) value.dispose();
    next = undefined;
    const scaled = (dy: Tensor<"float32">) => {
      const all = gradients.map((gradient) => (gradient === null ? null : multiply(gradient, dy)));
      return all.length === 1 ? (all[0] ?? null) : all;
    };
    const known = customGradient(() => [tensor(loss), scaled]);
    return known(...[...mirrors.values()].map(({ copy }) => copy));
  };
}

/** The same function, whose later results are freed: `fit` reads its metrics from the first call. */
export function withoutMetrics(f: () => Scalar): () => Scalar {
  return () => {
    const loss = f();
    for (const made of engine().state.activeScope.track) if (made !== loss) made.kept = false;
    return loss;
  };
}
