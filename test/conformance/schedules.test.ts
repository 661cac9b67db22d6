/// <reference types="vite/client" />
/**
 * Schedules against Keras: its numbers, its configs, its own tests; and Rust against TypeScript.
 */

import { describe, expect, it } from "vitest";
import { toKeras } from "../../ts/keras-names.js";
import { evaluateSchedule } from "../../ts/runtime/schedule.js";
import { scheduleSpecs } from "../../ts/runtime/specs.js";
import * as schedules from "../../ts/schedules/index.js";
import { builtInSchedules } from "../../ts/schedules/registry.js";
import golden from "../golden/schedules.json";

const {
  CosineDecay,
  CosineDecayRestarts,
  ExponentialDecay,
  InverseTimeDecay,
  PiecewiseConstantDecay,
  PolynomialDecay,
} = schedules;

type Config = Record<string, unknown>;

/** Errors are relative to the highest rate: near the end of a cosine the rate itself is nearly 0. */
function expectRate(schedule: schedules.LearningRateSchedule, step: number, expected: number, tolerance: number): void {
  const { initial_learning_rate, warmup_target, values } = schedule.getConfig();
  const rates = [initial_learning_rate, warmup_target, ...((values as number[] | undefined) ?? [])];
  const scale = Math.max(Math.abs(expected), ...rates.map((rate) => Math.abs(Number(rate ?? 0))));
  const error = Math.abs(schedule.at(step) - expected) / scale;
  expect(error, `step ${step}: ${schedule.at(step)}, expected ${expected}`).toBeLessThanOrEqual(tolerance);
}

function float32s(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer);
}

/** The rate of a step at which a period begins; Keras's float32 misses some of these. */
function restartRate(class_name: string, config: Config, step: number): number | undefined {
  if (class_name !== "CosineDecayRestarts") return undefined;
  const { initial_learning_rate, first_decay_steps, t_mul = 2, m_mul = 1, alpha = 0 } = config as Record<string, number>;
  let [begin, length, height] = [0, first_decay_steps ?? 0, 1];
  while (begin < step * (1 - 1e-12)) [begin, length, height] = [begin + length, length * t_mul, height * m_mul];
  return begin <= step * (1 + 1e-12) ? (initial_learning_rate ?? 0) * ((1 - alpha) * height + alpha) : undefined;
}

describe("golden vectors", () => {
  it.each(golden.cases.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    const { class_name, config } = vector as { class_name: string; config: Config };
    const schedule = schedules.deserialize({ class_name, config });
    const expected = float32s(vector.expected);
    expect(expected).toHaveLength(vector.steps.length);
    vector.steps.forEach((step, i) => {
      const keras = expected[i] ?? Number.NaN;
      expectRate(schedule, step, restartRate(class_name, config, step) ?? keras, golden.tolerance);
    });
  });

  it("cover every schedule", () => {
    const covered = new Set(golden.cases.map(({ class_name }) => class_name));
    expect([...covered].sort()).toEqual([...builtInSchedules.keys()].sort());
  });
});

describe("what Keras's own tests expect", () => {
  const check = (schedule: schedules.LearningRateSchedule, rates: Record<number, number>) => {
    for (const [step, rate] of Object.entries(rates)) expectRate(schedule, Number(step), rate, 1e-6);
  };
  const wave = (fraction: number) => (1 + Math.cos(Math.PI * fraction)) / 2;

  it("ExponentialDecay", () => {
    const smooth = new ExponentialDecay({ initialLearningRate: 0.05, decaySteps: 10, decayRate: 0.96 });
    check(smooth, { 5: 0.05 * Math.sqrt(0.96) });
    const stairs = new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.96, staircase: true });
    check(stairs, { 1: 0.1, 2: 0.1, 100: 0.1 * 0.96 ** 33 });
  });

  it("InverseTimeDecay", () => {
    const options = { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.96 };
    const smooth = new InverseTimeDecay(options);
    const stairs = new InverseTimeDecay({ ...options, staircase: true });
    for (let step = 0; step <= 10; step += 1) {
      check(smooth, { [step]: 0.1 / (1 + 0.96 * (step / 10)) });
      check(stairs, { [step]: 0.1 / (1 + 0.96 * Math.floor(step / 10)) });
    }
  });

  it("PiecewiseConstantDecay", () => {
    const rate = new PiecewiseConstantDecay({ boundaries: [100, 110, 120], values: [1, 0.1, 0.01, 0.001] });
    check(rate, { [-999]: 1, 100: 1, 105: 0.1, 110: 0.1, 120: 0.01, 999: 0.001 });
  });

  it("PolynomialDecay", () => {
    const options = { initialLearningRate: 0.05, decaySteps: 10, endLearningRate: 0.001 };
    check(new PolynomialDecay(options), { 0: 0.05, 5: 0.0255, 10: 0.001, 15: 0.001 });
    check(new PolynomialDecay({ ...options, power: 0.5 }), { 5: 0.049 * Math.sqrt(0.5) + 0.001 });
    check(new PolynomialDecay({ ...options, cycle: true }), { 0: 0.05, 5: 0.0255, 10: 0.001, 15: 0.01325 });
  });

  it("CosineDecay", () => {
    const options = { initialLearningRate: 1, decaySteps: 1000 };
    for (let step = 0; step <= 1250; step += 250) {
      const decayed = wave(Math.min(step, 1000) / 1000);
      check(new CosineDecay(options), { [step]: decayed });
      check(new CosineDecay({ ...options, alpha: 0.1 }), { [step]: 0.9 * decayed + 0.1 });
    }
    for (const warmupSteps of [1500, 2000]) {
      const warm = new CosineDecay({ ...options, warmupTarget: 10, warmupSteps });
      for (let step = 0; step < warmupSteps; step += 250) check(warm, { [step]: 1 + (9 * step) / warmupSteps });
      for (let step = 0; step <= 1000; step += 250) check(warm, { [warmupSteps + step]: 10 * wave(step / 1000) });
    }
  });

  it("CosineDecayRestarts", () => {
    const options = { initialLearningRate: 1, firstDecaySteps: 1000 };
    check(new CosineDecayRestarts(options), { 0: 1, 500: 0.5, 999: wave(0.999), 1000: 1, 2000: 0.5, 3000: 1 });
    check(new CosineDecayRestarts({ ...options, alpha: 0.1 }), { 0: 1, 500: 0.55, 1000: 1 });
    check(new CosineDecayRestarts({ ...options, mMul: 0.9 }), { 999: wave(0.999), 1000: 0.9, 2000: 0.45 });
    check(new CosineDecayRestarts({ ...options, tMul: 1 }), { 999: wave(0.999), 1000: 1, 1500: 0.5, 2000: 1 });
  });
});

describe("one list", () => {
  const required: Config = {
    initial_learning_rate: 0.125,
    decay_steps: 40,
    first_decay_steps: 30,
    decay_rate: 0.75,
    boundaries: [10, 20],
    values: [0.5, 0.25, 0.125],
    warmup_target: 0.5,
  };
  const stems = (files: Record<string, unknown>, ending: string) =>
    Object.keys(files)
      .map((path) => path.slice(path.lastIndexOf("/") + 1, -ending.length))
      .sort();
  const specs = scheduleSpecs();
  const classes = [...builtInSchedules.values()];

  it("has the same schedules in Rust, in TypeScript and in both folders", () => {
    const names = specs.map(({ name }) => name);
    const asFile = (className: string | undefined) => (className ?? "").replace(/(?!^)[A-Z]/g, "_$&").toLowerCase();
    expect(classes.map(({ className }) => asFile(className))).toEqual(names);
    const rust = stems(import.meta.glob("../../crates/core/src/schedules/*.rs"), ".rs");
    expect(rust).toEqual([...names, "mod"].sort());
    const typescript = stems(import.meta.glob("../../ts/schedules/*.ts"), ".ts");
    const shared = ["built-in-schedule", "index", "registry", "schedule"];
    expect(typescript).toEqual([...names.map((name) => name.replaceAll("_", "-")), ...shared].sort());
    for (const [className, made] of builtInSchedules) {
      expect((schedules as Record<string, unknown>)[className]).toBe(made);
    }
  });

  it.each(specs.map((spec, i) => [spec.name, spec, classes[i]] as const))(
    "%s: same arguments, defaults and place",
    (_, spec, made) => {
      if (made === undefined) throw new Error(`no class for ${spec.name}`);
      const needed = spec.arguments.filter((argument) => argument.default === null).map(({ name }) => name);
      const given = Object.fromEntries(needed.map((name) => [name, required[name]]));
      const schedule = made.fromConfig(given);
      const { name: label, ...config } = schedule.getConfig();
      expect(label).toBeTypeOf("string");
      expect(Object.keys(config)).toEqual(spec.arguments.map(({ name }) => name));
      expect(Object.keys(schedule).map(toKeras).sort()).toEqual([...Object.keys(config), "name"].sort());
      for (const argument of spec.arguments) {
        if (argument.default !== null) expect(Number(config[argument.name]), argument.name).toBe(argument.default);
      }
      // No default in Rust: required here, or null.
      for (const name of needed) {
        const without = () => made.fromConfig({ ...given, [name]: undefined });
        if (name === "warmup_target") expect(without().getConfig()[name]).toBeNull();
        else expect(without, name).toThrow(TypeError);
      }
      const numbers = Object.values(config).flat().map(Number);
      expect(schedule.at(17)).toBe(evaluateSchedule(spec.id, numbers, 17));
    },
  );
});
