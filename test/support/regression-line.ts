/**
 * A small regression problem, and a line through it that starts from the same weights every time.
 */

import { layers, optimizers, Sequential, type Variable } from "../../ts/index.js";

export const COUNT = 20;
export const x = Array.from({ length: COUNT }, (_, i) => [i / COUNT, (i % 5) / 5, 1 - i / COUNT]);
export const y = x.map(([a = 0, b = 0]) => [2 * a - b]);

/** A line through the data. */
export function line(options: { optimizer?: optimizers.Optimizer | string; metrics?: string[] } = {}): Sequential {
  const model = new Sequential([new layers.Dense(1, { inputShape: [3], kernelInitializer: "zeros" })]);
  const optimizer = options.optimizer ?? new optimizers.SGD({ learningRate: 0.1 });
  model.compile({ optimizer, loss: "mse", metrics: options.metrics ?? [] });
  return model;
}

/** All numbers of some weights. */
export const numbers = (weights: readonly Variable[]): number[] => weights.flatMap((weight) => [...weight.array()]);
