/**
 * Models and data that the tests of this folder train.
 *
 * @module
 */

import { layers, type Optimizer, Sequential, setRandomSeed, type Values } from "gradstep";
import { RemoteOptimizer } from "gradstep/worker";
import { expect } from "vitest";

export const SAMPLES = 96;
const FEATURES = 6;

/** Numbers without any pattern that matters. */
const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => ((i * step) % 17) / 8 - 1);

/** Flat data, as long as it takes. */
export const x: Float32Array<ArrayBuffer> = wave(SAMPLES * FEATURES, 5);
/** Labels. */
export const y: Float32Array<ArrayBuffer> = wave(SAMPLES, 3);

/** The same, nested. */
export const nestedX: number[][] = Array.from({ length: SAMPLES }, (_, i) => [
  ...x.subarray(i * FEATURES, (i + 1) * FEATURES),
]);

/** A compiled model that draws at every step, and the generator seeded as for the same run again. */
export function seededModel(
  options: { readonly optimizer?: string | Optimizer; readonly built?: boolean } = {},
): Sequential {
  setRandomSeed(11);
  const shape = options.built === false ? {} : { inputShape: [FEATURES] };
  const model = new Sequential(
    [
      new layers.Dense(8, { activation: "softmax", name: "hidden", ...shape }),
      new layers.Dropout(0.25),
      new layers.Dense(1, { kernelInitializer: "glorot_normal", name: "output" }),
    ],
    { name: "remote_test" },
  );
  model.compile({ optimizer: options.optimizer ?? "adam", loss: "mse", metrics: ["mae"] });
  return model;
}

/** Weights to compare: every bit of them. */
export function bits(weights: readonly { readonly data: Float32Array | Int32Array | Float64Array }[]): number[][] {
  return weights.map(({ data }) => [...new Uint32Array(data.slice().buffer)]);
}

/** All batches of an epoch, as a list. */
export function batches(size: number): [Values, Values][] {
  const list: [Values, Values][] = [];
  for (let at = 0; at < SAMPLES; at += size) list.push([nestedX.slice(at, at + size), [...y.subarray(at, at + size)]]);
  return list;
}

/** Takes steps with these gradients in a worker, from `there`, and on `here`: the weights are equal after each. */
export async function expectSameRemoteSteps(
  here: Sequential,
  there: Sequential,
  gradients: readonly Float32Array[],
  steps: number,
): Promise<void> {
  const remote = await RemoteOptimizer.create(there.optimizer!, there.weights);
  for (let step = 0; step < steps; step++) {
    here.optimizer!.apply(gradients, here.weights);
    expect(await remote.apply(gradients)).toEqual(here.weights.map((variable) => variable.array()));
  }
  await remote.dispose();
}
