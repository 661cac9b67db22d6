/** Small variables, which threads share in one step: moments of fewer bits, groups, and rows of embeddings. */

import type { Optimizer } from "gradstep";
import { setThreads } from "gradstep/threads";
import { afterAll, it } from "vitest";
import { expectSameBits, hash, type Library, numbers } from "./bits-of-threads.js";

// Before the first tensor of the package.
await setThreads(2);
afterAll(async () => {
  await setThreads(1);
});

/** Variables of small matrices and vectors, which threads share as a whole, and gradients. */
const SMALL = [5000, 4097, 130, 6000, 4500, 33, 9000, 4096, 7000, 5001];

/** The bits of all variables, and of the state of the optimizer, after some steps. */
function trained(library: Library, optimizer: Optimizer, groups = 1): number {
  const variables = SMALL.map(
    (length, i) => new library.Variable(numbers(length, i + 1), { name: `${i % groups === 0 ? "a" : "b"}/${i}` }),
  );
  for (let step = 0; step < 4; step++)
    optimizer.apply(
      variables.map(({ size }, i) => numbers(size, 10 * step + i + 7)),
      variables,
    );
  const states = optimizer.weights.slice(1).map((state) => state.array() as Float32Array);
  const result = hash(...variables.map((variable) => variable.array()), ...states);
  optimizer.dispose();
  for (const variable of variables) variable.dispose();
  return result;
}

it("small variables with moments of fewer bits", async () => {
  await expectSameBits((library) =>
    (["bfloat16", "uint8"] as const).flatMap((stateDtype) => [
      trained(library, new library.Adam({ stateDtype })),
      trained(library, new library.AdamW({ stateDtype, useEma: true, globalClipnorm: 0.7 })),
      trained(library, new library.Lion({ stateDtype, gradientAccumulationSteps: 2 })),
    ]),
  );
}, 120_000);

it("small variables of groups", async () => {
  await expectSameBits((library) => {
    const { Adam, AdamW, Lamb, MultiOptimizer, OptimizerMap, SGD } = library;
    const [rates, decays] = [{ "b/.*": 0.25 }, { "a/.*": 0, "b/3": 2 }];
    const groups = { learningRateMultipliers: rates, weightDecayMultipliers: decays, weightDecay: 0.01 };
    const made = [
      new AdamW(groups),
      new Lamb({ ...groups, clipnorm: 0.5 }),
      new Adam({ ...groups, stateDtype: "uint8" }),
      new MultiOptimizer(new OptimizerMap(new Lamb(), { "b/.*": new SGD({ momentum: 0.9, nesterov: true }) })),
      new MultiOptimizer(new OptimizerMap(new AdamW({ globalClipnorm: 0.5 }), { "b/.*": new Adam({ useEma: true }) })),
    ];
    return made.map((optimizer) => trained(library, optimizer, 3));
  });
}, 120_000);

it("rows of embeddings, beside small variables", async () => {
  await expectSameBits(async ({ layers, Sequential, setRandomSeed, tensor }) => {
    const results = [];
    for (const optimizer of ["sgd", "adagrad", "adam", "adamw", "rmsprop"]) {
      setRandomSeed(3);
      const model = new Sequential([
        new layers.Embedding(3000, 12, { sparseGradient: true, inputShape: [5] }),
        new layers.Flatten(),
        new layers.Dense(110, { activation: "relu" }),
        new layers.Dense(120, { activation: "relu" }),
        new layers.Dense(120, { activation: "relu" }),
        new layers.Dense(1),
      ]);
      model.compile({ optimizer, loss: "mse" });
      const indices = Int32Array.from({ length: 300 }, (_, i) => (i * 7919) % 2999);
      await model.fit(tensor(indices, [60, 5]), tensor(numbers(60, 2), [60, 1]), { batchSize: 20, verbose: 0 });
      results.push(hash(...model.getWeights().map(({ data }) => data as Float32Array)));
      model.dispose();
    }
    return results;
  });
}, 120_000);
