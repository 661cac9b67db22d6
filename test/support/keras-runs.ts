/** Models that real Keras saved: predictions, and the next training steps. */

import { expect } from "vitest";
import { type Model, type Tensor, tensor } from "../../ts/index.js";

interface Array {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** A model as the golden scripts have it. */
export interface KerasCase {
  readonly files: Readonly<Record<string, string>>;
  readonly x: readonly Array[];
  readonly y: Array;
  readonly predicted: readonly number[];
  readonly losses: readonly number[];
  readonly weights: readonly (readonly number[])[];
  readonly optimizer?: readonly (readonly number[])[];
}

const tensorOf = ({ shape, values }: Array) => tensor(Float32Array.from(values), [...shape]);

function inputOf({ x }: KerasCase) {
  const all = x.map(tensorOf);
  return all.length === 1 ? all[0]! : all;
}

function expectClose(what: string, got: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(got.length, what).toBe(expected.length);
  const off = expected.findIndex((value, i) => Math.abs(value - got[i]!) > tolerance * (1 + Math.abs(value)));
  if (off >= 0) throw new Error(`${what}[${off}]: expected ${expected[off]}, got ${got[off]}`);
}

/** Predictions, then the next steps of Keras: losses, weights, the optimizer's state. */
export async function expectSameRun(model: Model, one: KerasCase): Promise<void> {
  // Not by predict: that would show the averages of ScheduleFreeAdamW.
  expectClose("predicted", (model.apply(inputOf(one) as never) as unknown as Tensor).array(), one.predicted, 1e-5);
  for (const [i, expected] of one.losses.entries()) {
    const scores = await model.trainOnBatch(inputOf(one) as never, tensorOf(one.y));
    expectClose(`loss ${i}`, [scores].flat() as number[], [expected, ...[scores].flat().slice(1)] as number[], 1e-4);
  }
  for (const [i, expected] of one.weights.entries()) {
    expectClose(`weight ${i}`, model.getWeights()[i]!.data, expected, 1e-4);
  }
  const state = model.optimizer!.variables;
  for (const [i, expected] of one.optimizer?.entries() ?? [])
    expectClose(state[i]!.path, state[i]!.value, expected, 1e-4);
}
