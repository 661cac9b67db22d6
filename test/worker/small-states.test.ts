/** Small states (`stateDtype`) in a worker, in a remote optimizer and on replicas. */

import { Adam, AdamW, Lion, layers, type Optimizer, Sequential, setRandomSeed } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload } from "gradstep/worker";
import { describe, expect, it } from "vitest";
import { bits, expectSameRemoteSteps, x, y } from "./training.js";

/** Small states begin at 4,096 numbers of a variable. */
const UNITS = 4096;

function compiled(optimizer: Optimizer, distribute?: MirroredStrategy): Sequential {
  setRandomSeed(7);
  const model = new Sequential([
    new layers.Dense(UNITS, { activation: "relu", inputShape: [6] }),
    new layers.Dense(1, { kernelInitializer: "zeros" }),
  ]);
  model.compile({ optimizer, loss: "mse", ...(distribute ? { distribute } : {}) });
  return model;
}

const options = { epochs: 2, batchSize: 32, shuffle: false, verbose: 0 } as const;
const OPTIMIZERS = { Adam, AdamW, Lion };

describe.each(Object.entries(OPTIMIZERS))("%s", (_, Class) => {
  describe.each(["bfloat16", "uint8"] as const)("%s", (stateDtype) => {
    const made = (dtype: "float32" | typeof stateDtype = stateDtype) =>
      compiled(new Class({ learningRate: 3e-4, stateDtype: dtype }));

    it("a model in a worker", async () => {
      const [local, wide] = [made(), made("float32")];
      const remote = await offload(made());
      for (const model of [local, wide, remote]) await model.fit(x, y, options);
      const there = bits(await remote.getWeights());
      expect(there).toEqual(bits(local.getWeights()));
      expect(there).not.toEqual(bits(wide.getWeights()));
      await remote.dispose();
    });

    it("a remote optimizer", async () => {
      const [here, there] = [made(), made()];
      const gradients = here.weights.map(({ size }) =>
        Float32Array.from({ length: size }, (_, i) => ((i % 13) - 6) / 8),
      );
      await expectSameRemoteSteps(here, there, gradients, 3);
    });

    it("two replicas", async () => {
      const strategy = new MirroredStrategy({ replicas: 2, verify: true });
      const alone = made();
      const replicated = compiled(new Class({ learningRate: 3e-4, stateDtype }), strategy);
      for (const model of [alone, replicated]) await model.fit(x, y, options);
      const [one, two] = [alone, replicated].map((model) => model.getWeights().flatMap(({ data }) => [...data]));
      const largest = two!.reduce((most, value, i) => Math.max(most, Math.abs(value - one![i]!)), 0);
      // Six steps of 3e-4; sums in another order move a few numbers to the next of 256 values.
      expect(largest).toBeLessThan(3e-4);
      await strategy.close();
    });
  });
});
