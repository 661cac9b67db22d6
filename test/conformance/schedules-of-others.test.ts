/** Schedules that contain other schedules, and plots of schedules. */

import { describe, expect, it } from "vitest";
import "../../ts/runtime/embedded.js";
import * as schedules from "../../ts/schedules/index.js";
import { Harmonic } from "../support/harmonic.js";
import { refusal } from "../support/refusal.js";

describe("schedules of others", () => {
  it("hold custom schedules, which come back through the same customObjects", () => {
    const made = new schedules.SequentialSchedule({
      schedules: [new schedules.LinearWarmup(new Harmonic({ first: 0.5 }), { warmupSteps: 2 }), 0.25],
      boundaries: [6],
    });
    const saved = schedules.serialize(made);
    const again = schedules.deserialize(JSON.parse(JSON.stringify(saved)), { Harmonic });
    for (const schedule of [made, again]) {
      expect([0, 1, 2, 3, 6, 9].map((step) => schedule.at(step))).toEqual([0, 0.25, 0.5, 0.25, 0.25, 0.25]);
      expect(schedule.at(-3)).toBe(0);
    }
    expect(schedules.serialize(again)).toEqual(saved);
    expect(refusal(() => schedules.deserialize(saved)).code).toBe("ERR_CONFIG_UNKNOWN_CLASS");
  });

  it("count each part from its boundary", () => {
    const line = new schedules.Linear({ initialLearningRate: 1, totalSteps: 4 });
    const sequence = new schedules.SequentialSchedule([line, line, line], [2, 5]);
    expect([0, 1, 2, 3, 4, 5, 6, 9].map((step) => sequence.at(step))).toEqual([1, 0.75, 1, 0.75, 0.5, 1, 0.75, 0]);
    expect(new schedules.LinearWarmup(line, 0).at(0)).toBe(1);
  });
});

describe("plot", () => {
  it("draws the rates of the first steps", () => {
    const svg = new schedules.Linear({ initialLearningRate: 1, totalSteps: 4 }).plot(4);
    expect(svg).toMatch(/^<svg .*<\/svg>$/);
    expect(svg).toContain('points="60.0,20.0 140.0,57.5 220.0,95.0 300.0,132.5 380.0,170.0"');
    expect(svg).toContain(">Linear<");
  });

  it("draws a thousand steps unless told otherwise, negative rates and constant ones too", () => {
    expect(new schedules.Constant(-0.5).plot()).toContain(">1000<");
    expect(new schedules.Constant(0).plot(1)).toContain('points="60.0,170.0 380.0,170.0"');
    expect(new schedules.Constant(-0.5).plot(1)).toContain('points="60.0,170.0 380.0,170.0"');
  });

  it("escapes the names of custom classes, and refuses rates that are not finite", () => {
    class Odd extends Harmonic {
      static override readonly className = "<a & b>";
    }
    expect(new Odd({ first: 1 }).plot(2)).toContain(">&#60;a &#38; b&#62;<");
    const error = refusal(() => new Odd({ first: Number.NaN }).plot(2));
    expect([error.code, error.message]).toEqual([
      "ERR_OPTION_RANGE",
      '<a & b>.plot: "rate at step 0" must be a finite number, got NaN.',
    ]);
    expect(refusal(() => new schedules.Constant(1).plot(0)).code).toBe("ERR_OPTION_RANGE");
    expect(refusal(() => new schedules.Constant(1).plot("9" as never)).code).toBe("ERR_OPTION_TYPE");
  });
});
