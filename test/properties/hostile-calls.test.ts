/**
 * Every exported function, class and method, with unexpected values at every place: it throws one of gradstep's errors
 * with a code, or the caller's error. A refused call changes nothing: no other variable, no state, no random numbers,
 * no names.
 *
 * Over 300 lines: tables of values and of what has to stay the same, for one property.
 */

import { afterAll, beforeAll, expect, it, vi } from "vitest";
import * as gradstep from "../../ts/index.js";
import { nextName, snakeCase } from "../../ts/names.js";
import { sharedGenerator } from "../../ts/random/generator.js";
import { bitsOf } from "../support/bytes.js";
import { faultOf, HOSTILE, picker } from "../support/hostile.js";
import { MADE_CLASSES, neededOf } from "../support/public-classes.js";

const { layers, metrics, losses, optimizers, Variable, tensor, Sequential } = gradstep;

beforeAll(() => {
  for (const name of ["warn", "log", "error"] as const) vi.spyOn(console, name).mockImplementation(() => {});
});
afterAll(() => void vi.restoreAllMocks());

const hostile = Object.entries(HOSTILE);

/** Well-formed values, so that calls get further. */
const GOOD: readonly (() => unknown)[] = [
  () => 1,
  () => [1, 2],
  () => [
    [1, 2],
    [3, 4],
  ],
  () =>
    tensor([
      [1, 2],
      [3, 4],
    ]),
  () => new Variable([1, 2], { name: "good" }),
  () => new Float32Array([1, 2]),
  () => [[[1, 1], new Variable([1, 2], { name: "good" })]],
  () => "mse",
  () => ({ axis: 0 }),
  () => (x: unknown) => x,
];

/** Hostile values inside of what is well-formed. */
const AROUND: readonly ((value: unknown) => unknown)[] = [
  (value) => [value],
  (value) => [[value, new Variable([1, 2], { name: "good" })]],
  (value) => [[[1, 1], value]],
  (value) => [value, value],
  (value) => ({ data: value, shape: [2], dtype: "float32" }),
  (value) => [{ data: new Float32Array(2), shape: value, dtype: "float32" }],
  (value) => ({ name: value }),
  (value) => ({ class_name: value, config: {} }),
  (value) => ({ class_name: "Adam", config: value }),
  (value) => ({ class_name: "Dense", module: value, config: { units: value, kernel_initializer: value } }),
  (value) => ({ inputs: value, outputs: value }),
];

/** Functions that change what all share, and the internal base classes. */
const LEFT_OUT =
  /^(initSync|Optimizer|setRandomSeed|setReplicaContext|Tensor|SymbolicTensor|constructor|fit|evaluate|predict|predictAll|predictOnBatch|trainOnBatch|testOnBatch)$/;

/** Methods that are not public: for subclasses, or internal. */
const INTERNAL = new Set(
  `write differs step numbers exchange noteChange add values sharedAs secondSide decayFactor addWeight addWeights
  settleWeights beforeBuild buildUndo stateUndo activated kernelConfig joinReplicas whenStopped ensureBuilt inferredShape refused
  regularizationLosses ownPenalties clearLosses settleLosses metricDirection shapeBehind arranged defaultName normConfig next loss outputShapesFor checksAll checkFit
  checkSelf checkLive checkBuilt change inputRanges saved addGammaAndBeta merge convolve copy predicted seed sum targets rest
  compiledFor ends savedClass valuesOf checkUnbuilt checkUpdate`.split(/\s+/),
);

interface Target {
  readonly name: string;
  /** The object whose method is called, created before the call. */
  readonly object?: () => object;
  /** Of a class: the prefix of its objects' names. */
  readonly stem?: string;
  call(object: never, args: readonly unknown[]): unknown;
}

type Class = new (...args: unknown[]) => object;

const isClass = (value: unknown): value is Class =>
  typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));

/** All public functions and classes, with those in namespaces. */
function exported(): Target[] {
  const found: Target[] = [];
  const seen = new Set<unknown>();
  const visit = (space: object, path: string): void => {
    for (const [key, value] of Object.entries(space)) {
      if (seen.has(value) || LEFT_OUT.test(key)) continue;
      const name = `${path}${key}`;
      if (typeof value === "object" && value !== null) visit(value, `${name}.`);
      if (typeof value !== "function") continue;
      seen.add(value);
      if (!isClass(value)) {
        found.push({ name, call: (_, args) => (value as (...args: unknown[]) => unknown)(...args) });
      } else if (!(value.prototype instanceof Error)) {
        const { className = key } = value as { className?: string };
        found.push({ name: `new ${name}`, stem: snakeCase(className), call: (_, args) => new value(...args) });
        const { fromConfig } = value as { fromConfig?: (config: unknown) => unknown };
        if (fromConfig !== undefined) {
          found.push({
            name: `${name}.fromConfig`,
            stem: snakeCase(className),
            call: (_, [config]) => fromConfig.call(value, config),
          });
        }
      }
    }
  };
  visit(gradstep, "");
  return found;
}

const built = <T extends gradstep.layers.Layer>(layer: T, shape: readonly (number | null)[]): T => {
  layer.build(shape);
  return layer;
};

/** Objects whose methods are called, made afresh. */
const OBJECTS: Readonly<Record<string, () => object>> = {
  Variable: () => new Variable([1, 2], { name: "own" }),
  tensor: () => tensor([1, 2]),
  Adam: () => new gradstep.Adam({ name: "own" }),
  "a built SGD": () => {
    const sgd = new gradstep.SGD({ momentum: 0.9, clipnorm: 1, name: "own" });
    sgd.build([new Variable([1, 2], { name: "own" })]);
    return sgd;
  },
  Lookahead: () => new gradstep.Lookahead(new gradstep.Adam({ name: "own" }), { name: "own" }),
  "a built SWA": () => {
    const swa = new gradstep.SWA(new gradstep.SGD({ name: "own" }), { name: "own" });
    swa.build([new Variable([1, 2], { name: "own" })]);
    return swa;
  },
  LBFGS: () => new gradstep.LBFGS({ name: "own" }),
  SAM: () => new gradstep.SAM(new gradstep.Adam({ name: "own" }), { name: "own" }),
  ScheduleFree: () => new gradstep.ScheduleFree(new gradstep.Adam({ name: "own" }), { name: "own" }),
  LossScaleOptimizer: () => new gradstep.LossScaleOptimizer(new gradstep.Adam({ name: "own" }), { name: "own" }),
  ExponentialDecay: () =>
    new optimizers.schedules.ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 }),
  CosineDecayRestarts: () =>
    new optimizers.schedules.CosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 10 }),
  Dense: () => new layers.Dense(2, { name: "own" }),
  "a built Dense": () => built(new layers.Dense(2, { name: "own" }), [null, 2]),
  Conv2D: () => new layers.Conv2D(2, 2, { name: "own" }),
  Embedding: () => new layers.Embedding(3, 2, { name: "own" }),
  Concatenate: () => new layers.Concatenate({ name: "own" }),
  Add: () => new layers.Add({ name: "own" }),
  BatchNormalization: () => built(new layers.BatchNormalization({ name: "own" }), [null, 2]),
  LayerNormalization: () => new layers.LayerNormalization({ name: "own" }),
  PReLU: () => new layers.PReLU({ name: "own" }),
  Dropout: () => new layers.Dropout(0.5, { name: "own" }),
  Reshape: () => new layers.Reshape([2, 1], { name: "own" }),
  Permute: () => new layers.Permute([2, 1], { name: "own" }),
  ZeroPadding2D: () => new layers.ZeroPadding2D({ name: "own" }),
  MaxPooling2D: () => new layers.MaxPooling2D({ name: "own" }),
  Normalization: () => new layers.Normalization({ name: "own" }),
  Rescaling: () => new layers.Rescaling([0.5, 2], { name: "own" }),
  Identity: () => new layers.Identity({ name: "own" }),
  Lambda: () => new layers.Lambda((x: gradstep.Tensor) => gradstep.ops.multiply(x, 2), { name: "own" }),
  RepeatVector: () => new layers.RepeatVector(2, { name: "own" }),
  GlobalAveragePooling2D: () => new layers.GlobalAveragePooling2D({ name: "own" }),
  Sequential: () => new Sequential([new layers.Dense(2, { inputShape: [2], name: "inner" })], { name: "own" }),
  "an unbuilt Sequential": () => new Sequential([new layers.Dense(2, { name: "inner" })], { name: "own" }),
  "a functional Model": () => {
    const inputs = gradstep.Input({ shape: [2], name: "input" });
    return new gradstep.Model({ inputs, outputs: new layers.Dense(2, { name: "inner" }).apply(inputs), name: "own" });
  },
  "a compiled Sequential": () => {
    const model = new Sequential([new layers.Dense(2, { inputShape: [2], name: "inner" })], { name: "own" });
    model.compile({ optimizer: new gradstep.SGD({ name: "own" }), loss: "mse" });
    return model;
  },
  Input: () => gradstep.Input({ shape: [2], name: "own" }),
  MeanSquaredError: () => new losses.MeanSquaredError(),
  SparseCategoricalCrossentropy: () => new losses.SparseCategoricalCrossentropy(),
  CategoricalFocalCrossentropy: () => new losses.CategoricalFocalCrossentropy(),
  Tversky: () => new losses.Tversky(),
  GradientTape: () => new gradstep.GradientTape(),
  SeedGenerator: () => new gradstep.random.SeedGenerator(1),
  GlorotUniform: () => new gradstep.initializers.GlorotUniform({ seed: 1 }),
  Orthogonal: () => new gradstep.initializers.Orthogonal({ seed: 1 }),
  L2: () => new gradstep.regularizers.L2(),
  OrthogonalRegularizer: () => new gradstep.regularizers.OrthogonalRegularizer(),
  MaxNorm: () => new gradstep.constraints.MaxNorm(),
  ...instances("metrics", metrics, /^(Metric|MeanMetricWrapper)$/, {
    MeanIoU: { numClasses: 2 },
    IoU: { numClasses: 2, targetClassIds: [0] },
  }),
  ...instances(
    "callbacks",
    gradstep.callbacks,
    /^(Callback|LearningRateScheduler|LambdaCallback|CSVLogger|ModelCheckpoint)$/,
    {},
  ),
};

/** Objects of the other public classes: what they inherit is tried on those above. */
const OTHERS: Record<string, () => object> = {};
for (const [path, name, made] of MADE_CLASSES) {
  if (path in OBJECTS || name in OBJECTS || path.startsWith("metrics.")) continue;
  const { before, own, isNamed } = neededOf(name);
  OTHERS[path] = () => new made(...before, ...(isNamed ? [own] : []));
}

/** One of each class, made with nothing but the options that it needs. */
function instances(space: string, classes: object, leftOut: RegExp, options: Readonly<Record<string, object>>) {
  const found = Object.entries(classes).filter(([name, value]) => isClass(value) && !leftOut.test(name));
  return Object.fromEntries(
    found.map(
      ([name, Made]) =>
        [`${space}.${name}`, () => new (Made as Class)(...(name in options ? [options[name]] : []))] as const,
    ),
  );
}

function methods(): Target[] {
  return Object.entries({ ...OBJECTS, ...OTHERS }).flatMap(([kind, object]) => {
    const found = new Map<string, Target>();
    for (let level = object(); level !== Object.prototype; level = Object.getPrototypeOf(level)) {
      if (kind in OTHERS && level !== object().constructor.prototype) continue;
      for (const [name, { value, set }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
        if (LEFT_OUT.test(name) || INTERNAL.has(name) || found.has(name)) continue;
        if (typeof value === "function") {
          found.set(name, {
            name: `${kind}.${name}`,
            object,
            call: (on: Record<string, (...args: readonly unknown[]) => unknown>, args) => {
              try {
                return on[name]?.(...args);
              } finally {
                if ((on as unknown) instanceof gradstep.GradientTape)
                  (on as unknown as gradstep.GradientTape).dispose();
              }
            },
          });
        } else if (set !== undefined) {
          found.set(name, {
            name: `${kind}.${name} =`,
            object,
            call: (on: Record<string, unknown>, args) => {
              on[name] = args[0];
            },
          });
        }
      }
    }
    return [...found.values()];
  });
}

const faults = new Map<string, string>();
let tried = 0;
let refused = 0;

/** The base of optimizers, with any arguments that a subclass may pass. */
function bases(): Target[] {
  const { Optimizer } = gradstep as unknown as { Optimizer: Class };
  class Custom extends Optimizer {
    static readonly className = "Custom";
    updateStep(): void {}
  }
  return [Optimizer, Custom].map((made) => ({
    name: `new ${made.name}`,
    stem: snakeCase(made.name),
    call: (_, args) => new made(...args),
  }));
}

/** Objects that a refused call must leave unchanged. */
function witness() {
  const variable = new Variable([1, 2, 3, 4], { name: "witness" });
  const optimizer = new gradstep.Adam({ name: "witness" });
  optimizer.apply([[1, 2, 3, 4]], [variable]);
  return () => [variable, ...optimizer.variables].flatMap((held) => [...bitsOf(held.array())]).join();
}

function attempt(target: Target, label: string, args: readonly unknown[]): void {
  tried++;
  const on = target.object?.();
  const draws = sharedGenerator().state.join();
  const name = nextName(target.stem ?? "");
  try {
    const result = target.call(on as never, args);
    if (result instanceof Promise) result.catch(() => {});
  } catch (error) {
    refused++;
    const fault = faultOf(error);
    if (fault !== undefined) note(`${target.name}(${label}): ${fault}`);
    if (sharedGenerator().state.join() !== draws)
      note(`${target.name}(${label}): drew random numbers ${String(error)}`);
    if (nextName(target.stem ?? "") !== name) note(`${target.name}(${label}): took a name ${String(error)}`);
  }
}

/** The first of a kind. */
function note(fault: string): void {
  const kind = fault.replace(/\(.*?\): /, ": ").slice(0, 90);
  if (!faults.has(kind)) faults.set(kind, fault);
}

/** The options that a target takes, as its own message names them. */
function optionNames(target: Target): string[] {
  for (const before of [[], [1], [1, 1], [(x: unknown) => x]]) {
    try {
      const result = target.call(target.object?.() as never, [...before, { noSuchOption: 1 }]);
      if (result instanceof Promise) result.catch(() => {});
    } catch (error) {
      const names = /Its options are: (.*)\.$/.exec((error as Error).message)?.[1];
      if (names !== undefined) return names.split(", ");
    }
  }
  return [];
}

const ROUNDS = Number(globalThis.process?.env?.GRADSTEP_FUZZ_ROUNDS ?? 1);

it("are refused with a code, and change nothing", { timeout: 900_000 }, () => {
  const pick = picker(7);
  const state = witness();
  const before = state();
  const targets = [...exported(), ...methods(), ...bases()];
  expect(targets.length).toBeGreaterThan(1500);
  for (let round = 0; round < ROUNDS; round++) {
    for (const target of targets) {
      attempt(target, "", []);
      for (const [label, bad] of hostile) {
        attempt(target, label, [bad()]);
      }
      for (let i = 0; i < 6; i++) {
        const [label, bad] = pick(hostile);
        const [second, alsoBad] = pick(hostile);
        attempt(target, `good, ${label}`, [pick(GOOD)(), bad()]);
        attempt(target, `good, ${second}`, [pick(GOOD)(), alsoBad()]);
        attempt(target, `good, good, ${label}`, [pick(GOOD)(), pick(GOOD)(), bad()]);
        attempt(target, `${label} inside`, [pick(AROUND)(bad())]);
        attempt(target, `good, ${label} inside`, [pick(GOOD)(), pick(AROUND)(bad())]);
        attempt(target, `${label}, and others`, [pick(GOOD)(), pick(hostile)[1](), bad(), pick(GOOD)()]);
      }
      for (const option of optionNames(target)) {
        for (let i = 0; i < 6; i++) {
          const [label, bad] = pick(hostile);
          const first = pick([[], [2], [2, 2]]);
          attempt(target, `${option}: ${label}`, [...first, { [option]: bad() }]);
        }
      }
      if (state() !== before) note(`${target.name}(): wrote to something else`);
    }
  }
  console.info(`hostile calls: ${tried} inputs tried on ${targets.length} functions, ${refused} refused`);
  expect([...faults.values()]).toEqual([]);
});
