/**
 * Constructors, methods and functions refuse surplus arguments and unknown options. The test walks everything public,
 * so new functions are covered.
 */

import { describe, expect, it } from "vitest";
import { callbacks, GradientTape, Input, layers, losses, Model, ops, Sequential, SGD, tidy } from "../../ts/index.js";
import { ALL_CLASSES, FUNCTIONS, MADE_CLASSES, NEEDED } from "../support/public-classes.js";
import { refusal } from "../support/refusal.js";

/** More than anything takes, and no object with options. */
const MANY = new Array<number>(12).fill(1);

type Refusal = (Error & { code?: string }) | undefined;

/** Expects the whole message, where `names` are what the refusing may be called, and `most` how many arguments it takes. */
function expectCounted(error: Refusal, names: readonly string[], got: number, most = mostSaid(error)): void {
  const takes = most === 0 ? "no arguments" : most === 1 ? "one argument" : `at most ${most} arguments`;
  expect(error?.code, error?.stack).toBe("ERR_ARGUMENT_COUNT");
  expect(names.map((name) => `${name} takes ${takes}, got ${got}.`)).toContain(error?.message);
}

/** The number in the message, which test/errors has for functions, and a row below for constructors. */
function mostSaid(error: Refusal): number {
  const [, no, one, most] = / takes (?:(no)|(one)|at most (\d+)) /.exec(error?.message ?? "") ?? [];
  return no !== undefined ? 0 : one !== undefined ? 1 : Number(most);
}

/** Number of parameters in a method's source: neither default values nor types have commas. */
function parametersOf(method: (...given: never[]) => unknown): number {
  const [, list = ""] = /\(([\s\S]*?)\)\s*\{/.exec(Function.prototype.toString.call(method)) ?? [];
  return list.split(",").filter((name) => name.trim() !== "").length;
}

/** Methods that accept any arguments: the framework calls them, and subclasses override them. */
const WRITTEN_BY_SUBCLASSES =
  /^(on[A-Z].*|setModel|setParams|getConfig|labelRange|fresh|computeOutputShape|toJSON|at)$/;

/** Internal or protected, by class: not in the published types. */
const INTERNAL = new Set(
  [
    "checkUpdate update secondSide decayFactor updateAlone unbuild step numbers exchange",
    "inputRanges ensureBuilt buildUndo stateUndo beforeBuild regularizationLosses ownPenalties clearLosses settleLosses settleWeights addWeights activated kernelConfig",
    "addGammaAndBeta normConfig merge convolve outputShapesFor checksAll forward shapeBehind arranged saved whenStopped joinReplicas checkFit",
    "checkSelf checkLive checkBuilt change runFailed remoteNeeds metricDirection defaultName values add loss predicted rest drawSeed write noteChange sharedAs asFunction valuesOf checkUnbuilt ends savedClass compiledFor",
    "builtByHand monitored isBetter next refused differs",
  ].flatMap((names) => names.split(" ")),
);

/** The methods that a class and those that it extends declare, static ones too. */
function methodsOf(made: { prototype: object }): [name: string, method: (...given: unknown[]) => unknown][] {
  return [...declared(made.prototype, Object.prototype), ...declared(made, Function.prototype)];
}

/** Methods of an object and of what it inherits from, below `end`. */
function declared(object: object, end: object): [name: string, method: (...given: unknown[]) => unknown][] {
  const found = new Map<string, (...given: unknown[]) => unknown>();
  for (let at = object; at !== end; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === "function" && name !== "constructor" && !found.has(name)) found.set(name, value);
    }
  }
  return [...found];
}

describe("a constructor refuses an argument behind its options", () => {
  it.each(MADE_CLASSES)("%s", (_, name, made) => {
    const needed = NEEDED[name] ?? [];
    new made(...needed);
    const error = refusal(() => new made(...needed, {}, 5, 6));
    expectCounted(error, [name], needed.length + 3);
  });

  it("says how many there may be", () => {
    const said = (call: () => unknown) => refusal(call).message;
    expect(said(() => new layers.Dense(3, {}, ...([5] as unknown[] as [])))).toBe(
      "Dense takes at most 2 arguments, got 3.",
    );
    expect(said(() => new SGD({}, ...([1] as unknown[] as [])))).toBe("SGD takes one argument, got 2.");
    expect(said(() => new callbacks.TerminateOnNaN(...([1] as unknown[] as [])))).toBe(
      "TerminateOnNaN takes no arguments, got 1.",
    );
  });
});

describe("a method refuses arguments behind its last", () => {
  it.each(ALL_CLASSES)("%s", async (path, made) => {
    for (const [name, method] of methodsOf(made)) {
      if (WRITTEN_BY_SUBCLASSES.test(name) || INTERNAL.has(name)) continue;
      // Layers and models are called by `apply`; subclasses write `call` and `build`.
      if (/^(layers\.|Model$|Sequential$)/.test(path) && /^(call|build)$/.test(name)) continue;
      // Lists of operands.
      if (name === "watch") continue;
      // By position as constructors take them: test/errors has its surplus argument.
      if (name === "compile" || name === "addWeight") continue;
      // It shows the call by name, for these arguments: test/errors has it.
      if (name === "fit" && /^(Model|Sequential)$/.test(path)) continue;
      // Arguments are counted before anything else is done.
      const call = async () => method.apply(Object.create(made.prototype), MANY);
      const error = await call().then(
        () => undefined,
        (thrown: Error & { code?: string }) => thrown,
      );
      // Arguments by position or by name are declared as a rest parameter.
      const most = /^addVariable/.test(name) ? undefined : parametersOf(method);
      expectCounted(error, [name, `${path}.${name}`], MANY.length, most);
    }
  });
});

describe("a function refuses arguments behind its last", () => {
  // Input takes arguments as constructors do.
  it.each(FUNCTIONS.filter(([path]) => !/\bInput$/.test(path)))("%s", async (path, call) => {
    const error = await Promise.resolve()
      .then(() => call(...MANY))
      .then(
        () => undefined,
        (thrown: Error & { code?: string }) => thrown,
      );
    // One that has two names says its own.
    expectCounted(error, [call.name, ...[1, 2].map((parts) => path.split(".").slice(-parts).join("."))], MANY.length);
  });

  it("but lists can be mapped by those that take one object", () => {
    const saved = [new losses.Huber(), new losses.Poisson()].map(losses.serialize);
    expect(saved.map((json) => json.class_name)).toEqual(["Huber", "Poisson"]);
    const [kept] = tidy(() => [ops.add(1, 1)].map(ops.keep));
    expect(kept?.item()).toBe(2);
  });
});

describe("options that are not known are refused, with the nearest name", () => {
  const dense = new layers.Dense(1, { inputShape: [1] });
  const model = new Sequential([dense]);
  model.compile({ loss: "mse" });
  const x = [[1]];
  const wrong = (options: object) => options as never;
  const rows: readonly (readonly [string, () => unknown, string])[] = [
    ["compile", () => model.compile(wrong({ metricss: [] })), '"metricss" (did you mean "metrics"?)'],
    ["fit", () => model.fit(x, x, wrong({ batch_size: 1 })), '"batch_size" (did you mean "batchSize"?)'],
    ["evaluate", () => model.evaluate(x, x, wrong({ return_dict: 1 })), '"return_dict" (did you mean "returnDict"?)'],
    ["predict", () => model.predict(x, wrong({ bachSize: 1 })), '"bachSize" (did you mean "batchSize"?)'],
    ["predictAll", () => model.predictAll(x, wrong({ step: 1 })), '"step" (did you mean "steps"?)'],
    ["trainOnBatch", () => model.trainOnBatch(x, x, wrong({ sampleWeights: [1] })), '(did you mean "sampleWeight"?)'],
    ["testOnBatch", () => model.testOnBatch(x, x, wrong({ sample_weight: [1] })), '(did you mean "sampleWeight"?)'],
    ["layer.apply", () => dense.apply(x, wrong({ trainnig: true })), '"trainnig" (did you mean "training"?)'],
    ["model.apply", () => model.apply(x, wrong({ mask: null })), '"mask"'],
    ["Model", () => new Model(wrong({ input: Input({ shape: [1] }) })), '"input" (did you mean "inputs"?)'],
    ["Sequential", () => new Sequential([], wrong({ nmae: "a" })), '"nmae" (did you mean "name"?)'],
    ["Input", () => Input(wrong({ shape: [1], batch_size: 2 })), '"batch_size" (did you mean "batchSize"?)'],
    ["GradientTape", () => new GradientTape(wrong({ persist: true })), '"persist"'],
    ["gradient", () => new GradientTape().gradient([], [], wrong({ outputGradient: [] })), '"outputGradient" (did you'],
    ["applyGradients", () => new SGD().applyGradients([], wrong({ nam: "a" })), '"nam" (did you mean "name"?)'],
    ["minimize", () => new SGD().minimize(() => ops.add(1, 1), [], wrong({ tap: 1 })), '"tap" (did you mean "tape"?)'],
    ["excludeFromWeightDecay", () => new SGD().excludeFromWeightDecay(wrong({ vars: [] })), '"vars"'],
  ];

  it.each(rows)("%s", async (_, call, words) => {
    const error = await Promise.resolve()
      .then(call)
      .then(
        () => undefined,
        (thrown: Error & { code?: string }) => thrown,
      );
    expect(error?.code, error?.stack).toBe("ERR_OPTION_UNKNOWN");
    expect(error?.message).toContain(words);
  });
});
