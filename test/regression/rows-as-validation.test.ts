/**
 * Validation data as lists of flat arrays, a sample each. At a width of 1 they were read as batches, with a loss of
 * 13.5.
 */

import { expect, it } from "vitest";
import { layers, Sequential, SGD, tensor } from "../../ts/index.js";

const row = (...numbers: number[]) => new Float32Array(numbers);

async function validated(width: number, data: readonly unknown[]): Promise<unknown> {
  const model = new Sequential([
    new layers.Dense(1, { inputShape: [width], kernelInitializer: "ones", useBias: false }),
  ]);
  model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "mse" });
  const one = [Array.from({ length: width }, () => 0)];
  const { history } = await model.fit(one, [[0]], { verbose: 0, validationData: data as never });
  return history.val_loss?.[0];
}

const X = [1, 2, 3];
const Y = [2, 4, 6];

it.each<[string, number, readonly unknown[], number]>([
  // (1 + 4 + 9) / 3
  ["three typed arrays", 1, [X.map((x) => row(x)), Y.map((y) => row(y))], 14 / 3],
  ["three tensors", 1, [X.map((x) => tensor([x])), Y.map((y) => tensor([y]))], 14 / 3],
  ["three in double precision", 1, [X.map((x) => new Float64Array([x])), Y.map((y) => row(y))], 14 / 3],
  ["beside flat labels", 1, [X.map((x) => row(x)), Y], 14 / 3],
  ["with weights", 1, [X.map((x) => row(x)), Y.map((y) => row(y)), [1, 0, 0]], 1 / 3],
  [
    // (1 + 4) / 2: rows of the input's width are samples, as many as there may be.
    "two",
    1,
    [
      [row(1), row(5)],
      [row(2), row(7)],
    ],
    2.5,
  ],
  [
    "two of two numbers",
    2,
    [
      [row(1, 2), row(3, 4)],
      [3, 9],
    ],
    2,
  ],
  [
    "two batches of one sample of two numbers",
    2,
    [
      [row(1, 2), row(4)],
      [row(3, 4), row(9)],
    ],
    2.5,
  ],
  ["one", 1, [[row(1)], [row(2)]], 1],
  ["one of three numbers", 3, [[row(1, 2, 3)], [row(8)]], 4],
  ["four of three numbers", 3, [[0, 1, 2, 3].map((x) => row(x, 0, 0)), [0, 1, 2, 5].map((y) => row(y))], 1],
  // Batches of several samples, as before: (1 + 4) / 2, then (9 + 16) / 2, weighted by their sizes.
  [
    "batches of flat arrays",
    1,
    [
      [row(1, 2), row(2, 4)],
      [row(3, 4), row(6, 8)],
    ],
    7.5,
  ],
])("%s", async (_, width, data, expected) => {
  expect(await validated(width, data)).toBeCloseTo(expected, 5);
});
