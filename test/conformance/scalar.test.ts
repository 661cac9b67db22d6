/** SIMD gives the same bits as scalar code: the library against the scalar test build of the same Rust. */

import { beforeAll, expect, it, vi } from "vitest";
import * as simd from "../../ts/index.js";
import { wasm } from "../../ts/runtime/module.js";
import { expectSameBits } from "../support/bytes.js";
import { CLASS_NAMES, SHAPES, sizeOf, type Trial, trialsOf } from "../support/optimizers.js";
import { Random } from "../support/random.js";
import { type Library, scalarHasSimd, scalarLibrary } from "../support/scalar-library.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Missing gradients are part of the plan.

/** Every tail of every loop, and one element beyond a block of the core; matrices. */
const LENGTHS = [...Array.from({ length: 68 }, (_, length) => length), 1023, 1024, 1025];
const MATRICES = [
  [16, 16],
  [5, 33],
  [67, 9],
  [2, 3, 17],
  [1, 40],
  [40, 1],
  [0, 3],
];
const SMALL: Shapes = [
  ...SHAPES,
  ...LENGTHS.map((length) => [`vector${length}`, [length]] as const),
  ...MATRICES.map((shape) => [`matrix${shape.join("x")}`, shape] as const),
];
/** More than a cache holds, and an odd number: for each optimizer bare, and with all base options together. */
const LARGE: Shapes = [["large", [65537]]];
const WITH_LARGE = /^(defaults|wide magnitudes|gaps|weight_decay \+ exclude \+ clipnorm.*|schedule \+ weight_decay.*)$/;
/** An accumulation of three calls is finished once, and begun again. */
const STEPS = 4;
const MAGNITUDES = [1, 1e-3, 1e4, 0.1];

type Shapes = readonly (readonly [string, readonly number[]])[];

/** Zeros of both signs, and denormals, among the rest. */
function gradient(random: Random, length: number, size: number): Float32Array {
  return random.values(length, size, 9).map((g, i) => (i % 13 === 5 ? -0 : i % 17 === 3 ? g * 1e-40 : g));
}

/** Variables and gradients, the same for every trial: making them takes longer than a step. */
function made(shapes: Shapes) {
  const random = new Random(3);
  const starts = shapes.map(([, shape]) => random.values(sizeOf(shape), 0.5, 50));
  const gradients = MAGNITUDES.map((size) => starts.map(({ length }) => gradient(random, length, size)));
  return { shapes, starts, gradients };
}

const inputs = { small: made(SMALL), large: made([...SMALL, ...LARGE]) };

let scalar: Library;

beforeAll(async () => {
  scalar = await scalarLibrary();
});

/** All weights after every step, and the state after the last. */
function run(library: Library | typeof simd, trial: Trial): Map<string, Float32Array | Int32Array | Float64Array> {
  const { shapes, starts, gradients } = WITH_LARGE.test(trial.id) ? inputs.large : inputs.small;
  const result = new Map<string, Float32Array | Int32Array | Float64Array>();
  const optimizer = library.optimizers.deserialize({ class_name: trial.className, config: { ...trial.config } });
  if (trial.exclude) optimizer.excludeFromWeightDecay({ varNames: trial.exclude });
  const variables = shapes.map(([name, shape], i) => new library.Variable(starts[i] as Float32Array, { name, shape }));
  for (let step = 0; step < STEPS; step++) {
    // A missing gradient now and then: its average and accumulator are still walked.
    const given = (gradients[step] as Float32Array[]).map((g, i) => ((step + i) % 7 === 6 ? null : g));
    optimizer.apply(given, variables);
    for (const variable of variables) result.set(`step ${step}, "${variable.name}"`, variable.array());
  }
  optimizer.variables.forEach((variable, i) => {
    // The first part is the optimizer's name, which counts up.
    result.set(`state ${i}, "${variable.path.slice(variable.path.indexOf("/") + 1)}"`, variable.array());
  });
  optimizer.dispose();
  for (const variable of variables) variable.dispose();
  return result;
}

it("one module has SIMD, the other has not", async () => {
  expect(wasm().has_simd()).toBe(1);
  expect(await scalarHasSimd()).toBe(false);
});

it.each(CLASS_NAMES)("%s", (className) => {
  for (const trial of trialsOf(className)) {
    const [ours, plain] = [run(simd, trial), run(scalar, trial)];
    expect([...ours.keys()]).toEqual([...plain.keys()]);
    for (const [where, values] of ours) {
      expectSameBits(`${className}, "${trial.id}", ${where}`, values, plain.get(where) ?? new Float32Array());
    }
  }
});
