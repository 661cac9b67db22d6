/**
 * JSON of every class, and of models, changed at random: refused with a code, or an object that works. A refused
 * reading draws no random numbers, and takes no names.
 * Over 300 lines: the classes, the changes and the checks are tables of one property.
 */

import { afterAll, beforeAll, expect, it, vi } from "vitest";
import * as gradstep from "../../ts/index.js";
import { nextName } from "../../ts/names.js";
import { sharedGenerator } from "../../ts/random/generator.js";
import { endless, faultOf, HOSTILE, picker } from "../support/hostile.js";
import { NEEDED } from "../support/public-classes.js";

const {
  constraints,
  initializers,
  layers,
  losses,
  Model,
  metrics,
  modelFromJSON,
  optimizers,
  regularizers,
  schedules,
} = gradstep;

beforeAll(() => {
  for (const name of ["warn", "log"] as const) vi.spyOn(console, name).mockImplementation(() => {});
});
afterAll(() => void vi.restoreAllMocks());

type JSONObject = Record<string, unknown>;
type Read = (json: never) => object;
interface Source {
  readonly name: string;
  readonly json: JSONObject;
  readonly read: Read;
}

const twice = (x: gradstep.Tensor) => gradstep.ops.multiply(x, 2);

/** Arguments of classes: the required ones, or more of them, which have more to change. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  ...NEEDED,
  Conv2D: [2, [2, 1], { kernelRegularizer: "l2", kernelConstraint: "nonNeg" }],
  Dense: [2, { activation: "relu", kernelRegularizer: "l1", biasInitializer: "ones", activityRegularizer: "l2" }],
  Lambda: [twice, [2], null, { factor: 2 }],
  Reshape: [[2, 2]],
  Lookahead: [new gradstep.Adam({ name: "inner" })],
  SAM: [new gradstep.Adam({ name: "inner" })],
  ScheduleFree: [new gradstep.Adam({ name: "inner" })],
  SWA: [new gradstep.Adam({ name: "inner" })],
  LossScaleOptimizer: [new gradstep.Adam({ name: "inner" })],
  LinearWarmup: [{ inner: new schedules.Constant(0.1), warmupSteps: 10 }],
  SequentialSchedule: [{ schedules: [0.1, new schedules.Linear(0.1, 5)], boundaries: [5] }],
  ReduceOnPlateau: [{ inner: new schedules.Constant(0.1), factor: 0.5 }],
  Adam: [{ learningRate: new schedules.ExponentialDecay({ initialLearningRate: 1, decaySteps: 9, decayRate: 0.5 }) }],
};

/** Of each class that can be made without functions, its JSON. */
function sources(): Source[] {
  const families = { constraints, initializers, layers, losses, metrics, optimizers, regularizers, schedules };
  return Object.entries(families).flatMap(([family, space]) => {
    const { serialize, deserialize } = space as unknown as { serialize(object: object): object; deserialize: Read };
    return Object.entries(space).flatMap(([name, Made]) => {
      if (typeof Made !== "function" || !/^class\b/.test(Function.prototype.toString.call(Made))) return [];
      try {
        const made = new (Made as unknown as new (...args: readonly unknown[]) => object)(...(ARGUMENTS[name] ?? []));
        const read: Read = name === "Lambda" ? (json) => layers.deserialize(json, { twice }) : deserialize;
        return [{ name: `${family}.${name}`, json: plain(serialize(made)), read }];
      } catch {
        // A base class, or the wrapper of a function.
        return [];
      }
    });
  });
}

const plain = (json: object): JSONObject => JSON.parse(gradstep.stringify(json));

function models(): Source[] {
  const sequential = new gradstep.Sequential([
    new layers.Conv1D(2, 2, { inputShape: [4, 1], activation: "relu" }),
    new layers.Flatten(),
    new layers.Dense(2, { kernelRegularizer: "l2", activation: new layers.LeakyReLU() }),
  ]);
  sequential.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] });
  const input = gradstep.Input({ shape: [2] });
  const inner = new gradstep.Sequential([new layers.Dense(2, { inputShape: [2] })]);
  const both = new layers.Concatenate().apply([inner.apply(input), new layers.Dense(2).apply(input)]);
  const outputs = new layers.Dense(1).apply(both);
  const functional = new Model({ inputs: input, outputs });
  functional.compile({ optimizer: "sgd", loss: { [functional.outputNames[0] as string]: "mse" } });
  return [
    { name: "Sequential", json: plain(sequential), read: (json) => modelFromJSON(json) },
    { name: "Functional", json: plain(functional), read: (json) => modelFromJSON(json) },
  ];
}

interface Place {
  readonly holder: JSONObject;
  readonly key: string;
}

function places(json: unknown, found: Place[] = []): Place[] {
  if (typeof json !== "object" || json === null) return found;
  for (const key of Object.keys(json)) {
    found.push({ holder: json as JSONObject, key });
    places((json as JSONObject)[key], found);
  }
  return found;
}

const pick = picker(5);
const hostile = Object.entries(HOSTILE);

function deepJSON(depth: number): object {
  let json: object = {};
  for (let i = 0; i < depth; i++) json = pick([[json], { config: json, class_name: "Dense" }]);
  return json;
}

/** Values that JSON has, and are of another type than most. */
const JSONS: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  3,
  0.5,
  1e39,
  1e-50,
  2 ** 31,
  "",
  "relu",
  "Dense",
  "__proto__",
  "constructor",
  [],
  {},
  [0],
  [[1]],
  ["a", 0, 0],
  { a: 1 },
];

const MUTATIONS: Readonly<Record<string, (place: Place, all: readonly Place[]) => string>> = {
  delete: ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    return "";
  },
  "put JSON": ({ holder, key }) => {
    holder[key] = structuredClone(pick(JSONS));
    return JSON.stringify(holder[key]);
  },
  "put what is hostile": ({ holder, key }) => {
    const [label, make] = pick(hostile);
    holder[key] = make();
    return label;
  },
  swap: (place, all) => {
    const other = pick(all);
    const [a, b] = [place.holder[place.key], other.holder[other.key]];
    place.holder[place.key] = b;
    other.holder[other.key] = a;
    return other.key;
  },
  retype: ({ holder, key }) => {
    const value = holder[key];
    // The changes before may have given an object a method toString that is none.
    const text = typeof value === "object" ? "[object Object]" : String(value);
    const made = pick<unknown>([text, [value], { value }, Number(text), Boolean(value), `${typeof value}s`]);
    holder[key] = made;
    return JSON.stringify(made) ?? "";
  },
  "nest deeply": ({ holder, key }) => {
    holder[key] = deepJSON(pick([3, 150, 10_000]));
    return "";
  },
  "contain itself": (place, all) => {
    place.holder[place.key] = pick([all[0]?.holder, place.holder, endless()]);
    return "";
  },
  "add a key": ({ holder }) => {
    const key = pick(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "name", "then", "toJSON"]);
    const value = pick<unknown>([1, null, {}, { polluted: true }, "x"]);
    Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
    return key;
  },
  "a getter": ({ holder, key }) => {
    const value = holder[key];
    let reads = 0;
    Object.defineProperty(holder, key, { get: () => (reads++ === 0 ? value : { changed: true }), enumerable: true });
    return "";
  },
};

const faults = new Map<string, string>();
let tried = 0;
let refused = 0;

function note(source: string, what: string, fault: string): void {
  const kind = fault.slice(0, 90);
  if (!faults.has(kind)) faults.set(kind, `${source}: ${what}: ${fault}`);
}

const STEMS = [
  "dense",
  "sequential",
  "functional",
  "flatten",
  "adam",
  "conv1d",
  "input_layer",
  "leaky_re_lu",
  "concatenate",
];

function attempt({ name, json, read }: Source, count: number): void {
  tried++;
  const mutated = { root: structuredClone(json) };
  const said: string[] = [];
  for (let i = 0; i < count; i++) {
    const all = places(mutated);
    if (all.length === 0) break;
    const place = pick(all.length > 400 ? all.slice(0, 400) : all);
    const mutation = pick(Object.keys(MUTATIONS));
    said.push(`${mutation} at "${place.key}" ${MUTATIONS[mutation]?.(place, all)}`);
    // Its own places would have no end.
    if (/deeply|itself|hostile|getter|swap/.test(mutation)) break;
  }
  const draws = sharedGenerator().state.join();
  const names = STEMS.map(nextName).join();
  let made: object;
  try {
    made = read(mutated.root as never);
  } catch (error) {
    refused++;
    const fault = faultOf(error);
    if (fault !== undefined) note(name, said.join(", "), fault);
    if (sharedGenerator().state.join() !== draws) note(name, said.join(", "), `drew random numbers ${error}`);
    if (STEMS.map(nextName).join() !== names) note(name, said.join(", "), `took a name ${error}`);
    return;
  }
  try {
    if (!(made instanceof Object)) throw new Error(`gave ${String(made)}`);
    gradstep.stringify(made);
    if (made instanceof Model) made.apply(modelInput(made));
  } catch (error) {
    const fault = faultOf(error);
    if (fault !== undefined) note(name, `${said.join(", ")}, then used`, fault);
  }
}

function modelInput(model: gradstep.Model): never {
  const inputs = model.inputPorts.map(({ rowShape = [2] }) =>
    gradstep.tensor(new Float32Array(size(rowShape)), [1, ...rowShape.map((length) => length ?? 2)]),
  );
  return (inputs.length === 1 ? inputs[0] : inputs) as never;
}

const size = (shape: readonly (number | null)[]) => {
  const product = shape.reduce<number>((all, length) => all * (length ?? 2), 1);
  return product < 1e6 ? product : 1;
};

it("is refused with a code, or creates a working object", { timeout: 300_000 }, () => {
  const all = sources();
  expect(all.length).toBeGreaterThan(100);
  const rounds = Number(globalThis.process?.env?.GRADSTEP_FUZZ_ROUNDS ?? 1);
  for (let round = 0; round < rounds; round++) {
    for (const source of all) for (let i = 0; i < 60; i++) attempt(source, (i % 3) + 1);
    for (const source of models()) for (let i = 0; i < 1000; i++) attempt(source, (i % 4) + 1);
  }
  console.info(`mutated JSON: ${tried} inputs tried, of ${all.length} classes and two models, ${refused} refused`);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect([...faults.values()]).toEqual([]);
});

it("as text, cut short and with other characters", () => {
  const [{ json }] = models() as [Source];
  const text = JSON.stringify(json);
  let texts = 0;
  for (let i = 0; i < 600; i++) {
    texts++;
    const at = pick(Array.from({ length: 50 }, (_, j) => Math.floor((text.length * (j + 1)) / 51))) + (i % 13);
    const changed = pick([
      text.slice(0, at),
      text.slice(0, at) + text.slice(at + 1),
      `${text.slice(0, at)}${pick(["0", "[", "}", '"', "-"])}${text.slice(at + 1)}`,
    ]);
    try {
      gradstep.stringify(modelFromJSON(changed));
    } catch (error) {
      expect(faultOf(error), changed.slice(Math.max(0, at - 30), at + 30)).toBeUndefined();
    }
  }
  console.info(`mutated JSON: ${texts} texts tried`);
});
