/** Hooks that lost their object, getters of objects that no constructor made, and assignments to getters. */

import { expect, it } from "vitest";
import * as gradstep from "../../ts/index.js";
import * as saving from "../../ts/saving/index.js";

const { callbacks, layers, Sequential, Optimizer } = gradstep;

type Hook = (...given: unknown[]) => unknown;
type Class = { readonly name: string; readonly prototype: object };

const codeOf = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return (error as { readonly code?: unknown }).code ?? String(error);
  }
  return "none";
};

async function laterCode(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return (error as { readonly code?: unknown }).code ?? String(error);
  }
  return "none";
}

const CALLBACKS = [callbacks, saving].flatMap((entry) =>
  Object.values(entry as object).filter(
    (one): one is Class => typeof one === "function" && one.prototype instanceof callbacks.Callback,
  ),
);

it("hooks of every callback name the correct call", async () => {
  const faults: string[] = [];
  let tried = 0;
  for (const { name: of, prototype } of CALLBACKS) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (!/^on[A-Z]/.test(name)) continue;
      for (const self of [undefined, null, {}, { [name]: value }, 1]) {
        tried++;
        const code = await laterCode(() => (value as Hook).call(self, 0, {}));
        if (code !== "ERR_OPTION_TYPE") faults.push(`${of}.${name} of ${String(self)}: ${code}`);
      }
    }
  }
  expect(tried).toBeGreaterThan(150);
  expect(faults).toEqual([]);
});

it("a hook passed without its object says so", async () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const { onEpochEnd } = new callbacks.EarlyStopping({ monitor: "loss" });
  await expect(model.fit([[1]], [[1]], { verbose: 0, callbacks: [{ onEpochEnd }] })).rejects.toThrow(
    /^onEpochEnd was called without its object/,
  );
});

const OPTIMIZERS = Object.values(gradstep.optimizers as object).filter(
  (one): one is Class => typeof one === "function" && one.prototype instanceof Optimizer,
);

it.each(["className", "iterations", "skippedSteps", "learningRate", "built", "variables", "weights"])(
  "%s of an optimizer that no constructor made",
  (name) => {
    expect(OPTIMIZERS.length).toBeGreaterThan(30);
    for (const { prototype } of OPTIMIZERS) {
      for (const fake of [prototype, Object.create(prototype)] as object[]) {
        expect(["ERR_OPTION_TYPE", "ERR_LEARNING_RATE_FIXED"]).toContain(codeOf(() => Reflect.get(fake, name)));
      }
    }
  },
);

it("a learning rate set on such an object, and its config", () => {
  for (const { prototype } of OPTIMIZERS) {
    const fake = Object.create(prototype) as gradstep.Optimizer;
    expect(["ERR_OPTION_TYPE", "ERR_LEARNING_RATE_FIXED"]).toContain(
      codeOf(() => {
        fake.learningRate = 1;
      }),
    );
    expect(codeOf(() => fake.getConfig())).toMatch(/^ERR_/);
  }
});

it("rates and scaled losses of objects that no constructor made have a code, if they fail", () => {
  const codes = (classes: readonly Class[], call: (fake: never) => unknown) =>
    classes.flatMap(({ name, prototype }) => {
      try {
        return typeof call(Object.create(prototype as object) as never) === "number" ? [] : [`${name}: no number`];
      } catch (error) {
        return (error as { code?: unknown }).code === "ERR_OPTION_TYPE" ? [] : [`${name}: ${String(error)}`];
      }
    });
  const schedules = Object.values(gradstep.schedules as object).filter(
    (one): one is Class =>
      typeof one === "function" && one.prototype instanceof gradstep.schedules.LearningRateSchedule,
  );
  expect(schedules.length).toBeGreaterThan(10);
  // Settings that are missing make NaN: an object of numbers alone.
  expect(codes(schedules, (fake: gradstep.schedules.LearningRateSchedule) => fake.at(1))).toEqual([]);
  expect(codes(OPTIMIZERS, (fake: gradstep.Optimizer) => fake.scaleLoss(1))).toEqual([]);
});

it("assignments to getters have a code, in models, layers, metrics and all optimizers", () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], name: "d" })], { name: "m" });
  const lookahead = new gradstep.Lookahead(new gradstep.SGD(), { name: "l" });
  const cases: readonly (readonly [object, string])[] = [
    [new gradstep.SGD({ name: "s" }), "iterations"],
    [new gradstep.SGD({ name: "s" }), "variables"],
    [lookahead, "iterations"],
    [lookahead, "built"],
    [model, "layers"],
    [model, "weights"],
    [model, "optimizer"],
    [model.layers[0] as object, "trainableWeights"],
    [new gradstep.metrics.Mean({ name: "e" }), "variables"],
    // Overrides of a getter that the base class has.
    [new gradstep.metrics.Accuracy({ name: "e" }), "direction"],
    [new gradstep.metrics.MeanSquaredError({ name: "e" }), "direction"],
    [
      new (class extends gradstep.metrics.Mean {
        override get direction(): "up" {
          return "up";
        }
      })({ name: "e" }),
      "direction",
    ],
    [new layers.Dense(1, { name: "d" }), "kernel"],
    [new layers.Conv2D(1, 1, { name: "d" }), "bias"],
    [new layers.Embedding(1, 1, { name: "d" }), "embeddings"],
    [new layers.BatchNormalization({ name: "d" }), "movingMean"],
    [new layers.Normalization({ name: "d" }), "mean"],
    [new layers.Flatten({ name: "d" }), "keepsNumbers"],
    [new (class extends layers.Dense {})(1, { name: "d" }), "kernel"],
  ];
  for (const [object, name] of cases) {
    const assign = () => Reflect.set(object, name, 1);
    expect(assign).toThrow(`${(object as { name: string }).name}: "${name}" can only be read.`);
    expect(codeOf(assign)).toBe("ERR_NOT_IMPLEMENTED");
  }
});
