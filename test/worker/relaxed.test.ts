/** Workers with relaxed SIMD, of one model and of replicas: their products, with and without threads, compared with this thread's. */

import { type FitStrategy, layers, Sequential, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";
import { hasRelaxedSimd } from "../../ts/runtime/relaxed.js";

const x = Array.from({ length: 64 }, (_, i) => Array.from({ length: 50 }, (_, j) => (((i + 3) * (j + 5)) % 31) / 31));

function compiled(distribute?: FitStrategy): Sequential {
  setRandomSeed(5);
  const model = new Sequential([
    new layers.Dense(40, { activation: "relu", inputShape: [50] }),
    new layers.Dense(3, { kernelInitializer: "ones" }),
  ]);
  model.compile({ optimizer: "sgd", loss: "mse", ...(distribute && { distribute }) });
  return model;
}

async function trained(model: Sequential): Promise<number[]> {
  await model.fit(x, Array(64).fill([1, 2, 3]), { epochs: 2, batchSize: 32, shuffle: false, verbose: 0 });
  return model.getWeights().flatMap(({ data }) => [...data]);
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

it("replicas use it where the engine has it: alike on any number of workers and threads, close to those without it", async () => {
  await using plain = new MirroredStrategy({ replicas: 2, relaxed: false });
  const expected = await trained(compiled(plain));
  const results: number[][] = [];
  for (const options of [{}, { workers: 1 }, { workers: 1, threads: "auto" as const }]) {
    await using strategy = new MirroredStrategy({ replicas: 2, relaxed: true, verify: true, ...options });
    results.push(await trained(compiled(strategy)));
  }
  const [first = []] = results;
  for (const others of results) expect(others).toEqual(first);
  for (const [i, value] of first.entries()) expect(value).toBeCloseTo(expected[i] as number, 4);
  // Processors without such an instruction round twice; those of the tests have it.
  expect(first.some((value, i) => value !== expected[i])).toBe(hasRelaxedSimd());
});

it("is refused unless it is true or false", async () => {
  await expect(offload(compiled(), { relaxed: "yes" as never })).rejects.toThrow(
    'offload: "relaxed" must be true or false, got "yes".',
  );
});
