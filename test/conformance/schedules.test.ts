/**
 * Schedules against Keras's numbers and its own tests, those that Keras lacks against optax or their papers; and the list in Rust against the one in TypeScript.
 */

import { describe, expect, it } from "vitest";
import { toKeras } from "../../ts/keras-names.js";
import "../../ts/runtime/embedded.js";
import { evaluateSchedule } from "../../ts/runtime/schedule.js";
import { scheduleSpecs } from "../../ts/runtime/specs.js";
import * as schedules from "../../ts/schedules/index.js";
import { builtInSchedules } from "../../ts/schedules/registry.js";
import expectations from "../golden/keras-expectations.json" with { type: "json" };
import golden from "../golden/schedules.json" with { type: "json" };

type Config = Record<string, unknown>;

function float32s(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer);
}

/** Fails unless the rate is within `bound` of what is expected. A NaN fails. */
function expectRate(schedule: schedules.LearningRateSchedule, step: number, right: number, bound: number): void {
  const rate = schedule.at(step);
  expect(Math.abs(rate - right), `step ${step}: ${rate}, expected ${right}`).toBeLessThanOrEqual(bound);
}

describe("golden vectors", () => {
  it.each(golden.cases.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    const schedule = schedules.deserialize(vector);
    const expected = float32s(vector.expected);
    expect(expected).toHaveLength(vector.steps.length);
    expected.forEach((rate, i) => {
      expectRate(
        schedule,
        vector.steps[i] ?? Number.NaN,
        rate,
        golden.tolerance * Math.max(Math.abs(rate), vector.floor),
      );
    });
  });

  it("cover every schedule", () => {
    // plateau.json has that of a plateau, whose rates follow from losses.
    const covered = new Set([...golden.cases.map(({ class_name }) => class_name), "ReduceOnPlateau"]);
    expect([...covered].sort()).toEqual([...builtInSchedules.keys()].sort());
  });
});

describe("expectations of Keras's own tests", () => {
  it.each(expectations.schedules.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    const schedule = schedules.deserialize(vector);
    for (const [step = Number.NaN, rate = Number.NaN] of vector.expected) {
      expectRate(schedule, step, rate, expectations.scheduleTolerance * (1 + Math.abs(rate)));
    }
  });
});

describe("restarts that Keras misses", () => {
  // Keras 3.15.1 on numpy gives 0 at these steps, at which the third period begins.
  it.each([
    [1.1, 10, 21],
    [1.2, 10, 22],
    [1.2, 1000, 2200],
  ])("tMul %d, firstDecaySteps %d: step %d", (tMul, firstDecaySteps, step) => {
    const schedule = new schedules.CosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps, tMul, mMul: 0.5 });
    expect(schedule.at(step)).toBe(0.25);
    expect(schedule.at(step - 1)).toBeLessThan(0.02);
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
    peak_learning_rate: 0.25,
    warmup_steps: 4,
    stable_steps: 6,
    total_steps: 50,
    max_learning_rate: 0.75,
    base_learning_rate: 0.125,
  };
  // Numbers that represent words in Rust.
  const codes: Readonly<Record<string, number>> = { cosine: 0, cos: 0, triangular: 0 };
  const asNumber = (value: unknown) => (typeof value === "string" ? codes[value] : Number(value ?? Number.NaN));
  const stems = (files: Record<string, unknown>, ending: string) =>
    Object.keys(files)
      .map((path) => path.slice(path.lastIndexOf("/") + 1, -ending.length))
      .sort();
  const specs = scheduleSpecs();
  // Those that hold others are computed by these.
  const composed = ["LinearWarmup", "SequentialSchedule", "ReduceOnPlateau"];
  const classes = [...builtInSchedules.values()].filter(({ className = "" }) => !composed.includes(className));

  it("has the same schedules in Rust, in TypeScript and in both folders", () => {
    const names = specs.map(({ name }) => name);
    const asFile = (className: string | undefined) =>
      (className ?? "").replace(/(?<=[a-z])[A-Z]/g, "_$&").toLowerCase();
    expect(classes.map(({ className }) => asFile(className))).toEqual(names);
    const rust = stems(import.meta.glob("../../crates/core/src/schedules/*.rs"), ".rs");
    expect(rust).toEqual([...names, "mod"].sort());
    const typescript = stems(import.meta.glob("../../ts/schedules/*.ts"), ".ts");
    const shared = ["built-in-schedule", "classes", "composed", "index", "list", "plot", "registry", "schedule"];
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
        if (argument.default !== null) expect(asNumber(config[argument.name]), argument.name).toBe(argument.default);
      }
      // No default in Rust: required here, or null.
      for (const name of needed) {
        const without = () => made.fromConfig({ ...given, [name]: undefined });
        if (name === "warmup_target" || name === "step_size_down") expect(without().getConfig()[name]).toBeNull();
        else expect(without, name).toThrow(TypeError);
      }
      const numbers = Object.values(config)
        .flat()
        .map((value) => asNumber(value) as number);
      expect(schedule.at(17)).toBe(evaluateSchedule(spec.id, numbers, 17));
    },
  );
});
