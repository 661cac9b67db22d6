/** Numbers in every form are sent to a worker: results are those of the model here. */

import { layers, Sequential, tensor } from "gradstep";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";

const line = () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [2], kernelInitializer: "ones", useBias: false })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
};

const rows = [Uint8Array.of(1, 2), Float32Array.of(3, 4)];
const FORMS: Readonly<Record<string, () => unknown>> = {
  Uint8Array: () => Uint8Array.of(1, 2, 3, 4),
  Uint8ClampedArray: () => Uint8ClampedArray.of(1, 2, 3, 4),
  Int16Array: () => Int16Array.of(1, 2, 3, 4),
  Float64Array: () => Float64Array.of(1, 2, 3, 4),
  BigInt64Array: () => BigInt64Array.of(1n, 2n, 3n, 4n),
  "rows of different types": () => rows,
  tensors: () => rows.map((row) => tensor(row)),
};

it.each(Object.entries(FORMS))("%s", async (_, made) => {
  await using remote = await offload(line());
  const x = made() as Float32Array;
  expect((await remote.predict(x)).toArray()).toEqual([[3], [7]]);
  // The caller keeps what was not given away.
  expect(x).toHaveLength(x === (rows as unknown) || Array.isArray(x) ? 2 : 4);
  const local = line();
  const { history } = await local.fit(x, [true, false], { shuffle: false, verbose: 0 });
  const result = await remote.fit(made() as Float32Array, [true, false], { shuffle: false, verbose: 0 });
  expect(result.history).toEqual(history);
});

it("batches of TensorFlow.js, whole, in a list and from a generator", async () => {
  const [xs, ys] = [[[1, 2]], [1]];
  await using remote = await offload(line());
  const forms: unknown[] = [
    { xs, ys },
    [{ xs, ys }],
    function* () {
      yield { xs: tensor(xs), ys: Uint8Array.from(ys) };
    },
  ];
  for (const data of forms) expect(await remote.evaluate(data as never)).toBe(4);
});

it("pictures, whose alpha the model in the worker drops", async () => {
  const model = new Sequential([new layers.Flatten({ inputShape: [1, 2, 3] })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  await using remote = await offload(model);
  const picture = (first: number) => {
    const data = Uint8ClampedArray.from({ length: 8 }, (_, i) => first + i);
    return typeof ImageData === "function" ? new ImageData(data, 2, 1) : { data, width: 2, height: 1 };
  };
  expect((await remote.predict(picture(0) as never)).toArray()).toEqual([[0, 1, 2, 4, 5, 6]]);
  expect((await remote.predict([picture(0), picture(10)] as never)).toArray()).toEqual([
    [0, 1, 2, 4, 5, 6],
    [10, 11, 12, 14, 15, 16],
  ]);
});
