/**
 * A weight through 0 that `fit` trains, and what its tests compare with.
 */

import { expect } from "vitest";
import { layers, Sequential, SGD } from "../../ts/index.js";

/** `y = w x` with `w = 0` at first. */
export function linear(rate = 0, inputShape: number[] | undefined = [1]): Sequential {
  const model = new Sequential([
    new layers.Dense(1, { ...(inputShape ? { inputShape } : {}), kernelInitializer: "zeros", useBias: false }),
  ]);
  model.compile({ optimizer: new SGD({ learningRate: rate }), loss: "mse" });
  return model;
}

/** Without output, in the order of the data. */
export const QUIET = { verbose: 0, shuffle: false } as const;

/** Compares lists of numbers, relatively. */
export const close = (got: readonly unknown[] | undefined, wanted: readonly number[], tolerance = 1e-4): void => {
  expect(got?.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs((got?.[i] as number) - value)).toBeLessThan(tolerance * Math.max(1, Math.abs(value)));
  });
};
