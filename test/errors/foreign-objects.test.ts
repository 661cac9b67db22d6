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
  ];
  for (const [object, name] of cases) {
    const assign = () => Reflect.set(object, name, 1);
    expect(assign).toThrow(`${(object as { name: string }).name}: "${name}" can only be read.`);
    expect(codeOf(assign)).toBe("ERR_NOT_IMPLEMENTED");
  }
});
