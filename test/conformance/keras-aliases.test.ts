/**
 * Keras's other names of classes and functions: its lower-case names, with and without `new`, and `MaxPool2D`-like ones.
 */

import { describe, expect, it } from "vitest";
import {
  activations,
  constraints,
  Input,
  initializers,
  layers,
  Model,
  regularizers,
  Sequential,
  tensor,
} from "../../ts/index.js";
import { LAYER_ALIASES } from "../../ts/layers/registry.js";
import { isAlias } from "../support/public-classes.js";

type Made = { readonly className: string; getConfig(): object };
type Callable = { readonly className: string } & (new (...given: unknown[]) => Made) & ((...given: unknown[]) => Made);

/** As `dir(keras.initializers)` and its like list them, in camelCase; those of classes that are here. */
const LOWER = {
  regularizers: "l1 l2 l1L2 l1l2 orthogonalRegularizer",
  initializers:
    "constant glorotNormal glorotUniform heNormal heUniform identity lecunNormal lecunUniform ones orthogonal randomNormal randomUniform truncatedNormal varianceScaling zeros",
  constraints: "maxNorm minMaxNorm nonNeg unitNorm",
};
const families = { regularizers, initializers, constraints } as unknown as Record<string, Record<string, Callable>>;

describe.each(Object.entries(LOWER))("%s", (family, names) => {
  const members = families[family]!;

  it("has Keras's names, and no others", () => {
    const aliases = Object.keys(members).filter((name) => /^[a-z]/.test(name) && isAlias(name, members[name]));
    expect(aliases.sort()).toEqual(names.split(" ").sort());
  });

  it.each(names.split(" "))("%s is its class, with new and without", (name) => {
    const lower = members[name]!;
    const made = members[lower.prototype.constructor.className as string] as Callable;
    expect(made.className.toLowerCase()).toBe(name.toLowerCase());
    for (const object of [lower(), new lower()]) {
      expect(object).toBeInstanceOf(made);
      expect(object).toBeInstanceOf(lower);
      expect(Object.getPrototypeOf(object)).toBe(made.prototype);
      expect(object.getConfig()).toEqual(new made().getConfig());
    }
  });
});

it("arguments come as the classes take them, and are refused as they refuse them", () => {
  expect(regularizers.l2(0.5).l2).toBe(0.5);
  expect(regularizers.l2({ l2: 0.5 }).l2).toBe(0.5);
  expect(regularizers.l1l2({ l1: 0.25, l2: 0.5 }).getConfig()).toEqual({ l1: 0.25, l2: 0.5 });
  expect(() => regularizers.l2(-1)).toThrow(expect.objectContaining({ code: "ERR_OPTION_RANGE" }));
  // @ts-expect-error: a misspelt option.
  expect(() => initializers.heNormal({ sed: 1 })).toThrow(/did you mean "seed"/);
});

it("layers take them, called or not, and save the class's name", () => {
  const given = {
    kernelRegularizer: regularizers.l2(0.5),
    biasInitializer: initializers.ones,
    kernelConstraint: constraints.nonNeg,
  };
  const layer = new layers.Dense(2, { ...given, inputShape: [1] });
  expect([...new Sequential([layer]).apply([[0]]).array()]).toEqual([1, 1]);
  const config = layer.getConfig() as Record<string, { class_name: string }>;
  expect(config.kernel_regularizer?.class_name).toBe("L2");
  expect(config.bias_initializer?.class_name).toBe("Ones");
  expect(config.kernel_constraint?.class_name).toBe("NonNeg");
});

it.each(Object.entries(LAYER_ALIASES))("layers.%s is %s, also by name and in JSON", (alias, name) => {
  const made = layers[name] as unknown as new (...given: unknown[]) => layers.Layer;
  expect(layers[alias as keyof typeof LAYER_ALIASES]).toBe(made);
  const saved = layers.serialize(name.startsWith("Conv") ? new made(1, 1) : new made());
  expect(saved.class_name).toBe(name);
  expect(layers.deserialize({ ...saved, class_name: alias })).toBeInstanceOf(made);
});

it("classes and activations of two names", () => {
  expect(initializers.IdentityInitializer).toBe(initializers.Identity);
  expect(initializers.OrthogonalInitializer).toBe(initializers.Orthogonal);
  expect(activations.swish).toBe(activations.silu);
  expect(activations.hardSwish).toBe(activations.hardSilu);
});

describe("merging functions", () => {
  const [a, b] = [tensor([[1, 2]]), tensor([[3, 5]])];
  const values = {
    add: [4, 7],
    average: [2, 3.5],
    maximum: [3, 5],
    minimum: [1, 2],
    multiply: [3, 10],
    subtract: [-2, -3],
  };

  it.each(Object.entries(values))("%s", (name, expected) => {
    const merge = layers[name as keyof typeof values];
    expect([...merge([a, b]).array()]).toEqual(expected);
    const [left, right] = [Input([2]), Input([2])];
    const model = new Model([left, right], merge([left, right], { name: `my_${name}` }));
    expect([...(model.apply([a, b]) as typeof a).array()]).toEqual(expected);
    expect(model.layers.at(-1)?.name).toBe(`my_${name}`);
  });

  it("concatenate, along any axis", () => {
    expect([...layers.concatenate([a, b]).array()]).toEqual([1, 2, 3, 5]);
    expect(layers.concatenate([a, b], 0).shape).toEqual([2, 2]);
    expect(layers.concatenate([a, b], { axis: 0 }).shape).toEqual([2, 2]);
  });
});
