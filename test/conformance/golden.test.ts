/**
 * Every optimizer against Keras: weights after every step, averages, state and config of every case.
 */

import { describe, expect, it, vi } from "vitest";
import { type OptimizerVariable, Variable } from "../../ts/index.js";
import { float32s, int32s } from "../support/bytes.js";
import {
  type Config,
  type GoldenCase,
  type GoldenFile,
  type GoldenState,
  goldenOf,
  type Stream,
  streamOf,
} from "../support/golden.js";
import { CLASS_NAMES, make } from "../support/optimizers.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Missing gradients are part of the plan.

/** Keras's automatic names start anew for every case; ours count on, so they are given. */
function named(config: Config, saved: Config): Config {
  const inner = config.inner_optimizer as { class_name: string; config: Config } | undefined;
  const savedInner = saved.inner_optimizer as { config: Config } | undefined;
  return {
    ...config,
    name: saved.name,
    ...(inner && { inner_optimizer: { ...inner, config: { ...inner.config, name: savedInner?.config.name } } }),
  };
}

/** Throws at the first element that is further from Keras than the file allows. */
function compare(
  where: string,
  stream: Stream,
  got: readonly Float32Array[],
  expected: Float32Array,
  tolerance: number,
  floor: number,
) {
  stream.split(expected).forEach((keras, v) => {
    keras.forEach((value, i) => {
      const ours = got[v]?.[i] ?? Number.NaN;
      const bound = tolerance * Math.max(Math.abs(value), floor);
      if (Number.isFinite(ours) && Math.abs(ours - value) <= bound) return;
      throw new Error(
        `${where}, variable "${stream.variables[v]?.name}", element ${i}: expected ${value}, got ${ours}, off by ${Math.abs(ours - value)}, allowed ${bound}`,
      );
    });
  });
}

function compareState(where: string, got: ArrayLike<number>, keras: GoldenState, tolerance: number) {
  const expected = keras.dtype === "int32" ? int32s(keras.data) : float32s(keras.data);
  const largest = Math.max(0, ...Array.from(expected, Math.abs));
  const bound = keras.dtype === "int32" ? 0 : tolerance * largest;
  expect(got.length, where).toBe(expected.length);
  expected.forEach((value, i) => {
    const ours = got[i] ?? Number.NaN;
    if (Math.abs(ours - value) <= bound) return;
    throw new Error(`${where}, element ${i}: expected ${value}, got ${ours}, allowed ${bound}`);
  });
}

function check(file: GoldenFile, vector: GoldenCase): void {
  const stream = streamOf(vector.stream);
  const tolerance = vector.tolerance ?? file.tolerance;
  const floor = vector.floor ?? file.floor;
  const where = `${file.optimizer}, case "${vector.id}"`;
  const optimizer = make(file.optimizer, named(vector.config, vector.savedConfig));
  const variables = stream.variables.map(({ name, shape, start }) => new Variable(start, { name, shape }));
  if (vector.excludeFromWeightDecay) optimizer.excludeFromWeightDecay({ varNames: vector.excludeFromWeightDecay });
  const expected = float32s(vector.expected);
  const total = expected.length / stream.steps;
  for (let step = 0; step < stream.steps; step++) {
    optimizer.apply(stream.gradients(step), variables);
    const keras = expected.subarray(step * total, (step + 1) * total);
    compare(
      `${where}, step ${step}`,
      stream,
      variables.map((v) => v.value),
      keras,
      tolerance,
      floor,
    );
  }
  const layout = ({ path, shape, dtype }: Pick<OptimizerVariable, "path" | "shape" | "dtype">) => ({
    path,
    shape: [...shape],
    dtype,
  });
  const state = optimizer.variables;
  expect(state.map(layout), `${where}: variables`).toEqual(vector.state.map(layout));
  vector.state.forEach((keras, i) => {
    const entry = state[i];
    if (entry !== undefined) compareState(`${where}, state "${keras.path}"`, entry.array(), keras, tolerance);
  });
  const config = optimizer.getConfig();
  expect(config, `${where}: getConfig()`).toEqual(vector.savedConfig);
  expect(Object.keys(config), `${where}: order of getConfig()`).toEqual(Object.keys(vector.savedConfig));
  if (vector.finalized !== undefined) {
    optimizer.finalizeVariableValues(variables);
    compare(
      `${where}, finalized`,
      stream,
      variables.map((v) => v.value),
      float32s(vector.finalized),
      tolerance,
      floor,
    );
  }
  optimizer.dispose();
  for (const variable of variables) variable.dispose();
}

describe.each(CLASS_NAMES)("%s", (className) => {
  const file = goldenOf(className);

  it.each(file.cases.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    expect(streamOf(vector.stream).steps).toBe(100);
    check(file, vector);
  });

  it("has vectors, each with a unique name, and with a reason if it is compared less strictly", () => {
    expect(file.cases.length).toBeGreaterThan(0);
    expect(new Set(file.cases.map(({ id }) => id)).size).toBe(file.cases.length);
    for (const { tolerance = file.tolerance, toleranceReason = file.toleranceReason } of file.cases) {
      expect(tolerance).toBeLessThanOrEqual(1e-4);
      if (tolerance > 2e-6) expect(toleranceReason).toBeTypeOf("string");
    }
  });
});

it("at least 150 configurations", () => {
  expect(CLASS_NAMES.reduce((count, name) => count + goldenOf(name).cases.length, 0)).toBeGreaterThanOrEqual(150);
});
