/**
 * Two small models of samples with four numbers, and such samples.
 */

import { Input, layers, Model, Sequential, type Tensor } from "../../ts/index.js";

export const x = Array.from({ length: 12 }, (_, i) => [i / 12, (i % 3) / 3, 1 - i / 12, 0.5]);

/** The numbers of a tensor. */
export const list = (value: Tensor): number[] => [...value.array()];

/** A stack of layers. */
export function sequential(): Sequential {
  return new Sequential([
    Input({ shape: [4] }),
    new layers.Dense(3, { activation: "tanh", kernelRegularizer: "l2" }),
    new layers.BatchNormalization(),
    new layers.Dense(1),
  ]);
}

/** Two inputs that share a layer, and two outputs. */
export function functional(): Model {
  const [a, b] = [Input({ shape: [4], name: "a" }), Input({ shape: [4], name: "b" })];
  const shared = new layers.Dense(3, { name: "shared" });
  const both = new layers.Concatenate({ name: "both" }).apply([shared.apply(a), shared.apply(b)]);
  const first = new layers.Dense(1, { name: "first" }).apply(both);
  const second = new layers.Dense(2, { name: "second", activation: "softmax" }).apply(both);
  return new Model({ inputs: [a, b], outputs: [first, second], name: "two" });
}
