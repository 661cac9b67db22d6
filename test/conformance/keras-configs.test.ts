/**
 * Round trips of configs written by Python's `keras.optimizers.serialize`.
 */

import { describe, expect, it } from "vitest";
import { optimizers } from "../../ts/index.js";
import { type Config, goldenFile } from "../support/golden.js";
import { CLASS_NAMES } from "../support/optimizers.js";

interface Serialized {
  readonly class_name: string;
  readonly config: Config;
  readonly module?: string;
  readonly registered_name?: string | null;
}

const { cases } = goldenFile<{ cases: readonly { id: string; serialized: Serialized }[] }>("keras-configs.json");

/** Lamb's entries are written by hand without these: Keras's registry forgot the class. */
const COMPLETE = { module: "keras.optimizers", registered_name: null };

describe("serialized by Keras", () => {
  it.each(cases.map((each) => [each.id, each.serialized] as const))("%s", (_, serialized) => {
    const before = JSON.stringify(serialized);
    const optimizer = optimizers.deserialize(serialized);
    expect(JSON.stringify(serialized), "the argument is not changed").toBe(before);
    expect(optimizer.className).toBe(serialized.class_name);
    const again = optimizers.serialize(optimizer);
    expect(again).toEqual({ ...COMPLETE, ...serialized });
    expect(Object.keys(again.config)).toEqual(Object.keys(serialized.config));
    expect(optimizers.serialize(optimizers.deserialize(JSON.parse(JSON.stringify(again))))).toEqual(again);
  });

  it("covers every optimizer, and schedules as learning rates", () => {
    expect([...new Set(cases.map(({ serialized }) => serialized.class_name))].sort()).toEqual([...CLASS_NAMES].sort());
    const scheduled = cases.filter(({ serialized }) => typeof serialized.config.learning_rate === "object");
    expect(scheduled.length).toBeGreaterThan(5);
  });
});
