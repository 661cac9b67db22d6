/** offload({ relaxed: true }): products of the worker's model, with and without threads, beside this thread's. */

import { layers, Sequential } from "gradstep";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";

const x = Array.from({ length: 64 }, (_, i) => Array.from({ length: 50 }, (_, j) => (((i + 3) * (j + 5)) % 31) / 31));

function compiled(): Sequential {
  const model = new Sequential([
    new layers.Dense(40, { activation: "relu", inputShape: [50] }),
    new layers.Dense(3, { kernelInitializer: "ones" }),
  ]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
}

it.each([{ relaxed: true }, { relaxed: true, threads: "auto" as const }])("%o", async (options) => {
  const model = compiled();
  const here = (await model.predict(x)).value;
  const remote = await offload(model, options);
  const there = (await remote.predict(x)).value;
  expect(there.length).toBe(here.length);
  there.forEach((value, i) => {
    expect(value).toBeCloseTo(here[i] as number, 4);
  });
  const { history } = await remote.fit(x, Array(64).fill([1, 2, 3]), { epochs: 2, verbose: 0 });
  expect(history.loss?.every((loss) => Number.isFinite(loss))).toBe(true);
  await remote.dispose();
});

it("is refused unless it is true or false", async () => {
  await expect(offload(compiled(), { relaxed: "yes" as never })).rejects.toThrow(
    'offload: "relaxed" must be true or false, got "yes".',
  );
});
