/** Validation on replicas: what callbacks change before and after it reaches all of them. */

import { callbacks, layers, optimizers, Sequential } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { afterAll, expect, it } from "vitest";
import { numbers } from "./models.js";

const strategy = new MirroredStrategy({ replicas: 2, verify: true });
afterAll(() => strategy.close());

it("callbacks show averages for the validation, and set weights before it, on all replicas", async () => {
  const samples = { x: [[1], [2], [0.5], [0.1]], y: [[1], [3], [2], [0]] };
  const values = async (distribute: MirroredStrategy | null, useEma: boolean, callback: () => callbacks.Callback) => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "ones" })]);
    model.compile({ optimizer: new optimizers.SGD(0.1, { useEma }), loss: "mse", distribute });
    const options = {
      epochs: 3,
      verbose: 0,
      validationData: [samples.x, samples.y],
      callbacks: [callback()],
    } as const;
    const { history } = await model.fit(samples.x, samples.y, options);
    return { losses: history.val_loss as number[], weights: numbers(model) };
  };
  class Setting extends callbacks.Callback {
    override onTestBegin() {
      this.model?.setWeights([[[5]], [5]]);
    }
  }
  const cases = [[true, () => new callbacks.SwapEMAWeights()] as const, [false, () => new Setting()] as const];
  for (const [useEma, callback] of cases) {
    const alone = await values(null, useEma, callback);
    const replicated = await values(strategy, useEma, callback);
    alone.losses.forEach((loss, i) => {
      expect(replicated.losses[i]).toBeCloseTo(loss, 5);
    });
    alone.weights.forEach((weight, i) => {
      expect(replicated.weights[i]).toBeCloseTo(weight, 5);
    });
  }
});
