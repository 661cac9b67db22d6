/** Out of memory: a typed error, no change, and everything works again when there is room. */

import { expect, it } from "vitest";
import { freeIdleArenas } from "../../ts/runtime/arena-pool.js";
import { initSync, memoryUse, OutOfMemoryError, ops, optimizers, SGD, tensor, Variable } from "../../ts/slim.js";
import { limitedModule } from "../support/limited-module.js";
import { PLAIN_TRIALS, withOptions } from "../support/optimizers.js";
import { Random } from "../support/random.js";
import { refusal } from "../support/refusal.js";
import { snapshot } from "../support/snapshot.js";

const MEGABYTE = 2 ** 20;
initSync({ bytes: limitedModule(2 * MEGABYTE) });

/** Takes memory until less than `leave` bytes are available in one piece; returns a function that frees it. */
function fill(leave: number): () => void {
  const taken: Variable[] = [];
  for (let size = MEGABYTE; size >= leave; size /= 2) {
    for (;;) {
      try {
        taken.push(new Variable(new Float32Array(size / 4)));
      } catch (error) {
        if (!(error instanceof OutOfMemoryError)) throw error;
        break;
      }
    }
  }
  return () => {
    for (const variable of taken) variable.dispose();
  };
}

/** Bytes in use, without the idle arenas. */
function lasting(): number {
  freeIdleArenas();
  return memoryUse().inUse;
}

it("a variable or tensor that is too large", () => {
  const before = memoryUse();
  const data = new Float32Array(16 * MEGABYTE);
  for (const make of [() => new Variable(data), () => tensor(data), () => tensor(new Int32Array(16 * MEGABYTE))]) {
    const error = refusal(make) as OutOfMemoryError;
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error).toBeInstanceOf(RangeError);
    expect(error.code).toBe("ERR_OUT_OF_MEMORY");
    expect(error.wanted).toBe(64 * MEGABYTE);
    expect(error.message).toMatch(
      /^Out of memory: wanted 67,108,864 bytes with [\d,]+ in use\. Use tidy\(\(\) => \.\.\.\) or dispose\(\) in loops: /,
    );
  }
  expect(memoryUse()).toEqual(before);
});

it.each(PLAIN_TRIALS.map((trial) => [trial.className, trial] as const))("%s: build and steps", (_, trial) => {
  const shapes = [[60, 40], [5000], [24, 50]];
  const options = { use_ema: true, gradient_accumulation_steps: 2, clipnorm: 1 };
  const random = new Random(1);
  const starts = shapes.map((shape) =>
    random.values(
      shape.reduce((a, b) => a * b),
      0.5,
    ),
  );
  const gradients = starts.map(({ length }) => random.values(length));
  const make = () =>
    optimizers.deserialize({ class_name: trial.className, config: withOptions(trial.config, options) });
  const atFirst = lasting();

  const expected = (() => {
    const variables = shapes.map((shape, i) => new Variable(starts[i] as Float32Array, { shape }));
    const optimizer = make();
    for (let step = 0; step < 4; step++) optimizer.apply(gradients, variables);
    const weights = variables.map((variable) => variable.array());
    optimizer.dispose();
    for (const variable of variables) variable.dispose();
    return weights;
  })();
  expect(lasting()).toBe(atFirst);

  // More and more room: the first failures are in the build, later ones in the room for gradients.
  const variables = shapes.map((shape, i) => new Variable(starts[i] as Float32Array, { shape }));
  const optimizer = make();
  let failures = 0;
  let done = 0;
  for (let room = 1024; done < 4; room *= 2) {
    lasting();
    const free = fill(room);
    const before = { state: snapshot(optimizer, variables), inUse: lasting() };
    let error: unknown;
    try {
      optimizer.apply(gradients, variables);
      done += 1;
    } catch (thrown) {
      error = thrown;
    }
    if (error !== undefined) {
      failures += 1;
      expect(error).toBeInstanceOf(OutOfMemoryError);
      expect(snapshot(optimizer, variables)).toEqual(before.state);
      expect(lasting()).toBe(before.inUse);
    }
    free();
  }
  expect(failures).toBeGreaterThan(0);
  expect(variables.map((variable) => variable.array())).toEqual(expected);
  optimizer.dispose();
  for (const variable of variables) variable.dispose();
  expect(lasting()).toBe(atFirst);
});

it("clipGradients", () => {
  const variable = new Variable(new Float32Array(20_000));
  const gradient = new Float32Array(20_000).fill(1);
  const optimizer = new SGD({ clipnorm: 1 });
  const free = fill(4096);
  const before = memoryUse();
  expect(refusal(() => optimizer.clipGradients([[gradient, variable]]))).toBeInstanceOf(OutOfMemoryError);
  expect(memoryUse()).toEqual(before);
  free();
  expect(optimizer.clipGradients([[gradient, variable]])[0]?.[0]?.[0]).toBeGreaterThan(0);
  variable.dispose();
});

it("setWeights and getWeights need no memory of the module", () => {
  const optimizer = optimizers.deserialize({ class_name: "Adam", config: {} });
  const variable = new Variable(new Float32Array(10_000));
  optimizer.build([variable]);
  const weights = optimizer.getWeights().map(({ data, ...rest }) => ({ ...rest, data: data.map(() => 3) }));
  const free = fill(64);
  optimizer.setWeights(weights);
  expect(optimizer.getWeights()).toEqual(weights);
  free();
  optimizer.dispose();
  variable.dispose();
});

it("a loop outside a step that drops or keeps its tensors stays within the module's memory", () => {
  const x = tensor(new Float32Array(10_000));
  const turn = () => ops.add(ops.multiply(x, x), 1);
  for (let index = 0; index < 1000; index++) turn();
  // 40 MB of results, in a module of 2 MB.
  const kept = Array.from({ length: 1000 }, turn);
  expect(kept.every((result) => result.array()[9999] === 1)).toBe(true);
  for (const one of [...kept, x]) one.dispose();
});
