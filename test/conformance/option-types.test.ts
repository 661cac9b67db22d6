/**
 * Every option has a check: values that are wrong for every option, and texts and objects where others are expected,
 * are refused with a code. The test walks everything public, so new options are covered.
 */

import { describe, expect, it } from "vitest";
import { GradientTape, Input, layers, ops, Sequential, SGD, Variable } from "../../ts/index.js";
import { CLASSES_WITH_OPTIONS, NEEDED } from "../support/public-classes.js";

class Odd {
  readonly x = 1;
}

/** No option takes any of these. */
const WRONG: readonly unknown[] = [Symbol("s"), new Odd(), new Date(0), 10n, Number.NaN, /x/, Promise.resolve(1)];
/** Options that take any text. */
const TEXTS = /^(name|monitor|separator)$/;
/** Options that take plain objects, which may be empty. */
const OBJECTS = /^(loss|lossWeights|metrics|weightedMetrics|classWeight|arguments|\w+Multipliers)$/;
/** Options that take values, as `tensor` does: any number. */
const VALUES = /^outputGradients$/;
/** Kept as Keras writes it. */
const KEPT = /IoU\.dtype$/;

type Outcome = (Error & { readonly code?: string }) | undefined;

async function outcomeOf(call: () => unknown): Promise<Outcome> {
  try {
    await call();
  } catch (error) {
    return error as Error;
  }
  return undefined;
}

/** The options that a call says it has, when it is given one that it has not. */
async function optionsOf(call: (options: object) => unknown): Promise<readonly string[]> {
  const error = await outcomeOf(() => call({ noSuchOption: 1 }));
  expect(error?.code, error?.stack).toBe("ERR_OPTION_UNKNOWN");
  const [, names] = / options are: (.*)\.$/.exec(error?.message ?? "") ?? [];
  return names === undefined ? [] : names.split(", ");
}

async function expectChecked(path: string, call: (options: object) => unknown): Promise<number> {
  const options = await optionsOf(call);
  for (const option of options) {
    const isText = TEXTS.test(option) || KEPT.test(`${path}.${option}`);
    const values = [...WRONG, ...(isText ? [] : ["no such", ""]), ...(OBJECTS.test(option) ? [] : [{}])];
    for (const value of values) {
      if (VALUES.test(option) && /^(number|bigint)$/.test(typeof value)) continue;
      const error = await outcomeOf(() => call({ [option]: value }));
      expect(error?.code, `${path}.${option}: ${String(value)}: ${error?.stack}`).toMatch(/^ERR_/);
    }
  }
  return options.length;
}

describe("options of classes", () => {
  it.each(CLASSES_WITH_OPTIONS)("%s", async (path, name, Made) => {
    const needed = NEEDED[name] ?? [];
    const [only] = needed;
    const isObject = only !== null && Object.getPrototypeOf(Object(only)) === Object.prototype;
    await expectChecked(path, (options) =>
      needed.length === 1 && isObject ? new Made({ ...Object(only), ...options }) : new Made(...needed, options),
    );
  });
});

const dense = () => new layers.Dense(1, { inputShape: [2] });
const model = new Sequential([dense()]);
model.compile({ optimizer: "sgd", loss: "mse" });
const x = [
  [1, 2],
  [3, 4],
];
const y = [1, 2];
const w = new Variable([1]);
const square = () => ops.sum(ops.square(w));

/** Calls that take options. */
const CALLS: readonly (readonly [name: string, call: (options: never) => unknown])[] = [
  ["compile", (o: object) => new Sequential([dense()]).compile({ optimizer: "sgd", loss: "mse", ...o })],
  ["fit", (o) => model.fit(x, y, o)],
  ["evaluate", (o: object) => model.evaluate(x, y, { verbose: 0, ...o })],
  ["predict", (o: object) => model.predict(x, { verbose: 0, ...o })],
  ["trainOnBatch", (o) => model.trainOnBatch(x, y, o)],
  ["testOnBatch", (o) => model.testOnBatch(x, y, o)],
  ["model.apply", (o) => model.apply(x, o)],
  ["layer.apply", (o) => dense().apply(x, o)],
  ["Input", (o: object) => Input({ shape: [2], ...o })],
  ["applyGradients", (o) => new SGD().applyGradients([[[1], w]], o)],
  ["minimize", (o) => new SGD().minimize(square, [w], o)],
  ["excludeFromWeightDecay", (o) => new SGD({ weightDecay: 0.1 }).excludeFromWeightDecay(o)],
  [
    "gradient",
    (o) => {
      const tape = new GradientTape();
      return tape.gradient(tape.run(square), [w], o);
    },
  ],
];

describe("options of calls", () => {
  it.each(CALLS)("%s", async (name, call) => {
    expect(await expectChecked(name, call as (options: object) => unknown)).toBeGreaterThan(0);
  });
});

it("values other than losses, metrics and callbacks are refused by name, before anything is trained", async () => {
  const compiled = (options: object) => () => new Sequential([dense()]).compile({ loss: "mse", ...options });
  expect(compiled({ loss: [new Odd()] })).toThrow("losses.get: expected a plain object, got an object (Odd).");
  expect(compiled({ metrics: { dense: [new Odd()] } })).toThrow("metrics.get: expected a plain object, got an object");
  expect(compiled({ lossWeights: [new Odd()] })).toThrow(
    'compile: "lossWeights" must be a number, got an object (Odd).',
  );
  const error = await outcomeOf(() => model.fit(x, y, { callbacks: [new SGD()] as never }));
  expect(error?.message).toBe("fit: a callback must have hooks, such as onEpochEnd, got an object (SGD).");
});

it("0 means none for counts, as in Keras; NaN, false and an empty text do not", () => {
  const none = new SGD({ gradientAccumulationSteps: 0, emaOverwriteFrequency: 0 });
  expect([none.gradientAccumulationSteps, none.emaOverwriteFrequency]).toEqual([null, null]);
  for (const option of ["gradientAccumulationSteps", "emaOverwriteFrequency"]) {
    for (const value of [Number.NaN, false, "", 0n]) {
      expect(() => new SGD({ [option]: value })).toThrow(`SGD: "${option}" must be a`);
    }
  }
});
