/**
 * Options are plain objects. Anything else has no own options: it was read as `{}`, and the caller's intent was lost.
 * The test walks every public class and function, so new ones are covered.
 */

import { describe, expect, it } from "vitest";
import * as gradstep from "../../ts/index.js";
import { Input, layers, losses, Model, Muon, optimizers, Sequential, SGD } from "../../ts/index.js";
import { fromKeras } from "../../ts/keras-names.js";
import { kerasArguments } from "../support/keras-signatures.js";
import { optionCalls } from "../support/option-calls.js";
import { CLASSES_WITH_OPTIONS, neededOf } from "../support/public-classes.js";
import { PUBLIC_FUNCTIONS } from "../support/public-functions.js";

class Settings {
  learningRate = 0.5;
}

/** Options that are not plain objects. Inherited entries are not read everywhere, so they are refused. */
const ODD: Readonly<Record<string, unknown>> = {
  "a date": new Date(0),
  "a Number": new Number(1),
  "a String": new String(""),
  "a Boolean": new Boolean(true),
  "a regular expression": /x/,
  "a function": () => ({}),
  "a class": Settings,
  "an instance": new Settings(),
  "an error": new Error("x"),
  "a promise": Promise.resolve({}),
  "a Map": new Map(),
  "a Set": new Set(),
  "a WeakMap": new WeakMap(),
  "a list": [],
  "an ArrayBuffer": new ArrayBuffer(8),
  "a typed array": new Float32Array(1),
  "a DataView": new DataView(new ArrayBuffer(8)),
  "a tensor": gradstep.tensor([1]),
  "an optimizer": new SGD(),
  "an iterator": [][Symbol.iterator](),
  "inherited entries": Object.create({ name: "x" }),
  true: true,
  null: null,
};

const thrown = async (call: () => unknown): Promise<(Error & { code?: string }) | undefined> => {
  try {
    await call();
  } catch (error) {
    return error as Error;
  }
  return undefined;
};

/** Values of the first argument that such a class accepts instead of an object of options. */
const TAKES: Readonly<Record<string, RegExp>> = {
  Variable: /^(a Number|a String)$/,
  SequentialSchedule: /^a list$/,
};

/** The first argument after an inner optimizer, of classes that Keras lacks; its others begin with the rate. */
const FIRST: Readonly<Record<string, string>> = {
  Lookahead: "syncPeriod",
  SAM: "rho",
  ScheduleFree: "momentum",
  SWA: "startAveraging",
};

describe("options that are not a plain object", () => {
  it.each(CLASSES_WITH_OPTIONS)("new %s", async (path, name, Made) => {
    const { before } = neededOf(name);
    for (const [kind, odd] of Object.entries(ODD)) {
      if (TAKES[name]?.test(kind)) continue;
      const error = await thrown(() => new Made(...before, odd));
      // The first argument by position takes what it takes by name, and refuses it with the same class of error.
      const first = FIRST[name] ?? fromKeras(String(kerasArguments(path)?.[before.length]?.[0] ?? "learning_rate"));
      const byName = await thrown(() => new Made(...before, { [first]: odd }));
      if (byName === undefined && error === undefined) continue;
      expect(error?.code, `${path}, ${kind}: ${error?.stack}`).toMatch(/^ERR_/);
      const isOther = error?.code === byName?.code && error?.name === byName?.name;
      if (!isOther) expect(error, `${path}, ${kind}`).toBeInstanceOf(TypeError);
    }
  });

  const dense = new layers.Dense(1, { inputShape: [1] });
  const model = new Sequential([dense]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const x = [[1]];
  const input = Input({ shape: [1] });
  /** Calls with options; those that may be `null` have the same as without. */
  const calls: Readonly<Record<string, (options: never) => unknown>> = {
    ...optionCalls({ dense, model }),
    "optimizers: fromConfig": (options) => SGD.fromConfig(options),
    "layers: fromConfig": (options) => layers.Flatten.fromConfig(options),
    "losses: fromConfig": (options) => losses.Huber.fromConfig(options),
    deserialize: (config) => optimizers.deserialize({ class_name: "SGD", config: config ?? 1 }),
    "fit: classWeight": (classWeight) => model.fit(x, x, { classWeight: classWeight ?? 1 }),
    "compile: metrics": (metrics) => new Sequential().compile({ loss: "mse", metrics: metrics ?? 1 }),
    "Model: inputs": (inputs) => new Model({ inputs, outputs: dense.apply(input) }),
  };
  /** Other kinds than objects with names that an argument takes. */
  const taken: Readonly<Record<string, RegExp>> = {
    "fit: classWeight": /^(a Map)$/,
    "compile: metrics": /^a list$/,
    deserialize: /^(a list)$/,
    compile: /^(an optimizer|null)$/,
    Input: /^a (list|String|Set|Map|typed array)$/,
  };

  it.each(Object.entries(calls))("%s", async (path, call) => {
    for (const [kind, odd] of Object.entries(ODD)) {
      if (taken[path]?.test(kind)) continue;
      const error = await thrown(() => call(odd as never));
      expect(error?.code, `${path}, ${kind}: ${error?.stack}`).toMatch(/^ERR_/);
    }
  });

  it.each(PUBLIC_FUNCTIONS)("%s", async (path, call, row) => {
    const [required] = row as NonNullable<typeof row>;
    for (const kind of ["a date", "a Number", "a Map", "a function", "an instance", "inherited entries"]) {
      const error = await thrown(() => call(...required, ODD[kind]));
      expect(error?.code, `${path}, ${kind}: ${error?.stack}`).toMatch(/^ERR_/);
    }
  });

  const { initializers, metrics } = gradstep;
  const families = { optimizers, losses, layers, metrics, initializers };
  const names = { optimizers: "SGD", losses: "mse", layers: "Flatten", metrics: "mse", initializers: "zeros" };
  it.each(Object.keys(families) as (keyof typeof families)[])("%s: customObjects", async (family) => {
    const { get } = families[family] as { get: (...given: unknown[]) => unknown };
    for (const [kind, odd] of Object.entries(ODD)) {
      if (odd === null) continue;
      const error = await thrown(() => get(names[family], odd));
      expect(error?.code, `${family}, ${kind}: ${error?.stack}`).toMatch(/^ERR_/);
    }
  });

  it("accepts plain objects without a prototype, frozen, and of another realm", () => {
    const bare = Object.assign(Object.create(null), { learningRate: 0.5 });
    expect(new SGD(bare).learningRate).toBe(0.5);
    expect(new SGD(Object.freeze({ learningRate: 0.5 })).learningRate).toBe(0.5);
    expect(new SGD(new Proxy({ learningRate: 0.5 }, {})).learningRate).toBe(0.5);
    const named = Object.assign(Object.create(null), { [dense.name]: "mse" });
    expect(() => new Sequential([new layers.Dense(1)]).compile({ loss: named })).not.toThrow();
  });
});

it("a refused Muon uses no name", () => {
  const count = () => Number(/\d*$/.exec(new Muon().name)?.[0] ?? "");
  const before = count();
  expect(() => new Muon({ excludeLayers: ["("] })).toThrow(/must have regular expressions/);
  expect(count()).toBe(before + 1);
});
