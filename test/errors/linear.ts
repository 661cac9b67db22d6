/**
 * The smallest model that can be trained, for tables of errors.
 */

import { type CompileOptions, layers, Sequential } from "../../ts/index.js";

/** y = w x, with w = 0. */
export const linear = (): Sequential =>
  new Sequential(
    [new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false, name: "dense" })],
    {
      name: "model",
    },
  );

/** The same, compiled for SGD and mse by default. */
export function compiled(options: CompileOptions = {}): Sequential {
  const model = linear();
  model.compile({ optimizer: "sgd", loss: "mse", ...options });
  return model;
}
