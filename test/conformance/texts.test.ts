/**
 * The texts that stringify writes are those that real Keras has read, and the objects that Keras made of them equal
 * those here.
 */

import { describe, expect, it } from "vitest";
import { FLOAT_ARGUMENTS, INTEGER_ARGUMENTS } from "../../ts/float-arguments.js";
import {
  layers,
  Model,
  modelFromJSON,
  Optimizer,
  optimizers,
  SGD,
  schedules,
  stringify,
  Variable,
} from "../../ts/index.js";
import rates from "../golden/schedules.json" with { type: "json" };
import { CLASSES, OBJECTS } from "../golden/text-cases.js";
import golden from "../golden/texts.json" with { type: "json" };
import { FAMILIES } from "../support/families.js";
import { GOLDEN } from "../support/golden.js";
import { NEEDED } from "../support/needed-arguments.js";

interface Expected {
  readonly rates?: readonly number[];
  readonly weights?: readonly number[];
  readonly learning_rate?: number;
  readonly kwargs?: readonly object[];
}

const cases = golden.cases as readonly { id: string; text: string; made_of_it: Expected }[];

const near = (ours: readonly number[], keras: readonly number[], tolerance: number) =>
  keras.forEach((value, i) => {
    expect(Math.abs((ours[i] as number) - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
  });

describe("texts for Python", () => {
  it("every object has its text", () => {
    expect(Object.keys(OBJECTS)).toEqual(cases.map(({ id }) => id));
  });

  it.each(cases)("$id", ({ id, text, made_of_it: expected }) => {
    const object = (OBJECTS[id] as () => object)();
    expect(stringify(object)).toBe(text);
    if (object instanceof schedules.LearningRateSchedule) {
      near(
        golden.steps.map((step) => object.at(step)),
        expected.rates as number[],
        2e-6,
      );
    } else if (object instanceof Optimizer) {
      const variable = new Variable([1, -2], { name: "layer/weight" });
      for (let i = 0; i < 3; i++) object.apply([[0.5, 0.25]], [variable]);
      near([...variable.array()], expected.weights as number[], 1e-5);
    } else if (object instanceof Model) {
      expect(modelFromJSON(text).optimizer?.learningRate).toBeCloseTo(expected.learning_rate as number, 8);
      const nodes = JSON.parse(stringify(modelFromJSON(text))).config.layers as {
        inbound_nodes?: { kwargs: object }[];
      }[];
      expect(nodes.flatMap(({ inbound_nodes = [] }) => inbound_nodes.map(({ kwargs }) => kwargs))).toEqual(
        expected.kwargs,
      );
    }
  });

  it("are the same from the object, from its JSON, and from JSON that was read; a config alone too", () => {
    const sgd = new SGD({ learningRate: 1, gradientAccumulationSteps: 2, name: "s" });
    const text = stringify(sgd);
    expect(text).toContain('"learning_rate":1.0');
    expect(text).toContain('"momentum":0.0');
    expect(text).toContain('"gradient_accumulation_steps":2,');
    expect(stringify(optimizers.serialize(sgd))).toBe(text);
    expect(stringify(JSON.parse(text))).toBe(text);
    expect(stringify(sgd.getConfig())).toBe(
      JSON.stringify(JSON.parse(text).config).replace(/(learning_rate":1|momentum":0)(?=,)/g, "$1.0"),
    );
  });

  it("leave names, shapes and strings alone", () => {
    const json = { class_name: "X", config: { name: 'float 1.0 "rate": 1', rate: 1 }, build_config: { rate: [1, 2] } };
    expect(stringify(json)).toBe(
      '{"class_name":"X","config":{"name":"float 1.0 \\"rate\\": 1","rate":1.0},"build_config":{"rate":[1,2]}}',
    );
    expect(stringify({ rate: -0 })).toBe('{"rate":-0.0}');
    expect(stringify({ rate: 1e21 })).toBe('{"rate":1e+21}');
  });

  it("JSON.stringify of a model writes the same where the engine can", () => {
    const model = (OBJECTS["a model with plain SGD"] as () => Model)();
    const canWrite = "rawJSON" in JSON;
    expect(JSON.stringify(model) === stringify(model)).toBe(canWrite);
    expect(model.toJSON()).toEqual(JSON.parse(stringify(model)));
  });

  it("every number among the arguments is known as a float or an integer", () => {
    const unknown = new Set<string>();
    const look = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const { config, class_name: name } = value as { config?: object; class_name?: string };
      if (name !== undefined && name !== "__keras_tensor__" && !("compile_config" in value)) {
        for (const [key, entry] of Object.entries(config ?? {})) {
          const isNumber = [entry].flat(3).some((part) => typeof part === "number");
          if (isNumber && !FLOAT_ARGUMENTS.has(key) && !INTEGER_ARGUMENTS.has(key)) unknown.add(key);
        }
      }
      for (const entry of Object.values(value)) look(entry);
    };
    for (const make of Object.values(OBJECTS)) look(JSON.parse(stringify(make())));
    look(JSON.parse(stringify(new layers.ZeroPadding2D())));
    expect([...unknown]).toEqual([]);
    for (const name of FLOAT_ARGUMENTS) expect(INTEGER_ARGUMENTS.has(name), name).toBe(false);
  });
});

const kindsOf = golden.arguments as readonly {
  readonly module: string;
  readonly name: string;
  readonly kinds: Readonly<Record<string, "float" | "integer">>;
}[];

describe("numbers of each class's arguments, against the defaults in Keras's signatures", () => {
  it("every class stands in the table", () => {
    // Keras has no signature of the classes that it lacks.
    const beyond = new Set([...GOLDEN.values()].flatMap(({ optimizer, source }) => (source ? [optimizer] : [])));
    for (const vector of rates.cases) if ("source" in vector) beyond.add(vector.class_name);
    // Its vectors, of losses, are in plateau.json.
    beyond.add("ReduceOnPlateau");
    const listed = Object.entries(CLASSES).flatMap(([module, names]) =>
      names.filter((name) => !module.startsWith("keras.optimizers") || !beyond.has(name)).map((name) => [module, name]),
    );
    const made = kindsOf.map(({ module, name }) => [module, name]);
    expect(made.sort()).toEqual(listed.sort());
    expect(listed.length).toBeGreaterThan(130);
  });

  it.each(kindsOf.map((entry) => [`${entry.module}.${entry.name}`, entry] as const))(
    "%s",
    (_, { module, name, kinds }) => {
      const make = (config: object) =>
        FAMILIES[module]?.deserialize({ class_name: name, config: { ...NEEDED[name], ...config } }) as {
          getConfig(): object;
        };
      const has = make({}).getConfig();
      for (const [argument, kind] of Object.entries(kinds)) {
        if (!Object.hasOwn(has, argument)) continue;
        // The first whole number within its range; the default where nothing else is supported.
        const made = [1, 2, 4, 0, 10, -1, [1], (has as Record<string, unknown>)[argument]].flatMap((value) => {
          try {
            return [make({ [argument]: value })];
          } catch {
            return [];
          }
        })[0] as object;
        const written = new RegExp(`"${argument}":(\\[[^\\]]*\\]|[^,}]*)`).exec(stringify(made))?.[1] ?? "";
        const values = written.match(/[\d.e+-]+/g) ?? [];
        expect(values.length, argument).toBeGreaterThan(0);
        for (const value of values) expect(/[.e]/.test(value), `${argument}: ${value}`).toBe(kind === "float");
      }
    },
  );
});
