/** Call arguments of layers, `apply(x, { training })`, in workers and on replicas. */

import { Input, layers, Model, Sequential, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";

const norm = () => new layers.BatchNormalization({ momentum: 0.5, name: "norm" });
type Symbolic = ReturnType<typeof Input>;

/** Each with whether its statistics follow the data. */
const models: Readonly<Record<string, readonly [boolean, (x: Symbolic) => Symbolic]>> = {
  "training false": [false, (x) => norm().apply(x, { training: false })],
  "training null": [true, (x) => norm().apply(x, { training: null })],
  "no argument": [true, (x) => norm().apply(x)],
  "a nested model that does not train": [
    false,
    (x) => {
      const y = Input({ shape: [1] });
      return new Model({ inputs: y, outputs: norm().apply(y), name: "inner" }).apply(x, {
        training: false,
      }) as Symbolic;
    },
  ],
  "a layer that does not train in a nested model": [
    false,
    (x) => {
      const y = Input({ shape: [1] });
      return new Model({ inputs: y, outputs: norm().apply(y, { training: false }), name: "inner" }).apply(
        x,
      ) as Symbolic;
    },
  ],
  "a layer that trains in a nested model that does not": [
    true,
    (x) => {
      const y = Input({ shape: [1] });
      const inner = new Model({ inputs: y, outputs: norm().apply(y, { training: true }), name: "inner" });
      return inner.apply(x, { training: false }) as Symbolic;
    },
  ],
  "a nested Sequential that does not train": [
    false,
    (x) => new Sequential([norm()], { name: "inner" }).apply(x, { training: false }) as Symbolic,
  ],
};

function compiled(call: (x: Symbolic) => Symbolic, distribute?: MirroredStrategy): Model {
  const x = Input({ shape: [1] });
  const model = new Model({ inputs: x, outputs: call(x) });
  model.compile({ optimizer: "sgd", loss: "mse", ...(distribute ? { distribute } : {}) });
  return model;
}

/** Gamma, beta, then the moving mean and variance. */
const moving = (weights: readonly { readonly data: ArrayLike<number> }[]) =>
  weights.slice(2).map(({ data }) => data[0] as number);
const data = [
  [[1], [3]],
  [[1], [3]],
] as const;

it.each(Object.entries(models))("%s", async (_, [trains, call]) => {
  const expected = trains ? [1, 1] : [0, 1];
  const remote = await offload(compiled(call));
  await remote.fit(data[0], data[1], { verbose: 0 });
  expect(moving(await remote.getWeights())).toEqual(expected);
  await remote.dispose();

  // Of two replicas each has one sample: variances are 0, and statistics are averages.
  for (const [replicas, left] of [
    [1, expected],
    [2, trains ? [1, 0.5] : [0, 1]],
  ] as const) {
    const strategy = new MirroredStrategy({ replicas });
    const replicated = compiled(call, strategy);
    await replicated.fit(data[0], data[1], { verbose: 0 });
    expect(moving(replicated.getWeights())).toEqual(left);
    await strategy.close();
  }
});

it("a dropout that always drops does so in a worker, with the draws that it has here", async () => {
  const make = () => {
    setRandomSeed(8);
    const x = Input({ shape: [64] });
    const inner = new Sequential([new layers.Dropout(0.5, { seed: 3 })], { name: "inner" });
    const dropped = inner.apply(new layers.Dropout(0.25).apply(x, { training: true }), { training: true });
    const model = new Model({ inputs: x, outputs: dropped as Symbolic });
    model.compile({ optimizer: "sgd", loss: "mse" });
    return model;
  };
  const ones = [new Array<number>(64).fill(1)];
  const [local, remote] = [make(), await offload(make())];
  for (let i = 0; i < 2; i++) {
    const here = [...(await local.predict(ones)).array()];
    expect(here.filter((value) => value === 0).length).toBeGreaterThan(0);
    expect([...(await remote.predict(ones)).array()]).toEqual(here);
  }
  expect(await remote.evaluate(ones, ones, { verbose: 0 })).toBe(await local.evaluate(ones, ones, { verbose: 0 }));
  await remote.dispose();
});
