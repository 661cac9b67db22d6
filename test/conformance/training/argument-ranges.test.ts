/**
 * Every argument of every layer, loss, metric, initializer, regularizer, constraint and callback has its range. The
 * arguments are those of each class's config, so new classes are covered.
 */

import { describe, expect, it } from "vitest";
import { callbacks, constraints, initializers, layers, losses, metrics, regularizers } from "../../../ts/index.js";
import { fromKeras } from "../../../ts/keras-names.js";
import { kerasArguments } from "../../support/keras-signatures.js";
import { isAlias, NEEDED } from "../../support/public-classes.js";
import { refusal } from "../../support/refusal.js";

interface Made {
  getConfig(): Record<string, unknown>;
}

const FAMILIES = { layers, losses, metrics, initializers, regularizers, constraints } as const;

/** Bases, functions as objects, and what has no config of numbers. */
const LEFT_OUT = new Set([
  "Layer",
  "Wrapper",
  "Loss",
  "Metric",
  "Initializer",
  "Regularizer",
  "Constraint",
  "RandomInitializer",
  "FunctionLoss",
  "Lambda",
  "MeanMetricWrapper",
  "SymbolicTensor",
  "Input",
]);

type Class = (new (...args: readonly unknown[]) => Made) & { fromConfig(config: object): Made };

const classes = Object.entries(FAMILIES).flatMap(([family, members]) =>
  Object.entries(members as Record<string, unknown>)
    .filter(([name, member]) => typeof member === "function" && /^[A-Z]/.test(name) && !LEFT_OUT.has(name))
    .filter(([name, member]) => !isAlias(name, member))
    .map(([name, member]) => [`${family}.${name}`, name, member as Class] as const),
);

const NO_NUMBER = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e39,
  -1e39,
  "3",
  {},
  [Number.NaN],
  () => 1,
];
const BAD: Readonly<Record<string, readonly unknown[]>> = {
  number: NO_NUMBER,
  boolean: ["yes", 1, Number.NaN, {}],
  string: [Number.NaN, 7, {}, [], true],
  // Lists, and options whose default is null.
  object: [Number.NaN, Number.POSITIVE_INFINITY, 1e39, {}, [Number.NaN], [1e39], "zzz"],
};

/** The code of the error that a call throws, `undefined` where it throws none. */
function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? "none";
  }
}

describe("an argument out of its range is refused", () => {
  it.each(classes)("%s", (_, name, made) => {
    const config = new made(...(NEEDED[name] ?? [])).getConfig();
    for (const [key, value] of Object.entries(config)) {
      const kind = typeof value;
      for (const bad of BAD[kind] ?? []) {
        const error = refusal(() => made.fromConfig({ ...config, [key]: bad }));
        expect(error.code, `${name}: ${key} as ${String(bad)}: ${error.stack}`).toMatch(/^ERR_/);
      }
      // Counts: 0, halves and overflow.
      if (/^(units|filters|n|depth_multiplier|groups|input_dim|output_dim|num_classes|num_thresholds|k)$/.test(key)) {
        for (const bad of [0, -1, 1.5, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
          const error = refusal(() => made.fromConfig({ ...config, [key]: bad }));
          expect(error.code, `${name}: ${key} as ${bad}: ${error.stack}`).toBe("ERR_OPTION_RANGE");
        }
      }
      if (Array.isArray(value) && /^(kernel_size|strides|dilation_rate|pool_size)$/.test(key)) {
        for (const bad of [0, -1, 1.5, 2 ** 31, Number.NaN, "2"]) {
          const error = refusal(() => made.fromConfig({ ...config, [key]: value.map(() => bad) }));
          expect(error.code, `${name}: ${key} as ${bad}: ${error.stack}`).toMatch(/^ERR_OPTION_/);
        }
      }
    }
  });

  it.each(classes)("%s, what is not an object with options", (path, name, made) => {
    const needed = NEEDED[name] ?? [];
    const required = typeof needed[0] === "object" && !Array.isArray(needed[0]) ? [] : needed;
    for (const bad of [null, "relu", true, [], Symbol.iterator]) {
      // The first argument by position takes what it takes by name.
      const first = fromKeras(String(kerasArguments(path)?.[required.length]?.[0]));
      const isTaken = codeOf(() => new made(...required, { [first]: bad })) === undefined;
      const code = codeOf(() => new made(...required, bad));
      if (!isTaken) expect(code, `${name}, ${String(bad)}`).toMatch(/^ERR_/);
      else if (code !== undefined) expect(code, `${name}, ${String(bad)}`).toBe("ERR_OPTION_TYPE");
    }
    const error = refusal(() => new made(...required, { zzz: 1 }));
    expect(error.code, `${name}, unknown: ${error.stack}`).toMatch(/^ERR_/);
  });
});

describe("callbacks refuse", () => {
  const row = (made: new (options: never) => unknown, options: object) => [made.name, options, made] as const;
  it.each([
    row(callbacks.EarlyStopping, { baseline: "x" }),
    row(callbacks.EarlyStopping, { baseline: Number.NaN }),
    row(callbacks.EarlyStopping, { verbose: "no" }),
    row(callbacks.EarlyStopping, { verbose: 3 }),
    row(callbacks.EarlyStopping, { patience: 1.5 }),
    row(callbacks.EarlyStopping, { minDelta: 1e39 }),
    row(callbacks.EarlyStopping, { mode: "best" }),
    row(callbacks.EarlyStopping, { restoreBestWeights: 1 }),
    row(callbacks.EarlyStopping, { restore_best_weights: true }),
    row(callbacks.ReduceLROnPlateau, { factor: 1 }),
    row(callbacks.ReduceLROnPlateau, { factor: -0.5 }),
    row(callbacks.ReduceLROnPlateau, { minLr: -1 }),
    row(callbacks.ReduceLROnPlateau, { minLr: Number.POSITIVE_INFINITY }),
    row(callbacks.ReduceLROnPlateau, { verbose: {} }),
    row(callbacks.ReduceLROnPlateau, { cooldown: -1 }),
  ])("%s, %o", (_, options, made) => {
    expect(refusal(() => new made(options as never)).code).toMatch(/^ERR_OPTION_/);
  });

  it("invalid arguments behind a function", () => {
    const schedule = () => 0.1;
    expect(refusal(() => new callbacks.LearningRateScheduler(schedule, { verbose: "x" as never })).code).toBe(
      "ERR_OPTION_TYPE",
    );
    expect(refusal(() => new callbacks.LearningRateScheduler(schedule, { loud: 1 } as never)).code).toBe(
      "ERR_OPTION_UNKNOWN",
    );
    expect(refusal(() => new callbacks.ModelCheckpoint(null, { verbose: -1 })).code).toBe("ERR_OPTION_RANGE");
  });
});
