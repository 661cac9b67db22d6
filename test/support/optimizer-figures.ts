/**
 * Variables, gradients for them, and the figures of updates by these.
 */

import { type Optimizer, type OptimizerStats, Variable, withStats } from "../../ts/index.js";

/** Two variables. */
export const variables = () => [
  new Variable(
    [
      [1, -2],
      [0.5, 3],
    ],
    { name: "a/kernel" },
  ),
  new Variable([0.25, -1], { name: "b/bias" }),
];

/** Gradients of three steps. */
export const GRADIENTS = [
  [[1, 0.5, -0.25, 2].values(), [-1, 0.125].values()],
  [[-3, 0.5, 4, -0.5].values(), [0.75, 0.5].values()],
  [[0.1, 0.2, -0.3, 0.4].values(), [-0.2, 0.1].values()],
].map((step) => step.map((values) => Float32Array.from(values)));

/** The figures after each step. */
export function figures(optimizer: Optimizer, gradients = GRADIENTS, weights = variables()): (OptimizerStats | null)[] {
  withStats(optimizer);
  return gradients.map((step) => {
    optimizer.apply(step, weights);
    return optimizer.stats as OptimizerStats | null;
  });
}

/** The norm of all numbers together. */
export const norm = (lists: readonly Float32Array[]): number => Math.hypot(...lists.flatMap((list) => [...list]));

/** Norms of the update and of the weights, by a run without figures. */
export function changes(optimizer: Optimizer, gradients = GRADIENTS): [number, number][] {
  const weights = variables();
  return gradients.map((step) => {
    const before = weights.map((one) => one.array());
    optimizer.apply(step, weights);
    const change = weights.map((one, i) => one.array().map((value, j) => value - before[i]![j]!));
    return [norm(change), norm(before)];
  });
}
