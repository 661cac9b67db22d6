/** Worker scripts of the user's own. */

import { layers, ops, Sequential, setRandomSeed, type Tensor } from "gradstep";
import { type CreateWorker, connect, offload } from "gradstep/worker";
import { expect, it } from "vitest";
import { workerOf } from "./platform.js";
import { bits, x, y } from "./training.js";

/** A script that imports this repository's build. */
const script =
  (code: string): CreateWorker =>
  (url) =>
    workerOf(`
      import * as gradstep from ${JSON.stringify(new URL("../index.js", url).href)};
      import { expose } from ${JSON.stringify(new URL("./index.js", url).href)};
      ${code}`);

const DOUBLING = `
class Doubling extends gradstep.layers.Layer {
  static className = "Doubling";
  call(x) { return gradstep.ops.multiply(x, 2); }
}`;

class Doubling extends layers.Layer {
  static override readonly className: string = "Doubling";
  override call(inputs: Tensor<"float32">): Tensor<"float32"> {
    return ops.multiply(inputs, 2);
  }
}

it("layers of one's own train in a worker whose script exposes them", async () => {
  const make = () => {
    setRandomSeed(4);
    const model = new Sequential([new layers.Dense(3, { inputShape: [6] }), new Doubling(), new layers.Dense(1)]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    return model;
  };
  await expect(offload(make())).rejects.toMatchObject({
    name: "ValueError",
    message: expect.stringMatching(/Doubling/),
  });
  const local = make();
  const { history } = await local.fit(x, y, { epochs: 2 });
  const createWorker = script(`${DOUBLING} expose({ customLayers: { Doubling } });`);
  const remote = await offload(make(), { createWorker });
  expect((await remote.fit(x, y, { epochs: 2 })).history).toEqual(history);
  expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
  await remote.dispose();
});

it("a model that the script makes is driven from outside", async () => {
  const createWorker = script(`
    gradstep.setRandomSeed(5);
    const model = new gradstep.Sequential([new gradstep.layers.Dense(1, { inputShape: [6] })], { name: "theirs" });
    model.compile({ optimizer: "sgd", loss: "mse" });
    expose({ model });`);
  const remote = await connect(createWorker);
  expect(remote.name).toBe("theirs");
  const loss: unknown[] = [];
  const callback = { onEpochEnd: (_: number, logs: object) => void loss.push("loss" in logs && logs.loss) };
  const { history } = await remote.fit(x, y, { epochs: 3, callbacks: [callback] });
  expect(loss).toEqual(history.loss);
  await remote.dispose();
});

it("expose refuses what is no model", async () => {
  const createWorker = script("expose({ model: 1 });");
  await expect(connect(createWorker)).rejects.toMatchObject({
    code: "ERR_WORKER_LOST",
    message: expect.stringMatching(/model/),
  });
});
