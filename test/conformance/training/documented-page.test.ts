// The documented page's examples of training, as DESIGN writes them in TypeScript.

import { describe, expect, it } from "vitest";
import {
  GradientTape,
  layers,
  losses,
  optimizers,
  Sequential,
  setRandomSeed,
  type Tensor,
  tensor,
  zip,
} from "../../../ts/index.js";

/** Samples of ten numbers; the class is the largest of the first three. */
function problem(count: number) {
  const x: number[][] = [];
  const y: number[][] = [];
  for (let i = 0; i < count; i++) {
    const row = Array.from({ length: 10 }, (_, j) => (((i * 31 + j * 17) * (j + 3)) % 23) / 11.5 - 1);
    const [a = 0, b = 0, c = 0] = row;
    x.push(row);
    y.push(Array.from({ length: 64 }, (_, j) => (j === (a > b ? (a > c ? 0 : 2) : b > c ? 1 : 2) ? 1 : 0)));
  }
  return { x, y };
}

function build() {
  const model = new Sequential();
  model.add(new layers.Dense(64, { kernelInitializer: "uniform", inputShape: [10] }));
  model.add(new layers.Activation("softmax"));
  return model;
}

describe("the page's examples", () => {
  it("compile and fit, with an optimizer and by name", async () => {
    setRandomSeed(1);
    const { x, y } = problem(96);
    for (const optimizer of [new optimizers.Adam({ learningRate: 0.01 }), "adam"]) {
      const model = build();
      model.compile({ loss: "categorical_crossentropy", optimizer });
      const { history } = await model.fit(x, y, { batchSize: 32, epochs: 5 });
      expect(history.loss).toHaveLength(5);
      expect(history.loss?.[4]).toBeLessThan(history.loss?.[0] as number);
    }
  });

  it("a custom training loop", () => {
    setRandomSeed(2);
    const { x, y } = problem(64);
    const model = build();
    const optimizer = new optimizers.Adam({ learningRate: 0.01 });
    const seen: number[] = [];
    for (const lossFn of [losses.get("mse"), losses.meanSquaredError]) {
      for (let at = 0; at < 64; at += 16) {
        const tape = new GradientTape();
        const lossValue = tape.run(() =>
          (lossFn as typeof losses.meanSquaredError)(
            y.slice(at, at + 16),
            model.apply(tensor(x.slice(at, at + 16))) as Tensor,
          ),
        );
        const gradients = tape.gradient(lossValue, model.trainableWeights);
        optimizer.applyGradients(zip(gradients, model.trainableWeights));
        seen.push(lossValue.array().reduce((sum: number, value: number) => sum + value, 0));
      }
    }
    expect(optimizer.iterations).toBe(8);
    expect(seen[7]).toBeLessThan(seen[0] as number);
  });

  it("weights of RMSprop after a model was built by its data", async () => {
    const data = Array.from({ length: 5 }, (_, i) => Array.from({ length: 20 }, (_, j) => (i + j) / 25));
    const labels = [0, 1, 2, 3, 4];
    const rms = new optimizers.RMSprop();
    const m = new Sequential([new layers.Dense(10)]);
    m.compile({ optimizer: rms, loss: "mse" });
    await m.fit(data, labels);
    expect(rms.getWeights()).toHaveLength(3);
    expect(rms.getWeights()[0]?.data[0]).toBe(1);
    rms.setWeights([10, new Float32Array(200).fill(1), new Float32Array(10)]);
    expect(rms.iterations).toBe(10);
  });
});
