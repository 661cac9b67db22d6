/**
 * Initializers that draw from a generator: a model that is not built yet takes their states along, and which of them share
 * one. JSON has only their seeds.
 */

import { initializers, layers, modelFromJSON, random, Sequential } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload } from "gradstep/worker";
import { describe, expect, it } from "vitest";
import { bits, nestedX as x, y } from "./training.js";

type Made = readonly [initializers.Initializer, initializers.Initializer];

/** Generators that have drawn already, and initializers of two layers that use them. */
const rows: readonly (readonly [string, () => { made: Made; generators: random.SeedGenerator[] }])[] = [
  [
    "a separate generator",
    () => {
      const seed = drawn(5, 3);
      return { made: [new initializers.GlorotUniform({ seed }), new initializers.Ones()], generators: [seed] };
    },
  ],
  [
    "one for two layers",
    () => {
      const seed = drawn(6, 1);
      const made = [new initializers.HeNormal({ seed }), new initializers.RandomUniform({ seed })] as const;
      return { made, generators: [seed] };
    },
  ],
  [
    "two of one seed",
    () => {
      const [first, second] = [drawn(7, 0), drawn(7, 4)] as const;
      const made = [new initializers.RandomNormal({ seed: first }), new initializers.RandomNormal({ seed: second })];
      return { made: made as never as Made, generators: [first, second] };
    },
  ],
  [
    "one initializer for two layers",
    () => {
      const seed = drawn(8, 2);
      const orthogonal = new initializers.Orthogonal({ seed });
      return { made: [orthogonal, orthogonal], generators: [seed] };
    },
  ],
  [
    "a number, and none",
    () => ({
      made: [new initializers.TruncatedNormal({ seed: 9 }), new initializers.VarianceScaling()],
      generators: [],
    }),
  ],
];

function drawn(seed: number, calls: number): random.SeedGenerator {
  const generator = new random.SeedGenerator(seed);
  generator.state = [seed, calls];
  return generator;
}

function unbuilt([first, second]: Made): Sequential {
  const model = new Sequential([
    new layers.Dense(4, { kernelInitializer: first }),
    new layers.Dense(1, { kernelInitializer: second }),
  ]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
}

const options = { batchSize: 32, verbose: 0 } as const;

describe.each(rows)("%s", (_, make) => {
  it("draws in a worker what it would have drawn here", async () => {
    const { made, generators } = make();
    const before = generators.map(({ state }) => state);
    const model = unbuilt(made);
    const remote = await offload(model);
    await remote.fit(x, y, options);
    const there = bits(await remote.getWeights());
    await remote.dispose();
    // The model that was given stays as it is.
    expect(generators.map(({ state }) => state)).toEqual(before);
    await model.fit(x, y, options);
    expect(there).toEqual(bits(model.getWeights()));
  });

  it("and on replicas, after which the generators have drawn here", async () => {
    const [local, mirrored] = [make(), make()];
    const model = unbuilt(local.made);
    await model.fit(x, y, { ...options, epochs: 1, batchSize: 96 });
    const strategy = new MirroredStrategy({ replicas: 1, workers: 1 });
    const other = unbuilt(mirrored.made);
    other.compile({ optimizer: "sgd", loss: "mse", distribute: strategy });
    await other.fit(x, y, { ...options, epochs: 1, batchSize: 96 });
    await strategy.close();
    // Sums of gradients are rounded in another order; other first weights would be far away.
    const [here, there] = [model, other].map((one) => one.getWeights().flatMap(({ data }) => [...data]));
    if (mirrored.generators.length > 0) expect(there).toEqual(here?.map((value) => expect.closeTo(value, 5)));
    expect(mirrored.generators.map(({ state }) => state)).toEqual(local.generators.map(({ state }) => state));
  });
});

it("JSON has seeds, as Keras's has", () => {
  const seed = drawn(5, 3);
  const model = unbuilt([new initializers.GlorotUniform({ seed }), new initializers.Ones()]);
  const text = JSON.stringify(model);
  expect(text).toContain('"seed":5');
  expect(modelFromJSON(JSON.parse(text))).toBeInstanceOf(Sequential);
  expect(() => new initializers.GlorotUniform({ seed: { generator: 0 } as never })).toThrow(TypeError);
});
