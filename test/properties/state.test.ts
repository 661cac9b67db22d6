/**
 * State survives a round trip: runs resume, configs are equal, lists are accepted completely or not at all.
 */

import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { optimizers, type WeightInput } from "../../ts/index.js";
import { CLASS_NAMES, PLAIN_TRIALS, started } from "../support/optimizers.js";
import { refusal } from "../support/refusal.js";
import { nameless, snapshot } from "../support/snapshot.js";
import { anyConfig, anySeed, anyShapes, anyTrial, disposeAll, gradientsAt, seeded } from "./arbitraries.js";

vi.spyOn(console, "warn").mockImplementation(() => {});

const BEFORE = 3;
const AFTER = 4;
const RUNS = { numRuns: 150 };

it("a run resumed from getWeights equals an uninterrupted one", () => {
  fc.assert(
    fc.property(anyTrial, anySeed, anyShapes, (trial, seed, shapes) => {
      const variables = seeded(seed, shapes);
      const optimizer = started(trial);
      for (let step = 0; step < BEFORE; step++) optimizer.apply(gradientsAt(seed, step, variables), variables);

      // As after a reload: new objects, from nothing but copies and JSON.
      const saved = JSON.parse(JSON.stringify(optimizers.serialize(optimizer)));
      const resumed = optimizers.deserialize(saved);
      if (trial.exclude) resumed.excludeFromWeightDecay({ varNames: trial.exclude });
      const copies = seeded(seed, shapes);
      copies.forEach((copy, i) => copy.assign(variables[i]?.array() ?? []));
      resumed.build(copies);
      resumed.setWeights(structuredClone(optimizer.getWeights()));

      for (let step = BEFORE; step < BEFORE + AFTER; step++) {
        optimizer.apply(gradientsAt(seed, step, variables), variables);
        resumed.apply(gradientsAt(seed, step, copies), copies);
      }
      expect(nameless(snapshot(resumed, copies))).toEqual(nameless(snapshot(optimizer, variables)));
      disposeAll(optimizer, resumed, ...variables, ...copies);
    }),
    RUNS,
  );
});

it("getWeights returns the values passed to setWeights", () => {
  fc.assert(
    fc.property(anyTrial, anySeed, anyShapes, (trial, seed, shapes) => {
      const variables = seeded(seed, shapes);
      const optimizer = started(trial);
      optimizer.build(variables);
      for (let step = 0; step < BEFORE; step++) optimizer.apply(gradientsAt(seed, step, variables), variables);
      const weights = optimizer.getWeights();
      for (let step = 0; step < BEFORE; step++) optimizer.apply(gradientsAt(seed, 9 + step, variables), variables);
      optimizer.setWeights(weights);
      expect(optimizer.getWeights()).toEqual(weights);
      disposeAll(optimizer, ...variables);
    }),
    RUNS,
  );
});

it("a config of any options survives a round trip", () => {
  fc.assert(
    fc.property(anyConfig, ({ className, config }) => {
      const optimizer = optimizers.deserialize({ class_name: className, config });
      const saved = optimizer.getConfig();
      const { inner_optimizer: _, ...own } = config;
      for (const [key, value] of Object.entries(own)) {
        const expected = key === "learning_rate" && typeof value === "number" ? Math.fround(value) : value;
        // A schedule comes back with its defaults filled in.
        if (typeof expected === "object" && expected !== null && !Array.isArray(expected)) {
          expect(saved[key]).toMatchObject({ ...expected });
        } else expect(saved[key], key).toEqual(expected);
      }
      const again = optimizers.deserialize(JSON.parse(JSON.stringify(optimizers.serialize(optimizer))));
      expect(again.getConfig()).toEqual(saved);
      expect(
        (again.constructor as unknown as { fromConfig(c: unknown): typeof again }).fromConfig(saved).getConfig(),
      ).toEqual(saved);
    }),
    { numRuns: 500 },
  );
});

it.each(CLASS_NAMES)("%s: setWeights writes all entries or none", (className) => {
  const trial = PLAIN_TRIALS.find((each) => each.className === className);
  if (trial === undefined) throw new Error("no trial");
  fc.assert(
    fc.property(anySeed, anyShapes, fc.nat(), fc.nat(5), (seed, shapes, at, kind) => {
      const variables = seeded(seed, shapes);
      const optimizer = started(trial);
      optimizer.build(variables);
      optimizer.apply(gradientsAt(seed, 0, variables), variables);
      const before = snapshot(optimizer, variables);
      const weights: WeightInput[] = optimizer.getWeights().map(({ data, shape, dtype }) => ({
        data: data.map((x) => x + 1),
        shape,
        dtype,
      }));
      const index = at % weights.length;
      const { data, shape } = optimizer.getWeights()[index] ?? { data: new Float32Array(), shape: [] };
      const bad: unknown[] = [
        new Float32Array(data.length + 1),
        { data: new Float32Array(data.length + 2), shape },
        { data: Float32Array.from(data), shape: [...shape, 2] },
        "weights",
        { data: new ArrayBuffer(data.byteLength), shape },
        [["no number"]],
      ];
      weights[index] = bad[kind] as WeightInput;
      expect(refusal(() => optimizer.setWeights(weights)).message).toContain(`${index}`);
      expect(refusal(() => optimizer.setWeights([...optimizer.getWeights(), 0]))).toHaveProperty(
        "code",
        "ERR_WEIGHTS_COUNT",
      );
      expect(refusal(() => optimizer.setWeights(optimizer.getWeights().slice(1)))).toHaveProperty(
        "code",
        "ERR_WEIGHTS_COUNT",
      );
      expect(snapshot(optimizer, variables)).toEqual(before);
      disposeAll(optimizer, ...variables);
    }),
    { numRuns: 30 },
  );
});
