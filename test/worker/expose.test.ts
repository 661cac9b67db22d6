/** Worker scripts of the user's own. */

import {
  callbacks,
  LossScaleOptimizer,
  layers,
  type Optimizer,
  ops,
  Sequential,
  SGD,
  setRandomSeed,
  type Tensor,
  Variable,
} from "gradstep";
import { type CreateWorker, connect, offload, RemoteOptimizer } from "gradstep/worker";
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

it("custom layers train in a worker whose script exposes them", async () => {
  const make = () => {
    setRandomSeed(4);
    const model = new Sequential([new layers.Dense(3, { inputShape: [6] }), new Doubling(), new layers.Dense(1)]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    return model;
  };
  await expect(offload(make())).rejects.toMatchObject({
    name: "ValueError",
    message:
      'No layer is registered as "Doubling": pass its class in customObjects, under this name or as "Doubling". A worker knows only what its script exposes: pass createWorker, with a script that calls expose({ customObjects }).',
  });
  const local = make();
  const { history } = await local.fit(x, y, { epochs: 2 });
  const createWorker = script(`${DOUBLING} expose({ customLayers: { Doubling } });`);
  const remote = await offload(make(), { createWorker });
  expect((await remote.fit(x, y, { epochs: 2 })).history).toEqual(history);
  expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
  await remote.dispose();
});

const SLOW = `
class Slow extends gradstep.SGD {
  static className = "Slow";
  get learningRate() { return super.learningRate / 4; }
  set learningRate(rate) { super.learningRate = rate; }
}`;

class Slow extends SGD {
  static override readonly className = "Slow";
  override get learningRate(): number {
    return super.learningRate / 4;
  }
  override set learningRate(rate: number) {
    super.learningRate = rate;
  }
}

it("custom optimizers work in a worker whose script exposes them", async () => {
  const createWorker = script(`${SLOW} expose({ customOptimizers: { Slow } });`);
  const optimizers = [() => new Slow({ learningRate: 0.5 }), () => new LossScaleOptimizer(new Slow())];
  for (const make of optimizers as (() => Optimizer)[]) {
    const compiled = () => {
      setRandomSeed(4);
      const model = new Sequential([new layers.Dense(1, { inputShape: [6] })]);
      model.compile({ optimizer: make(), loss: "mse" });
      return model;
    };
    await expect(offload(compiled())).rejects.toMatchObject({ code: "ERR_CONFIG_UNKNOWN_CLASS" });
    await expect(RemoteOptimizer.create(make(), [])).rejects.toMatchObject({ code: "ERR_CONFIG_UNKNOWN_CLASS" });
    const heard: unknown[] = [];
    // Awaited, so that the local model is used: this thread does not know the class of its optimizer.
    class Watching extends callbacks.Callback {
      override onEpochEnd() {
        heard.push(this.model.optimizer?.name, this.model.optimizer?.iterations);
      }
    }
    const options = { epochs: 2, batchSize: 48, callbacks: [new Watching()] };
    const local = compiled();
    const { history } = await local.fit(x, y, options);
    const remote = await offload(compiled(), { createWorker });
    expect((await remote.fit(x, y, options)).history).toEqual(history);
    expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
    expect(heard.filter(Number)).toEqual([2, 4, 2, 4]);
    await remote.dispose();

    const [here, there] = [new Variable([1, 2], { name: "w" }), new Variable([1, 2], { name: "w" })];
    make().apply([[4, 8]], [here]);
    const optimizer = await RemoteOptimizer.create(make(), [there], { createWorker });
    expect(await optimizer.apply([[4, 8]])).toEqual([here.array()]);
    await optimizer.dispose();
  }
});

it("a model created by the script is driven by the caller", async () => {
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

it("expose refuses anything but a model", async () => {
  const createWorker = script("expose({ model: 1 });");
  await expect(connect(createWorker)).rejects.toMatchObject({
    code: "ERR_WORKER_LOST",
    // Browsers put "Uncaught ValueError: " before it.
    message: expect.stringMatching(/^The worker is lost: it failed: .*expose: "model" must be a model, got 1\.$/),
  });
});
