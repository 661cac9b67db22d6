/**
 * Schedules as JSON, custom schedules, and what their constructors refuse.
 *
 * Over 300 lines: a table of saved schedules, and one of refused options.
 */

import { describe, expect, it } from "vitest";
import { ArgumentTypeError, ValueError } from "../../ts/errors.js";
import "../../ts/runtime/embedded.js";
import * as schedules from "../../ts/schedules/index.js";
import { stringify } from "../../ts/stringify.js";
import { Harmonic } from "../support/harmonic.js";

const { CosineDecay, CosineDecayRestarts, ExponentialDecay, PiecewiseConstantDecay, PolynomialDecay } = schedules;

/** One schedule of each class, every argument given, as Python's Keras saves it where it has the class. */
const SAVED: readonly [string, Record<string, unknown>][] = [
  ["ExponentialDecay", { initial_learning_rate: 0.1, decay_steps: 3, decay_rate: 0.9, staircase: true, name: "a" }],
  ["InverseTimeDecay", { initial_learning_rate: 0.1, decay_steps: 2.5, decay_rate: 2, staircase: false, name: null }],
  ["PiecewiseConstantDecay", { boundaries: [1.5, 20], values: [0.1, 0.2, 0.05], name: "PiecewiseConstant" }],
  [
    "PolynomialDecay",
    { initial_learning_rate: 0.1, decay_steps: 9, end_learning_rate: 0.01, power: 0.5, cycle: true, name: "b" },
  ],
  [
    "CosineDecay",
    { initial_learning_rate: 0, decay_steps: 90, alpha: 0.1, name: "c", warmup_target: 0.3, warmup_steps: 7 },
  ],
  [
    "CosineDecayRestarts",
    { initial_learning_rate: 0.1, first_decay_steps: 5, t_mul: 1.5, m_mul: 0.7, alpha: 0.2, name: "SGDRDecay" },
  ],
  [
    "WarmupStableDecay",
    { peak_learning_rate: 0.1, warmup_steps: 5, stable_steps: 9, decay_steps: 20, cooldown: "1-sqrt", name: "d" },
  ],
  ["InverseSqrt", { initial_learning_rate: 0.1, warmup_steps: 7, name: null }],
  ["REX", { initial_learning_rate: 0.1, total_steps: 40, name: "REX" }],
  [
    "OneCycle",
    {
      max_learning_rate: 0.1,
      total_steps: 40,
      pct_start: 0.2,
      anneal_strategy: "linear",
      div_factor: 10,
      final_div_factor: 100,
      three_phase: true,
      name: "a",
    },
  ],
  [
    "Cyclic",
    {
      base_learning_rate: 0.1,
      max_learning_rate: 0.2,
      step_size_up: 5,
      step_size_down: null,
      mode: "exp_range",
      gamma: 0.9,
      name: null,
    },
  ],
  ["Linear", { initial_learning_rate: 0.1, total_steps: 40, end_learning_rate: 0.2, name: "b" }],
  ["Constant", { learning_rate: 0.1, name: "c" }],
  ["LinearWarmup", { inner: 0.1, warmup_steps: 4, name: "d" }],
  [
    "SequentialSchedule",
    {
      schedules: [
        0.1,
        {
          module: "keras.optimizers.schedules",
          class_name: "LinearWarmup",
          config: { inner: 0.1, warmup_steps: 4, name: null },
          registered_name: null,
        },
      ],
      boundaries: [7],
      name: "e",
    },
  ],
  [
    "ReduceOnPlateau",
    {
      inner: 0.1,
      factor: 0.5,
      patience: 3,
      rtol: 0,
      atol: 0.25,
      cooldown: 2,
      accumulation_size: 4,
      min_scale: 0.125,
      monitor: null,
      name: "f",
    },
  ],
];

/** The error that `call` throws, for a look at class, code and message. */
function refusal(call: () => unknown): ValueError | ArgumentTypeError {
  try {
    call();
  } catch (error) {
    if (error instanceof ValueError || error instanceof ArgumentTypeError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("configs", () => {
  it.each(SAVED)("%s comes back as it was", (class_name, config) => {
    const json = { module: "keras.optimizers.schedules", class_name, config, registered_name: null };
    const schedule = schedules.deserialize(json);
    const again = schedules.serialize(schedule);
    expect(JSON.stringify(again)).toBe(JSON.stringify(json));
    const copy = schedules.deserialize(JSON.parse(JSON.stringify(again)));
    for (let step = 0; step < 60; step += 1) expect(copy.at(step)).toBe(schedule.at(step));
  });

  it("keep Keras's defaults and names", () => {
    const made = new CosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 10 });
    expect(JSON.stringify(made.getConfig())).toBe(
      '{"initial_learning_rate":1,"first_decay_steps":10,"t_mul":2,"m_mul":1,"alpha":0,"name":"SGDRDecay"}',
    );
    expect(new PiecewiseConstantDecay({ boundaries: [1], values: [1, 2] }).name).toBe("PiecewiseConstant");
  });

  it("of schedules that Keras lacks have Python's floats and integers", () => {
    const steps = { warmupSteps: 1, stableSteps: 2, decaySteps: 3 };
    expect(stringify(new schedules.WarmupStableDecay({ peakLearningRate: 1, ...steps }).getConfig())).toBe(
      '{"peak_learning_rate":1.0,"warmup_steps":1,"stable_steps":2,"decay_steps":3,"cooldown":"cosine","name":"WarmupStableDecay"}',
    );
    expect(stringify(new schedules.REX(1, 10).getConfig())).toBe(
      '{"initial_learning_rate":1.0,"total_steps":10,"name":"REX"}',
    );
  });

  it("need neither module nor registered_name", () => {
    const config = { initial_learning_rate: 0.1, decay_steps: 10 };
    expect(schedules.deserialize({ class_name: "PolynomialDecay", config })).toBeInstanceOf(PolynomialDecay);
  });

  it("cannot be changed through returned or passed objects", () => {
    const boundaries = [10];
    const schedule = new PiecewiseConstantDecay({ boundaries, values: [1, 2] });
    boundaries[0] = 0;
    (schedule.getConfig().boundaries as number[])[0] = 0;
    expect(() => ((schedule.boundaries as number[])[0] = 0)).toThrow(TypeError);
    expect(schedule.at(5)).toBe(1);
    expect(schedule.getConfig().boundaries).toEqual([10]);
  });

  it.each(["exponential", "ExponentialDecay ", "Nope", "__proto__", "constructor", "toString", "LearningRateSchedule"])(
    "of an unknown class %s are refused with the known ones",
    (class_name) => {
      const error = refusal(() => schedules.deserialize({ class_name, config: {} }));
      expect(error).toBeInstanceOf(ValueError);
      expect(error.code).toBe("ERR_CONFIG_UNKNOWN_CLASS");
      expect(error.message).toContain(class_name);
      for (const [known] of SAVED) expect(error.message).toContain(known);
    },
  );

  it.each([
    ["a string", "ExponentialDecay", ArgumentTypeError],
    ["null", null, ArgumentTypeError],
    ["an array", [], ArgumentTypeError],
    ["without a class", { config: {} }, ValueError],
    ["with an inherited class", Object.create({ class_name: "CosineDecay" }), ArgumentTypeError],
    ["with a config that is none", { class_name: "CosineDecay", config: 3 }, ArgumentTypeError],
  ])("%s: malformed", (_, json, kind) => {
    const error = refusal(() => schedules.deserialize(json));
    expect(error).toBeInstanceOf(kind);
    expect(error.code).toBe("ERR_CONFIG_INVALID");
  });

  it("with unknown arguments are refused", () => {
    const config = JSON.parse('{ "initial_learning_rate": 1, "decay_steps": 2, "__proto__": { "alpha": 1 } }');
    expect(refusal(() => schedules.deserialize({ class_name: "CosineDecay", config })).code).toBe("ERR_CONFIG_INVALID");
  });
});

describe("a custom schedule", () => {
  it("comes back through customObjects", () => {
    const saved = schedules.serialize(new Harmonic({ first: 0.5 }));
    expect(saved).toEqual({
      module: null,
      class_name: "Harmonic",
      config: { first: 0.5 },
      registered_name: "Harmonic",
    });
    const again = schedules.deserialize(saved, { Harmonic });
    expect(again).toBeInstanceOf(Harmonic);
    expect(again.at(4)).toBe(0.1);
    expect(refusal(() => schedules.deserialize(saved)).code).toBe("ERR_CONFIG_UNKNOWN_CLASS");
  });

  it("may extend a built-in one, and is not saved as that", () => {
    class Halved extends ExponentialDecay {
      override at(step: number): number {
        return super.at(step) / 2;
      }
    }
    const schedule = new Halved({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 });
    const saved = schedules.serialize(schedule);
    expect(saved).toMatchObject({ module: null, class_name: "Halved", registered_name: "Halved" });
    expect(schedules.deserialize(saved, { Halved }).at(1)).toBe(0.25);
  });

  it("may have the name of a built-in one", () => {
    class Mine extends Harmonic {
      static override readonly className = "CosineDecay";
    }
    const saved = schedules.serialize(new Mine({ first: 1 }));
    expect(saved.registered_name).toBe("CosineDecay");
    expect(schedules.deserialize(saved, { CosineDecay: Mine })).toBeInstanceOf(Mine);
    expect(refusal(() => schedules.deserialize(saved)).code).toBe("ERR_CONFIG_UNKNOWN_CLASS");
  });

  it("must override the named methods", () => {
    class Empty extends schedules.LearningRateSchedule {}
    const at = refusal(() => new Empty().at(3));
    expect([at.code, at.message]).toEqual(["ERR_NOT_IMPLEMENTED", expect.stringMatching(/Empty.*override at\(step\)/)]);
    const saving = refusal(() => schedules.serialize(new Empty()));
    expect([saving.code, saving.message]).toEqual(["ERR_NOT_IMPLEMENTED", expect.stringMatching(/Empty.*getConfig/)]);
  });

  it("needs a name to be saved, and a class to come back", () => {
    const Nameless = (() => class extends Harmonic {})();
    expect(refusal(() => schedules.serialize(new Nameless({ first: 1 }))).code).toBe("ERR_CONFIG_INVALID");
    const saved = schedules.serialize(new Harmonic({ first: 1 }));
    const notOne = { Harmonic: class {} } as unknown as Record<string, typeof Harmonic>;
    expect(refusal(() => schedules.deserialize(saved, notOne)).code).toBe("ERR_OPTION_TYPE");
    expect(refusal(() => schedules.serialize({} as schedules.LearningRateSchedule)).code).toBe("ERR_OPTION_TYPE");
  });
});

describe("refused options", () => {
  const good = { initialLearningRate: 0.1, decaySteps: 10 };
  const cosine = (options: object) => () => new CosineDecay({ ...good, ...options });
  const pieces = (boundaries: unknown, values: unknown) => () =>
    new PiecewiseConstantDecay({ boundaries, values } as schedules.PiecewiseConstantDecayOptions);

  it.each<[string, () => unknown, string, RegExp]>([
    [
      "no options",
      () => new CosineDecay(0.1 as never),
      "ERR_OPTION_TYPE",
      /"decaySteps" must be a number, got undefined/,
    ],
    ["an unknown option", cosine({ decay: 1 }), "ERR_OPTION_UNKNOWN", /"decay".*initialLearningRate.*warmupSteps/],
    [
      "a missing rate",
      () => new CosineDecay({ decaySteps: 1 } as never),
      "ERR_OPTION_TYPE",
      /initialLearningRate.*undefined/,
    ],
    ["text for a number", cosine({ alpha: "0" }), "ERR_OPTION_TYPE", /"alpha" must be a number, got "0"/],
    ["null for a number", cosine({ alpha: null }), "ERR_OPTION_TYPE", /"alpha".*null/],
    ["a rate of NaN", cosine({ initialLearningRate: Number.NaN }), "ERR_OPTION_RANGE", /finite.*NaN/],
    ["a rate beyond float32", cosine({ initialLearningRate: 1e39 }), "ERR_OPTION_RANGE", /float32.*1e\+39/],
    ["no decay steps", cosine({ decaySteps: 0 }), "ERR_OPTION_RANGE", /"decaySteps" must be above 0, got 0/],
    ["negative decay steps", cosine({ decaySteps: -1 }), "ERR_OPTION_RANGE", /"decaySteps".*-1/],
    ["endless decay steps", cosine({ decaySteps: Infinity }), "ERR_OPTION_RANGE", /"decaySteps".*Infinity/],
    ["decay steps that vanish in float32", cosine({ decaySteps: 1e-60 }), "ERR_OPTION_RANGE", /above 0 in float32/],
    [
      "an inverse root without a warm-up",
      () => new schedules.InverseSqrt(1, 0),
      "ERR_OPTION_RANGE",
      /"warmupSteps" must be above 0, got 0/,
    ],
    ["no total steps", () => new schedules.REX(1, 0), "ERR_OPTION_RANGE", /"totalSteps" must be above 0, got 0/],
    [
      "a negative plateau",
      () => new schedules.WarmupStableDecay(1, 1, -1, 1),
      "ERR_OPTION_RANGE",
      /"stableSteps" must be 0 or above, got -1/,
    ],
    [
      "null for a shape",
      () => new schedules.WarmupStableDecay(1, 1, 1, 1, null as never),
      "ERR_OPTION_RANGE",
      /"cooldown".*"1-square", got null/,
    ],
    ["negative warm-up", cosine({ warmupSteps: -1 }), "ERR_OPTION_RANGE", /"warmupSteps".*-1/],
    ["a number for a name", cosine({ name: 3 }), "ERR_OPTION_TYPE", /"name" must be a string, got 3/],
    [
      "a number for a Boolean",
      () => new ExponentialDecay({ ...good, decayRate: 1, staircase: 1 as never }),
      "ERR_OPTION_TYPE",
      /"staircase" must be true or false, got 1/,
    ],
    [
      "periods that do not grow from anything",
      () => new CosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 1, tMul: 0 }),
      "ERR_OPTION_RANGE",
      /"tMul".*above 0/,
    ],
    ["no boundaries", pieces([], [1]), "ERR_OPTION_RANGE", /"boundaries" must be a list of at least one step/],
    ["too few values", pieces([1, 2], [1, 2]), "ERR_OPTION_RANGE", /one more.*3, got 2/],
    [
      "unordered boundaries",
      pieces([5, 5], [1, 2, 3]),
      "ERR_OPTION_RANGE",
      /"boundaries\[1\]".*above 5, the boundary before it, got 5/,
    ],
    ["boundaries that are not an array", pieces(5, [1, 2]), "ERR_OPTION_TYPE", /"boundaries" must be an array, got 5/],
    ["a value that is not a number", pieces([5], [1, "2"]), "ERR_OPTION_TYPE", /"values\[1\]".*"2"/],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    ["a hole", pieces([5], [1, ,]), "ERR_OPTION_TYPE", /"values\[1\]".*undefined/],
    [
      "a step that is not a number",
      () => new CosineDecay(good).at("3" as never),
      "ERR_OPTION_TYPE",
      /CosineDecay\.at.*"3"/,
    ],
    ["a step of NaN", () => new CosineDecay(good).at(Number.NaN), "ERR_OPTION_RANGE", /"step".*NaN/],
  ])("%s", (_, call, code, message) => {
    const error = refusal(call);
    expect(error).toBeInstanceOf(code === "ERR_OPTION_TYPE" ? ArgumentTypeError : ValueError);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});
