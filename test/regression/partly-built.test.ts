/** Models of which some layers are built before the first step: all weights train from that step on. */

import { describe, expect, it } from "vitest";
import { layers, Model, type Operand, ops, Sequential, SGD, setRandomSeed } from "../../ts/index.js";

const { Dense } = layers;
const x = Array.from({ length: 3 }, (_, i) => [2 * i + 1, 2 * i + 2]);
const y = [[1], [2], [3]];

/** With its first layers built, or all. */
const MODELS: Readonly<Record<string, () => layers.Layer[]>> = {
  "a model inside that knows its input": () => [new Sequential([new Dense(2, { inputShape: [2] })]), new Dense(1)],
  "a layer that was built by hand": () => {
    const first = new Dense(2);
    first.build([null, 2]);
    return [first, new Dense(1)];
  },
  "a layer that makes a weight in its constructor": () => [new Scaled()],
};

class Scaled extends layers.Layer {
  readonly scale = this.addWeight({ shape: [1], initializer: "ones", name: "scale" });
  readonly dense = new Dense(1);
  override call(inputs: Operand) {
    return this.dense.apply(ops.multiply(inputs, this.scale));
  }
}

const kinds = ["fit", "fit, recorded", "trainOnBatch"] as const;

describe.each(Object.entries(MODELS))("%s", (_, make) => {
  it.each(kinds)("%s", async (kind) => {
    const trained = async (isBuilt: boolean) => {
      setRandomSeed(5);
      const model = new Sequential(make());
      if (isBuilt) model.build([null, 2]);
      model.compile({ optimizer: new SGD(0.01), loss: "mse", jitCompile: kind === "fit, recorded" ? "auto" : false });
      const before = isBuilt ? model.getWeights() : [];
      // One step, in which all weights have to move; and two more.
      const losses: number[] = [];
      const step = async () => {
        if (kind === "trainOnBatch") losses.push((await model.trainOnBatch(x, y)) as number);
        else losses.push(...((await model.fit(x, y, { shuffle: false })).history.loss as number[]));
      };
      await step();
      const first = model.getWeights().map(({ data }) => [...data]);
      for (const [i, { data }] of before.entries()) expect(first[i]).not.toEqual([...data]);
      await step();
      await step();
      return { losses, first, last: model.getWeights().map(({ data }) => [...data]) };
    };
    expect(await trained(false)).toEqual(await trained(true));
  });
});

it("a subclass of Model with one built layer", async () => {
  class Mine extends Model {
    readonly first = new Dense(2, { kernelInitializer: "ones" });
    readonly second = new Dense(1, { kernelInitializer: "ones" });
    override call(inputs: Operand) {
      return this.second.apply(this.first.apply(inputs));
    }
  }
  const model = new Mine();
  model.first.build([null, 2]);
  model.compile({ optimizer: new SGD(0.01), loss: "mse" });
  // One sample [1, 2], label 0: the outputs are [3, 3] and 6. The loss is 36, its gradient 12; kernels 12 [3, 3] and 12 [1, 2].
  await model.trainOnBatch([[1, 2]], [[0]]);
  const [kernel, , second, bias] = model.getWeights().map(({ data }) => [...data]);
  [0.88, 0.88, 0.76, 0.76].forEach((value, i) => void expect(kernel![i]).toBeCloseTo(value, 6));
  second!.forEach((value) => void expect(value).toBeCloseTo(1 - 0.01 * 36, 6));
  expect(bias![0]).toBeCloseTo(-0.12, 6);
  await model.trainOnBatch([[1, 2]], [[0]]);
  expect(model.optimizer?.iterations).toBe(2);
});
