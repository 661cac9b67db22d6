/**
 * One list: the Rust table, the TypeScript classes, the registry, the folders, Keras's signature and the
 * golden files agree on every optimizer, its arguments and its defaults.
 */

import { describe, expect, it } from "vitest";
import * as gradstep from "../../ts/index.js";
import { fromKeras } from "../../ts/keras-names.js";
import { rules } from "../../ts/optimizers/list.js";
import { builtInOptimizers } from "../../ts/optimizers/registry.js";
import { optimizerSpecs } from "../../ts/runtime/specs.js";
import { GOLDEN, goldenOf } from "../support/golden.js";
import { CLASS_NAMES, isWrapper, make, trialsOf } from "../support/optimizers.js";

/** Files of the folder, without their endings. */
const stemsOf = (files: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(files)
    .map((path) => path.slice(path.lastIndexOf("/") + 1, path.lastIndexOf(".")))
    .sort();

const MODULES = import.meta.glob<Record<string, unknown>>("../../ts/optimizers/*.ts", { eager: true });
const RUST = import.meta.glob("../../crates/core/src/optimizers/*.rs", { query: "?raw" });
const specs = optimizerSpecs();
const stemOf = (className: string): string =>
  [...GOLDEN].find(([, { optimizer }]) => optimizer === className)?.[0] ?? `no golden file for ${className}`;
const specOf = (className: string) => specs.find(({ name }) => name === stemOf(className).replaceAll("-", "_"));
/** Rules of TypeScript alone, made of products of matrices. */
const WITHOUT_KERNEL = ["SOAP"];
const withKernel = CLASS_NAMES.filter((name) => !isWrapper(name) && !WITHOUT_KERNEL.includes(name));

/** Keras rounds a learning rate to float32; it keeps None for no excluded layers, but saves []. */
const saved = (name: string, value: unknown): unknown =>
  name === "learning_rate" ? Math.fround(value as number) : name === "exclude_layers" ? (value ?? []) : value;

/** Optimizers that a file of ts/optimizers defines itself, not by re-export. */
function classesIn(path: string): string[] {
  const isClass = (value: unknown): value is typeof gradstep.Optimizer =>
    typeof value === "function" && value.prototype instanceof gradstep.Optimizer;
  return Object.values(MODULES[path] ?? {})
    .filter(isClass)
    .map(({ className }) => className);
}

describe("the list of optimizers", () => {
  it.each([...builtInOptimizers.keys()])("%s has golden vectors", (className) => {
    expect(goldenOf(className).cases.length).toBeGreaterThan(0);
  });

  it("is the same in the registry and in the golden folder", () => {
    const withVectors = [...GOLDEN.values()].map(({ optimizer }) => optimizer).sort();
    expect(withVectors, "each file of vectors in test/golden has a line in ts/optimizers/rules.ts").toEqual(
      [...CLASS_NAMES].sort(),
    );
  });

  it("is the same in Rust, in Rust's folder, and in the registry", () => {
    const names = specs.map(({ name }) => name);
    expect(stemsOf(RUST), "each file has a line in crates/core/src/optimizers/mod.rs, and the module is built").toEqual(
      [...names, "mod", "rule", "spec"].sort(),
    );
    const spelled = (name: string) => name.replaceAll("_", "").toLowerCase();
    expect(
      rules()
        .map(({ className }) => className)
        .filter((className) => !WITHOUT_KERNEL.includes(className))
        .map(spelled)
        .sort(),
      "each kernel has a class, with a line in ts/optimizers/rules.ts",
    ).toEqual(names.map(spelled).sort());
  });

  it.each(CLASS_NAMES)("%s is in a separate file, named like its vectors", (className) => {
    expect(classesIn(`../../ts/optimizers/${stemOf(className)}.ts`)).toEqual([className]);
  });

  it("holds every optimizer of the folder", () => {
    const inFolder = Object.keys(MODULES).flatMap(classesIn);
    // Options alone do not make these: their tests are in multi-optimizer.test.ts and wrappers.test.ts.
    const around = ["LBFGS", "Lookahead", "MultiOptimizer", "Optimizer", "SAM", "SWA", "ScheduleFree"];
    const found = [...new Set(inFolder)].filter((name) => !around.includes(name)).sort();
    expect(found, "each class of the folder has a line in ts/optimizers/rules.ts").toEqual(
      [...builtInOptimizers.keys()].sort(),
    );
  });

  it.each(CLASS_NAMES)("%s is exported, at the top and under optimizers", (className) => {
    const made = builtInOptimizers.get(className);
    expect((gradstep as Record<string, unknown>)[className]).toBe(made);
    expect((gradstep.optimizers as Record<string, unknown>)[className]).toBe(made);
  });
});

describe.each(withKernel)("%s", (className) => {
  const optimizer = make(className);
  const config = optimizer.getConfig();

  it("has the defaults of its Rust spec", () => {
    const spec = specOf(className);
    if (spec === undefined) throw new Error(`no Rust spec for ${className}`);
    expect(spec.arguments[0]?.name).toBe("learning_rate");
    for (const { name, default: value } of spec.arguments) {
      // The default of an argument that Keras lacks is not in the config.
      const ours = name in config ? config[name] : (optimizer as unknown as Record<string, unknown>)[fromKeras(name)];
      expect(ours, name).not.toBeUndefined();
      expect(ours === null ? null : Number(ours), name).toBe(saved(name, value));
    }
    expect(config.weight_decay).toBe(spec.weightDecay);
    const base = ["name", "weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "use_ema", "ema_momentum"];
    const rest = ["ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps"];
    const known = new Set([...base, ...rest, ...spec.arguments.map(({ name }) => name)]);
    // Arguments that Rust does not know are not numbers: in TypeScript they select the rule of a variable.
    for (const name of Object.keys(config).filter((name) => !known.has(name))) {
      expect(typeof config[name], `${name} is not an argument of the Rust spec`).not.toBe("number");
    }
  });
});

describe.each(CLASS_NAMES)("%s", (className) => {
  const { kerasDefaults } = goldenOf(className);
  const given = isWrapper(className) ? { inner_optimizer: trialsOf(className)[0]?.config.inner_optimizer } : {};
  const optimizer = make(className, given);
  const config = optimizer.getConfig();

  it("has Keras's arguments and defaults", () => {
    const { name, ...expected } = kerasDefaults;
    const { name: ours, inner_optimizer: _, ...rest } = config;
    expect(name).toBeNull();
    expect(ours).toBeTypeOf("string");
    expect(rest).toEqual(Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, saved(key, value)])));
  });

  it("has a property for each argument", () => {
    for (const key of Object.keys(kerasDefaults)) {
      const value = (optimizer as unknown as Record<string, unknown>)[fromKeras(key)];
      expect(value, fromKeras(key)).toEqual(config[key]);
    }
  });

  it("is named after its class, as Keras names it", () => {
    const keras = goldenOf(className).cases[0]?.savedConfig.name as string;
    expect(optimizer.name).toMatch(new RegExp(`^${keras}(_\\d+)?$`));
    expect(optimizer.className).toBe(className);
  });
});
