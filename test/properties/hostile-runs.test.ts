/**
 * `fit`, `evaluate`, `predict` and their siblings with unexpected values, as data, as options, from callbacks and from
 * generators: they reject with a code, or with the caller's error, and a call refused before the first step changes
 * nothing.
 *
 * Over 300 lines: tables of calls, data and callbacks for one property.
 */

import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Adam, layers, ops, Sequential, updateBatchNormalization } from "../../ts/index.js";
import { sharedGenerator } from "../../ts/random/generator.js";
import { bitsOf } from "../support/bytes.js";
import { faultOf, HOSTILE, picker } from "../support/hostile.js";

beforeAll(() => {
  for (const name of ["warn", "log", "error"] as const) vi.spyOn(console, name).mockImplementation(() => {});
});
afterAll(() => void vi.restoreAllMocks());

const hostile = Object.entries(HOSTILE);
const X = [
  [1, 2],
  [3, 4],
  [5, 6],
];
const Y = [[1], [2], [3]];
const QUIET = { verbose: 0, batchSize: 2 } as const;

function compiled(): Sequential {
  const model = new Sequential(
    [new layers.Dropout(0.5, { inputShape: [2], name: "dropout" }), new layers.Dense(1, { name: "dense" })],
    {
      name: "model",
    },
  );
  model.compile({ optimizer: new Adam({ name: "adam" }), loss: "mse", metrics: ["mae"] });
  return model;
}

type Call = (model: Sequential, bad: unknown) => Promise<unknown>;

/** Calls that are refused before anything is trained, if they are refused. */
const EARLY: Readonly<Record<string, Call>> = {
  "fit(bad)": (m, bad) => m.fit(bad as never, Y, QUIET),
  "fit(x, bad)": (m, bad) => m.fit(X, bad as never, QUIET),
  "fit(x, y, bad)": (m, bad) => m.fit(X, Y, bad as never),
  "fit([bad, bad])": (m, bad) => m.fit([bad, bad] as never, Y, QUIET),
  "fit(x with bad rows)": (m, bad) => m.fit([[1, 2], bad, [3, 4]] as never, Y, QUIET),
  "fit(x with bad numbers)": (m, bad) =>
    m.fit(
      [
        [1, 2],
        [bad, 1],
        [3, 4],
      ] as never,
      Y,
      QUIET,
    ),
  "fit by name": (m, bad) => m.fit({ x: bad, model_input: bad } as never, Y, QUIET),
  ...Object.fromEntries(
    [
      "batchSize",
      "epochs",
      "initialEpoch",
      "verbose",
      "callbacks",
      "validationSplit",
      "shuffle",
      "classWeight",
      "sampleWeight",
      "stepsPerEpoch",
      "validationSteps",
      "validationBatchSize",
      "validationFreq",
      "signal",
    ].flatMap((name): [string, Call][] => [
      [`fit(x, y, { ${name} })`, (m, bad) => m.fit(X, Y, { ...QUIET, [name]: bad } as never)],
      [`fit(x, y, { ${name}: [] })`, (m, bad) => m.fit(X, Y, { ...QUIET, [name]: [bad, bad] } as never)],
    ]),
  ),
  "classWeight: { 0: bad }": (m, bad) => m.fit(X, Y, { ...QUIET, classWeight: { 0: bad } } as never),
  "validationData: [x, bad]": (m, bad) => m.fit(X, Y, { ...QUIET, validationData: [X, bad] } as never),
  "a hook that is none": (m, bad) => m.fit(X, Y, { ...QUIET, callbacks: [{ onEpochEnd: bad }] } as never),
  "updateBatchNormalization(m, bad)": (m, bad) => updateBatchNormalization(m, bad as never),
  "updateBatchNormalization(m, x, bad)": (m, bad) => updateBatchNormalization(m, X, bad as never),
  "evaluate(bad)": (m, bad) => m.evaluate(bad as never, Y, { verbose: 0 }),
  "evaluate(x, bad)": (m, bad) => m.evaluate(X, bad as never, { verbose: 0 }),
  "evaluate(x, y, bad)": (m, bad) => m.evaluate(X, Y, bad as never),
  ...Object.fromEntries(
    ["batchSize", "verbose", "callbacks", "sampleWeight", "steps", "signal", "returnDict"].map(
      (name): [string, Call] => [
        `evaluate(x, y, { ${name} })`,
        (m, bad) => m.evaluate(X, Y, { verbose: 0, [name]: bad } as never),
      ],
    ),
  ),
  "predict(bad)": (m, bad) => m.predict(bad as never),
  "predict([bad])": (m, bad) => m.predict([[1, 2], bad] as never),
  "predict(x, bad)": (m, bad) => m.predict(X, bad as never),
  ...Object.fromEntries(
    ["batchSize", "verbose", "callbacks", "steps", "signal"].map((name): [string, Call] => [
      `predict(x, { ${name} })`,
      (m, bad) => m.predict(X, { [name]: bad } as never),
    ]),
  ),
  "predictAll(bad)": (m, bad) => m.predictAll(bad as never),
  "trainOnBatch(bad)": (m, bad) => m.trainOnBatch(bad as never, Y),
  "trainOnBatch(x, bad)": (m, bad) => m.trainOnBatch(X, bad as never),
  "trainOnBatch(x, y, bad)": (m, bad) => m.trainOnBatch(X, Y, bad as never),
  "trainOnBatch(x, y, { sampleWeight })": (m, bad) => m.trainOnBatch(X, Y, { sampleWeight: bad } as never),
  "trainOnBatch(x, y, { classWeight })": (m, bad) => m.trainOnBatch(X, Y, { classWeight: bad } as never),
  "trainOnBatch(x, y, { returnDict })": (m, bad) => m.trainOnBatch(X, Y, { returnDict: bad } as never),
  "testOnBatch(bad)": (m, bad) => m.testOnBatch(bad as never, Y),
  "testOnBatch(x, bad)": (m, bad) => m.testOnBatch(X, bad as never),
  "testOnBatch(x, y, bad)": (m, bad) => m.testOnBatch(X, Y, bad as never),
};

/** Calls that may have trained before they meet it. */
const LATE: Readonly<Record<string, Call>> = {
  "fit(x, y, { validationData })": (m, bad) => m.fit(X, Y, { ...QUIET, validationData: bad } as never),
  "a generator of bad": (m, bad) =>
    m.fit(
      function* () {
        yield [X, Y];
        yield bad;
      } as never,
      undefined,
      { ...QUIET, stepsPerEpoch: 2 } as never,
    ),
  "a generator of [x, bad]": (m, bad) =>
    m.fit(
      function* () {
        yield [X, bad];
      } as never,
      undefined,
      { verbose: 0, stepsPerEpoch: 1 } as never,
    ),
  "an iterator that returns bad": (m, bad) =>
    m.fit({ [Symbol.iterator]: () => ({ next: () => bad }) } as never, undefined, { verbose: 0, stepsPerEpoch: 1 }),
  "an iterator of a bad value": (m, bad) =>
    m.fit({ [Symbol.iterator]: () => ({ next: () => ({ value: bad, done: false }) }) } as never, undefined, {
      verbose: 0,
      stepsPerEpoch: 1,
    }),
  "an async iterator that returns bad": (m, bad) =>
    m.fit({ [Symbol.asyncIterator]: () => ({ next: () => bad }) } as never, undefined, {
      verbose: 0,
      stepsPerEpoch: 1,
    }),
  "a function that returns bad": (m, bad) => m.fit((() => bad) as never, undefined, { verbose: 0, stepsPerEpoch: 1 }),
  "evaluate of a generator of bad": (m, bad) =>
    m.evaluate(
      function* () {
        yield bad;
      } as never,
      undefined,
      { verbose: 0, steps: 1 } as never,
    ),
  "predict of a generator of bad": (m, bad) =>
    m.predict(
      function* () {
        yield bad;
      } as never,
      { steps: 1 },
    ),
  "a hook that returns bad": (m, bad) =>
    m.fit(X, Y, { ...QUIET, callbacks: [{ onTrainBatchEnd: () => bad }] } as never),
  "a hook that throws bad": (m, bad) =>
    m
      .fit(X, Y, {
        ...QUIET,
        callbacks: [
          {
            onTrainBatchEnd: () => {
              throw bad;
            },
          },
        ],
      })
      .catch((error) => {
        expect(Object.is(error, bad) || typeof bad === "object" || typeof bad === "function").toBe(true);
      }),
  "a hook that spoils its logs": (m, bad) =>
    m.fit(X, Y, {
      ...QUIET,
      callbacks: [{ onEpochEnd: (_: number, logs: object) => void Object.assign(logs, { loss: bad, mae: bad }) }],
    } as never),
  "a loss that returns bad": (m, bad) => {
    m.compile({ optimizer: "sgd", loss: (() => bad) as never });
    return m.fit(X, Y, QUIET);
  },
  "a metric that returns bad": (m, bad) => {
    m.compile({ optimizer: "sgd", loss: "mse", metrics: [(() => bad) as never] });
    return m.fit(X, Y, QUIET);
  },
  "a layer that returns bad": (_, bad) => {
    class Bad extends layers.Layer {
      override call(): never {
        return bad as never;
      }
    }
    const m = new Sequential([new layers.Dense(1, { name: "dense" }), new Bad()]);
    m.compile({ optimizer: "sgd", loss: "mse" });
    return m.fit(X, Y, QUIET);
  },
  "a regularizer that returns bad": (_, bad) => {
    const m = new Sequential([new layers.Dense(1, { name: "dense", kernelRegularizer: (() => bad) as never })]);
    m.compile({ optimizer: "sgd", loss: "mse" });
    return m.fit(X, Y, QUIET);
  },
  "a constraint that returns bad": (_, bad) => {
    const m = new Sequential([new layers.Dense(1, { name: "dense", kernelConstraint: (() => bad) as never })]);
    m.compile({ optimizer: "sgd", loss: "mse" });
    return m.fit(X, Y, QUIET);
  },
  "an initializer that returns bad": (_, bad) => {
    const m = new Sequential([new layers.Dense(1, { name: "dense", kernelInitializer: (() => bad) as never })]);
    m.compile({ optimizer: "sgd", loss: "mse" });
    return m.fit(X, Y, QUIET);
  },
  "an activation that returns bad": (_, bad) => {
    const m = new Sequential([new layers.Dense(1, { name: "dense", activation: (() => bad) as never })]);
    m.compile({ optimizer: "sgd", loss: "mse" });
    return m.fit(X, Y, QUIET);
  },
  "a rate that is bad": (m, bad) => {
    m.compile({ optimizer: new Adam({ learningRate: (() => bad) as never }), loss: "mse" });
    return m.fit(X, Y, QUIET);
  },
  "a gradient that is bad": (_, bad) => {
    const own = ops.customGradient((x) => [ops.square(x), () => bad as never]);
    const m = new Sequential([new layers.Dense(1, { name: "dense", activation: own as never })]);
    m.compile({ optimizer: "sgd", loss: "mse" });
    return m.fit(X, Y, QUIET);
  },
  "a computeOutputShape that returns bad": async (_, bad) => {
    class Bad extends layers.Layer {
      override call(x: never): never {
        return x;
      }
      override computeOutputShape(): never {
        return bad as never;
      }
    }
    return new Sequential([
      new layers.Dense(1, { inputShape: [2], name: "dense" }),
      new Bad(),
      new layers.Dense(1),
    ]).predict(X);
  },
  "a getConfig that returns bad": async (_, bad) => {
    class Bad extends layers.Layer {
      override call(x: never): never {
        return x;
      }
      override getConfig(): never {
        return bad as never;
      }
    }
    return new Sequential([new Bad()]).toJSON();
  },
};

const faults = new Map<string, string>();
let tried = 0;

const bitsIn = (model: Sequential) =>
  [...model.weights, ...(model.optimizer?.variables ?? [])].map((held) => bitsOf(held.array()).join()).join(";");

async function attempt(name: string, call: Call, label: string, make: () => unknown, isEarly: boolean): Promise<void> {
  tried++;
  const model = compiled();
  await model.trainOnBatch(X, Y);
  const before = bitsIn(model);
  const draws = sharedGenerator().state.join();
  const bad = make();
  try {
    await call(model, bad);
  } catch (error) {
    const fault = faultOf(error);
    const isOwn = Object.is(error, bad);
    if (fault !== undefined && !isOwn) note(name, label, fault);
    if (isEarly && bitsIn(model) !== before) note(name, label, `trained before it was refused: ${error}`);
    if (isEarly && sharedGenerator().state.join() !== draws) note(name, label, `drew random numbers: ${error}`);
  }
  if (isEarly) {
    try {
      await model.trainOnBatch(X, Y);
    } catch (error) {
      note(name, label, `and then: ${error}`);
    }
  }
}

function note(name: string, label: string, fault: string): void {
  const kind = `${fault.slice(0, 70)}${/ts\/[\w/.-]+:\d+/.exec(fault)?.[0]}`;
  if (!faults.has(kind)) faults.set(kind, `${name} of ${label}: ${fault}`);
}

it("reject with a code, and change nothing if refused early", { timeout: 300_000 }, async () => {
  const pick = picker(13);
  for (const [name, call] of Object.entries(EARLY)) {
    for (let i = 0; i < 12; i++) await attempt(name, call, ...pick(hostile), true);
  }
  for (const [name, call] of Object.entries(LATE))
    for (const [label, make] of hostile) await attempt(name, call, label, make, false);
  console.info(`hostile runs: ${tried} inputs tried`);
  expect([...faults.values()]).toEqual([]);
});
