/** Settings of a model while copies of it train on replicas: settings that would be silently lost are warned about. */

import { callbacks, layers, Sequential, SGD } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { afterAll, expect, it, vi } from "vitest";

const strategy = new MirroredStrategy({ replicas: 2 });
afterAll(() => strategy.close());

it("weights and learning rates that are set on the model that fit was called on", async () => {
  const warnings = vi.spyOn(console, "warn").mockImplementation(() => {});
  try {
    const run = async (set: (outer: Sequential, inner: callbacks.CallbackModel) => void) => {
      const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", name: "d" })], {
        name: "outer",
      });
      model.compile({ optimizer: new SGD(0.5), loss: "mse", distribute: strategy });
      class Setting extends callbacks.Callback {
        override onEpochEnd(epoch: number) {
          if (epoch === 0) set(model, this.model as callbacks.CallbackModel);
        }
      }
      warnings.mockClear();
      await model.fit([[1], [1]], [[0], [0]], { epochs: 2, callbacks: [new Setting()] });
      return warnings.mock.calls.map(([text]) => text);
    };
    const said = (what: string) => [
      `outer: ${what} set during fit on replicas had no effect: copies of the model train. Set them by "this.model" in a class that extends callbacks.Callback.`,
    ];
    expect(await run((outer) => outer.setWeights([[[2]], [2]]))).toEqual(said("weights"));
    const slower = ({ optimizer }: Sequential) => {
      optimizer!.learningRate = 0.1;
    };
    expect(await run(slower)).toEqual(said("a learning rate"));
    expect(
      await run((_, inner) => {
        inner.setWeights([[[2]], [2]]);
        inner.optimizer!.learningRate = 0.1;
      }),
    ).toEqual([]);
  } finally {
    warnings.mockRestore();
  }
});
