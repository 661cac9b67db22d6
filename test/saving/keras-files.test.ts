/** Models that real Keras 3.15.1 saved: predictions are its own, and training goes on as its own does. */

import { describe, expect, it } from "vitest";
import { type Model, tensor } from "../../ts/index.js";
import { loadModel } from "../../ts/saving/index.js";
import theirs from "../golden/keras-files.json" with { type: "json" };
import { unzippedOf } from "../support/bytes.js";

interface Array {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly x: readonly Array[];
  readonly y: Array;
  readonly predicted: readonly number[];
  readonly losses: readonly number[];
  readonly weights: readonly (readonly number[])[];
  readonly optimizer: readonly (readonly number[])[];
}

const cases = Object.entries(theirs.cases as unknown as Readonly<Record<string, Case>>);

const tensorOf = ({ shape, values }: Array) => tensor(Float32Array.from(values), [...shape]);

function inputOf({ x }: Case) {
  const all = x.map(tensorOf);
  return all.length === 1 ? all[0]! : all;
}

function expectClose(what: string, got: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(got.length, what).toBe(expected.length);
  const off = expected.findIndex((value, i) => Math.abs(value - got[i]!) > tolerance * (1 + Math.abs(value)));
  if (off >= 0) throw new Error(`${what}[${off}]: expected ${expected[off]}, got ${got[off]}`);
}

/** Predictions, then the next steps of Keras: losses, weights, the optimizer's state. */
async function expectSameRun(model: Model, one: Case): Promise<void> {
  expectClose("predicted", (await model.predict(inputOf(one) as never)).array(), one.predicted, 1e-5);
  for (const [i, expected] of one.losses.entries()) {
    const scores = await model.trainOnBatch(inputOf(one) as never, tensorOf(one.y));
    expectClose(`loss ${i}`, [scores].flat() as number[], [expected, ...[scores].flat().slice(1)] as number[], 1e-4);
  }
  for (const [i, expected] of one.weights.entries()) {
    expectClose(`weight ${i}`, model.getWeights()[i]!.data, expected, 1e-4);
  }
  const state = model.optimizer!.variables;
  expect(state.length).toBe(one.optimizer.length);
  for (const [i, expected] of one.optimizer.entries()) expectClose(state[i]!.path, state[i]!.value, expected, 1e-4);
}

describe.each(cases)("%s", (_, one) => {
  it(".keras", async () => {
    await expectSameRun(await loadModel(await unzippedOf(one.files[".keras"]!), { format: "keras" }), one);
  });
});
