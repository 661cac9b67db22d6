/**
 * One rule for every family and every class: its identifiers, as a name in each spelling, a class, an object, and JSON
 * of Keras 3, of Keras 2 and of gradstep; and the names that real Keras knows.
 */

import { describe, expect, it } from "vitest";
import { withCustomObjects } from "../../ts/custom-objects.js";
import { layers, optimizers, type schedules } from "../../ts/index.js";
import { CLASSES } from "../golden/text-cases.js";
import golden from "../golden/texts.json" with { type: "json" };
import { FAMILIES, type Family, type Made } from "../support/families.js";
import { NEEDED } from "../support/needed-arguments.js";
import { thrown } from "../support/refusal.js";

/** `GlobalMaxPooling2D`: itself, in camelCase, in Keras's snake case, in that of its words, and without any. */
function spellings(name: string): string[] {
  const camel = name[0]?.toLowerCase() + name.slice(1);
  const keras = name
    .replace(/(.)([A-Z][a-z0-9]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
  const words = name.replace(/(?<=[a-z0-9])([A-Z])/g, "_$1").toLowerCase();
  return [...new Set([name, camel, keras, words, name.toLowerCase(), name.toUpperCase()])];
}

/** Whether it is an object of this class, or, where a family has functions of its names, the function. */
const names = (found: unknown, name: string) => {
  const { className, name: own } = found as { className?: string; name: string };
  return (className ?? own).toLowerCase() === name.toLowerCase();
};

const classes = Object.entries(CLASSES).flatMap(([module, list]) => list.map((name) => [module, name] as const));

describe.each(classes)("%s: %s", (module, name) => {
  const family = FAMILIES[module] as Family;
  const config = NEEDED[name] ?? {};
  const needsNone = NEEDED[name] === undefined;

  it("is found in every spelling", () => {
    for (const spelled of spellings(name)) {
      const found = () => (needsNone ? family.get(spelled) : family.deserialize({ class_name: spelled, config }));
      expect(names(found(), name), spelled).toBe(true);
    }
  });

  it("is found as JSON, with or without module and registered name, by get and deserialize", () => {
    for (const json of [
      { class_name: name, config },
      { module, class_name: name, config, registered_name: null },
      { module, class_name: name, config, registered_name: name },
      { module: `${module.replace("keras", "keras.src")}.file`, class_name: name, config, registered_name: name },
      { module: null, class_name: name, config, registered_name: null },
    ]) {
      expect(family.deserialize(json).className).toBe(name);
      expect((family.get(json) as Made).className).toBe(name);
    }
  });

  it("is given back as an object, made from its class, and saved by serialize", () => {
    const made = family.deserialize({ class_name: name, config });
    expect(family.get(made)).toBe(made);
    if (needsNone) expect((family.get(made.constructor) as Made).className).toBe(name);
    const saved = family.serialize(made);
    expect(saved).toMatchObject({ module, class_name: name, registered_name: null });
    // A Lambda names its function.
    const read = () => family.deserialize(saved);
    const again = name === "Lambda" ? withCustomObjects("test", config as never, read) : read();
    expect(again.getConfig()).toEqual(made.getConfig());
  });

  it("is suggested where the name is nearly right, and its arguments are called as in the file", () => {
    const nearly = `${name}x`;
    const code = "ERR_CONFIG_UNKNOWN_CLASS";
    expect(() => family.get(nearly)).toThrow(expect.objectContaining({ code }));
    expect(() => family.deserialize({ class_name: nearly, config })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`"${nearly}"`) }),
    );
    const strange = () => family.deserialize({ class_name: name, config: { ...config, no_such_key: 1 } });
    expect(strange).toThrow(expect.objectContaining({ code: "ERR_OPTION_UNKNOWN" }));
    expect(strange).toThrow('"no_such_key"');
    for (const [key, value] of Object.entries(family.deserialize({ class_name: name, config }).getConfig())) {
      if (typeof value !== "number" || !key.includes("_")) continue;
      const wrong = () => family.deserialize({ class_name: name, config: { ...config, [key]: "wrong" } });
      expect(wrong, key).toThrow(`"${key}"`);
    }
  });
});

describe("optimizers of Keras 2", () => {
  it.each(["SGD", "RMSprop", "Adam", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl"])("%s", (name) => {
    for (const rate of [{ learning_rate: 0.25 }, { lr: 0.25 }]) {
      for (const former of [
        { decay: 0.0 },
        { decay: null, jit_compile: true, is_legacy_optimizer: false },
        { jit_compile: false },
      ]) {
        const config = { name, ...rate, ...former };
        expect(optimizers.deserialize({ class_name: name, config }).learningRate).toBe(0.25);
        expect(optimizers.get({ class_name: name.toLowerCase(), config }).name).toBe(name);
      }
      const config = { ...rate, decay: 0.5 };
      expect(() => optimizers.get({ class_name: name, config })).toThrow(
        thrown(
          "ValueError",
          "ERR_CONFIG_INVALID",
          '"decay" of Keras 2 can only be 0, got 0.5. Write it as a schedule instead, in "learning_rate": InverseTimeDecay with decay_steps 1 and this decay_rate.',
        ),
      );
    }
    expect(() => optimizers.get({ class_name: name, config: { lr: 1, learning_rate: 1 } })).toThrow('"lr"');
  });

  it("with a schedule", () => {
    const schedule = {
      class_name: "ExponentialDecay",
      config: { initial_learning_rate: 0.5, decay_steps: 1, decay_rate: 0.5, staircase: false, name: null },
    };
    for (const rate of [{ learning_rate: schedule }, { lr: schedule }]) {
      const made = optimizers.get({
        class_name: "SGD",
        config: { ...rate, decay: 0.0, momentum: 0.0, nesterov: false },
      });
      expect((made.rate as schedules.LearningRateSchedule).at(1)).toBe(0.25);
    }
  });
});

it("an InputLayer of Keras 2", () => {
  const config = { batch_input_shape: [null, 4], dtype: "float32", sparse: false, ragged: false, name: "x" };
  expect((layers.deserialize({ class_name: "InputLayer", config }) as layers.InputLayer).output.shape).toEqual([
    null,
    4,
  ]);
});

describe("names that Keras's get knows", () => {
  /** Bases, and classes and functions that gradstep does not have. */
  const absent = (module: string, of: string) =>
    module === "keras.activations" ? of === "threshold" : !CLASSES[module]?.includes(of) && !hasFunction(module, of);
  const hasFunction = (module: string, of: string) => {
    const camel = of.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    return of === of.toLowerCase() && camel in (FAMILIES[module] as object);
  };
  const known = golden.names.filter(({ module, of }) => !absent(module, of));

  it("are here", () => {
    expect(known.length).toBeGreaterThan(220);
    // The names of losses are functions' in both.
    const plain = (text: string) => text.replaceAll("_", "").toLowerCase();
    for (const { module, name, of } of known) {
      const config = NEEDED[of] ?? {};
      const family = FAMILIES[module] as Family;
      const found = (of in NEEDED ? family.deserialize({ class_name: name, config }) : family.get(name)) as Made;
      const own = found.className ?? (found as { readonly name?: string }).name;
      // keras.activations.exponential is ops.exp.
      expect([name, plain(own === "exp" ? "exponential" : own)]).toEqual([name, plain(of)]);
    }
  });
});
