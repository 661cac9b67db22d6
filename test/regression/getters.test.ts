/** Getters of public classes: assignments, and reading them without their object, throw errors with a code. */

import { describe, expect, it } from "vitest";
import {
  callbacks,
  constraints,
  ForwardAccumulator,
  GradientTape,
  Input,
  initializers,
  layers,
  losses,
  metrics,
  optimizers,
  random,
  regularizers,
  Sequential,
  schedules,
  tensor,
  Variable,
} from "../../ts/index.js";
import { ModelCheckpoint } from "../../ts/saving/index.js";

const w = new Variable([1], { name: "w" });
const objects: readonly object[] = [
  w,
  tensor([1]),
  new GradientTape(),
  new ForwardAccumulator(w, [1]),
  new random.SeedGenerator(1),
  Input({ shape: [1] }),
  new layers.Dense(1),
  new layers.BatchNormalization(),
  new Sequential(),
  new optimizers.Adam(),
  new optimizers.Lookahead(new optimizers.SGD()),
  new schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 2 }),
  new schedules.ReduceOnPlateau(1),
  new losses.MeanSquaredError(),
  new metrics.AUC(),
  new initializers.GlorotUniform(),
  new initializers.Zeros(),
  new regularizers.L2(),
  new constraints.NonNeg(),
  new callbacks.EarlyStopping(),
  new callbacks.LambdaCallback({}),
  new ModelCheckpoint("x.keras"),
];

const getters = objects.flatMap((object) => {
  const found: [string, object, string, PropertyDescriptor][] = [];
  for (let at = object; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      // Marks, and names of other libraries, which only objects of subclasses answer.
      if (descriptor.get === undefined || /_|gradstepCopy|^(numbers|changed)$/.test(name)) continue;
      found.push([`${at.constructor.name}.${name}`, object, name, descriptor]);
    }
  }
  return found;
});

/** Refused by a code, if it is refused. */
function codeOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
  return "none";
}

describe("all getters", () => {
  it.each(getters)("%s", (_, object, name, { get, set }) => {
    expect(set).toBeTypeOf("function");
    for (const fake of [undefined, null, {}, 1, Object.create(null)]) {
      expect(codeOf(() => get?.call(fake))).toMatch(/^(ERR_|none)/);
    }
    // Some are settings.
    expect(codeOf(() => Object.assign(object, { [name]: Symbol("odd") }))).toMatch(/^(ERR_|none)/);
  });
});

it.each([
  [w, "value", 'w: "value" can only be read.'],
  [tensor([1]), "value", 'Tensor: "value" can only be read.'],
  [new losses.MeanSquaredError(), "className", 'mean_squared_error: "className" can only be read.'],
  [new callbacks.History(), "model", 'History: "model" can only be read.'],
])("the message of an assignment %#", (object, name, message) => {
  const call = () => Object.assign(object, { [name]: 1 });
  expect(call).toThrow(expect.objectContaining({ name: "TypeError", code: "ERR_NOT_IMPLEMENTED", message }));
});

it("a getter that was taken from its class, and item() of a fake", () => {
  const { get } = Object.getOwnPropertyDescriptor(callbacks.Callback.prototype, "model") as PropertyDescriptor;
  expect(() => get?.call({})).toThrow('"model" was read without its object: write object.model.');
  const { prototype } = tensor([1]).constructor as { prototype: { item(): number } };
  for (const fake of [undefined, { size: 1 }, Object.create(prototype)]) {
    expect(codeOf(() => prototype.item.call(fake))).toBe("ERR_OPTION_TYPE");
  }
});
