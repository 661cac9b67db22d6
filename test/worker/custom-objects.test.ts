/** Custom classes and functions of every family in workers and on replicas, by a script that exposes them. */

import * as gradstep from "gradstep";
import { type Model, type Optimizer, Sequential, SGD, setRandomSeed, Variable } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { type CreateWorker, connect, offload, RemoteOptimizer } from "gradstep/worker";
import { expect, it } from "vitest";
import { CUSTOM_FAMILIES, customFamilies } from "../support/custom-families.js";
import { workerOf } from "./platform.js";
import { bits, x, y } from "./training.js";

const { customObjects, made } = customFamilies(gradstep);
const halving = () => made("Halving", 0.125);
/** The class of one family, made; or its function. */
const either = (functions: boolean, fn: string, name: string): never =>
  functions ? (customObjects[fn] as never) : made(name);

/** A script that imports this repository's build, and has the objects. */
const script =
  (code = "expose({ customObjects });"): CreateWorker =>
  (url) =>
    workerOf(`
      import * as gradstep from ${JSON.stringify(new URL("../index.js", url).href)};
      import { expose } from ${JSON.stringify(new URL("./index.js", url).href)};
      ${CUSTOM_FAMILIES}${code}`);

const optimizers: Readonly<Record<string, () => Optimizer>> = {
  "a custom schedule": () => new SGD({ learningRate: halving() }),
  "a custom schedule after a warm-up, in a sequence": () => {
    const warmed = new gradstep.LinearWarmup(halving(), { warmupSteps: 3 });
    const line = new gradstep.Linear({ initialLearningRate: 0.05, totalSteps: 9 });
    return new SGD({ learningRate: new gradstep.SequentialSchedule({ schedules: [warmed, line], boundaries: [5] }) });
  },
  "a custom schedule in a custom optimizer": () => made("Slow", { learningRate: halving() }),
  "a custom schedule in a custom optimizer in loss scaling": () =>
    new gradstep.LossScaleOptimizer(made("Slow", { learningRate: halving() })),
  "a custom schedule in a custom rule": () =>
    made("Signs", { learningRate: halving(), share: 0.25, useEma: true, weightDecay: 0.01, clipnorm: 1 }),
  "a custom schedule in a custom rule in loss scaling": () =>
    new gradstep.LossScaleOptimizer(made("Signs", { learningRate: halving(), gradientAccumulationSteps: 2 })),
};

/** Of classes, or of functions. */
function compiled(optimizer: Optimizer, functions: boolean, distribute?: MirroredStrategy): Sequential {
  setRandomSeed(4);
  const { layers } = gradstep;
  const model = new Sequential([
    new layers.Dense(3, {
      inputShape: [6],
      activation: either(functions, "bent", "Scaled"),
      kernelInitializer: either(functions, "filled", "Steps"),
      kernelRegularizer: either(functions, "pull", "Sum"),
      kernelConstraint: either(functions, "clamp", "Small"),
    }),
    made("Scaled"),
    made("Around", new layers.Dense(3, { kernelInitializer: made("Steps") })),
    new layers.Lambda(customObjects.stretched as never, { arguments: { factor: 0.5 }, outputShape: [3] }),
    new layers.Identity(),
    new Sequential([new layers.Dense(1)]),
  ]);
  model.compile({
    optimizer,
    loss: either(functions, "cubic", "Fourth"),
    metrics: [either(functions, "largest", "Twice")],
    ...(distribute ? { distribute } : {}),
  });
  return model;
}

const options = { epochs: 2, batchSize: 24, shuffle: false, verbose: 0 } as const;
const left = (model: Model, { history }: { readonly history: object }) => [history, bits(model.getWeights())];

it.each(
  Object.entries(optimizers).flatMap(([name, make]) => [
    [name, "classes", make] as const,
    [name, "functions", make] as const,
  ]),
)("%s, with %s of all families, by offload", async (_, kind, make) => {
  const local = compiled(make(), kind === "functions");
  const here = left(local, await local.fit(x, y, options));
  const remote = await offload(compiled(make(), kind === "functions"), { createWorker: script() });
  const { history } = await remote.fit(x, y, options);
  expect([history, bits(await remote.getWeights())]).toEqual(here);
  await remote.dispose();
});

it("a model that the script builds from them", async () => {
  const make = optimizers["a custom schedule"] as () => Optimizer;
  const json = JSON.stringify(compiled(make(), true));
  const createWorker = script(`expose({ model: gradstep.modelFromJSON(${JSON.stringify(json)}, customObjects) });`);
  const remote = await connect(createWorker);
  const local = compiled(make(), true);
  await remote.setWeights(local.getWeights());
  const { history } = await remote.fit(x, y, options);
  expect(history).toEqual((await local.fit(x, y, options)).history);
  await remote.dispose();
});

it.each(Object.entries(optimizers))("%s alone", async (_, make) => {
  const [here, there] = [new Variable([1, 2], { name: "w" }), new Variable([1, 2], { name: "w" })];
  const remote = await RemoteOptimizer.create(make(), [there], { createWorker: script() });
  const local = make();
  for (let step = 0; step < 3; step++) {
    local.apply([[4, 8]], [here]);
    expect(await remote.apply([[4, 8]])).toEqual([here.array()]);
  }
  await remote.dispose();
});

it.each([
  ["classes", "a custom schedule in a custom optimizer"],
  ["functions", "a custom schedule in a custom optimizer"],
  ["classes", "a custom schedule in a custom rule"],
])("with %s of all families and %s, on replicas", async (kind, name) => {
  const make = optimizers[name] as () => Optimizer;
  const local = compiled(make(), kind === "functions");
  const strategy = new MirroredStrategy({ replicas: 1, createWorker: script() });
  const replicated = compiled(make(), kind === "functions", strategy);
  expect(left(replicated, await replicated.fit(x, y, options))).toEqual(left(local, await local.fit(x, y, options)));
  await strategy.close();
});

it.each(Object.entries(optimizers))("callbacks here see the rate of %s, and cannot set it", async (_, make) => {
  const rates = async (fitted: Pick<Model, "fit">) => {
    const seen: unknown[] = [];
    class Watching extends gradstep.callbacks.Callback {
      override onTrainBatchEnd() {
        const { optimizer } = this.model as { readonly optimizer: Optimizer };
        seen.push(optimizer.learningRate);
        expect(() => Object.assign(optimizer, { learningRate: 1 })).toThrow(/made with a schedule/);
      }
    }
    await fitted.fit(x, y, { ...options, callbacks: [new Watching()] });
    return seen;
  };
  const local = await rates(compiled(make(), true));
  expect(new Set(local).size).toBe(8);
  const remote = await offload(compiled(make(), true), { createWorker: script() });
  // A custom optimizer may make of its schedule what it likes, and only the worker knows its class.
  expect(await rates(remote as never)).toEqual(local);
  await remote.dispose();
});

it("without such a script, the error names the required script", async () => {
  const make = optimizers["a custom schedule"] as () => Optimizer;
  const expected = {
    code: "ERR_CONFIG_UNKNOWN_CLASS",
    message: expect.stringContaining("pass createWorker, with a script that calls expose({ customObjects })."),
  };
  await expect(offload(compiled(make(), false))).rejects.toMatchObject(expected);
  await expect(RemoteOptimizer.create(make(), [])).rejects.toMatchObject(expected);
  const strategy = new MirroredStrategy({ replicas: 1 });
  await expect(compiled(make(), true, strategy).fit(x, y, options)).rejects.toMatchObject(expected);
  await strategy.close();
});

it("a function as learning rate cannot be sent, and the message names an alternative", async () => {
  const rate = () => 0.125;
  const expected = {
    code: "ERR_CONFIG_INVALID",
    message: expect.stringMatching(/schedules\.LearningRateSchedule.*expose/),
  };
  await expect(offload(compiled(new SGD({ learningRate: rate }), true))).rejects.toMatchObject(expected);
  await expect(RemoteOptimizer.create(new SGD({ learningRate: rate }), [])).rejects.toMatchObject(expected);
  const strategy = new MirroredStrategy({ replicas: 1 });
  await expect(compiled(new SGD({ learningRate: rate }), true, strategy).fit(x, y, options)).rejects.toMatchObject(
    expected,
  );
  await strategy.close();
});
