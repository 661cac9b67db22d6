/**
 * Moments of fewer bits: Keras's steps with slots rounded by numpy, memory, and the bits of runs that are resumed, refused or
 * recorded.
 */

import { describe, expect, it } from "vitest";
import * as gradstep from "../../ts/index.js";
import {
  Adam,
  type AdamOptions,
  AdamW,
  Lion,
  LossScaleOptimizer,
  layers,
  memoryUse,
  type Optimizer,
  optimizers,
  Sequential,
  stringify,
  tensor,
  Variable,
} from "../../ts/index.js";
import golden from "../golden/small-states.json" with { type: "json" };
import { expectSameBits, float32s } from "../support/bytes.js";
import { type Library, scalarLibrary } from "../support/scalar-library.js";
import { nameless, snapshot } from "../support/snapshot.js";

/** test/golden/small_states.py. */
const startOf = (size: number) => Float32Array.from({ length: size }, (_, i) => (((i * 31) % 1009) - 504) / 1024);
const gradientOf = (size: number, step: number, spread = 15) =>
  Float32Array.from({ length: size }, (_, i) => {
    const whole = ((i * 7919 + step * 104729 + ((i * step) % 97) * 31) % 4001) - 2000;
    return whole / 2 ** (10 + (i % spread));
  });

const SIZE = 4613;
const made = (sizes: readonly number[] = golden.sizes) =>
  sizes.map((size, i) => new Variable(startOf(size), { name: `v${i}` }));
const gradients = (variables: readonly Variable[], step: number) => variables.map(({ size }) => gradientOf(size, step));
/** Shares of the way travelled: a sign that flips moves a weight of Lion by two steps. */
const BOUNDS = { bfloat16: { Adam: 0.01, Lion: 0.05 }, uint8: { Adam: 0.1, Lion: 0.2 } } as const;
const DTYPES = ["bfloat16", "uint8"] as const;

function trained(optimizer: Optimizer, steps: number, sizes?: readonly number[]): Variable[] {
  const variables = made(sizes);
  for (let step = 0; step < steps; step++) optimizer.apply(gradients(variables, step), variables);
  return variables;
}

describe("Keras, with slots that numpy rounds", () => {
  it.each(golden.cases.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    const config = { ...vector.config, state_dtype: vector.stateDtype };
    const optimizer = optimizers.deserialize({ class_name: vector.optimizer, config });
    const variables = trained(optimizer, golden.steps);
    const expected = float32s(vector.expected);
    const got = variables.flatMap((variable) => [...variable.array()]);
    expect(got).toHaveLength(expected.length);
    const off = got.findIndex((x, i) => {
      const right = expected[i]!;
      return !(Math.abs(x - right) <= golden.tolerance * Math.max(Math.abs(right), golden.floor));
    });
    expect(off, `${got[off]}, expected ${expected[off]}`).toBe(-1);
    const slots = optimizer.variables.filter(({ shape }) => shape.length > 0);
    expect(slots.map(({ shape }) => shape)).toEqual(vector.state.map(({ shape }) => shape));
    slots.forEach((slot, i) =>
      expectSameBits(slot.path, slot.array() as Float32Array, float32s(vector.state[i]!.data)),
    );
  });
});

it("have half, and a quarter of the memory", () => {
  const bytesOf = (stateDtype: NonNullable<AdamOptions["stateDtype"]>, size: number) => {
    const w = new Variable(new Float32Array(size));
    const optimizer = new Adam({ stateDtype });
    const before = memoryUse().inUse;
    optimizer.build([w]);
    const bytes = memoryUse().inUse - before;
    optimizer.dispose();
    w.dispose();
    return bytes;
  };
  // The maps of the codes, and what an optimizer takes.
  const [size, fixed] = [1 << 20, 44_000];
  const all = bytesOf("float32", size);
  expect(all).toBeGreaterThanOrEqual(8 * size);
  expect(bytesOf("bfloat16", size)).toBeLessThanOrEqual(all / 2 + fixed);
  // A scale for each 256 codes.
  expect(bytesOf("uint8", size)).toBeLessThanOrEqual((all / 4) * (1 + 4 / 256) + fixed);
  // As in bitsandbytes, small variables are left as they are.
  expect(bytesOf("bfloat16", 4095)).toBe(bytesOf("float32", 4095));
});

describe.each(DTYPES)("%s", (stateDtype) => {
  const MAKERS: readonly (readonly [string, () => Optimizer])[] = [
    ["Adam", () => new Adam({ stateDtype })],
    ["AMSGrad", () => new Adam({ stateDtype, amsgrad: true })],
    ["AdamW, clips and averages", () => new AdamW({ stateDtype, globalClipnorm: 1, useEma: true })],
    ["Lion, gathers", () => new Lion({ stateDtype, gradientAccumulationSteps: 2, weightDecay: 0.1 })],
    ["cautious", () => new Adam({ stateDtype, cautious: true, gradientCentralization: true, clipvalue: 0.5 })],
    ["in a loss scale", () => new LossScaleOptimizer(new AdamW({ stateDtype }), { initialScale: 8 })],
  ];

  it.each(MAKERS)("%s: a run that is resumed has the bits of one that was not", (_, make) => {
    const [variables, first] = [made(), make()];
    for (let step = 0; step < 7; step++) first.apply(gradients(variables, step), variables);
    const again = optimizers.deserialize(JSON.parse(stringify(first)));
    const copies = variables.map((variable) => new Variable(variable.array(), { name: variable.name }));
    again.build(copies);
    again.setWeights(structuredClone(first.getWeights()));
    expect(again.getWeights()).toEqual(first.getWeights());
    for (let step = 7; step < 14; step++) {
      first.apply(gradients(variables, step), variables);
      again.apply(gradients(copies, step), copies);
    }
    expect(nameless(snapshot(again, copies))).toEqual(nameless(snapshot(first, variables)));
  });

  it("has the bits of scalar code", async () => {
    const scalar = await scalarLibrary();
    const run = ({ Adam: Made, Variable: Numbers }: Library | typeof gradstep) => {
      const w = new Numbers(startOf(SIZE));
      const adam = new Made({ stateDtype, weightDecay: 0.01 });
      for (let step = 0; step < 5; step++) adam.apply([gradientOf(SIZE, step)], [w]);
      return [w.array(), ...adam.weights.slice(1).map((slot) => slot.array() as Float32Array)];
    };
    run(scalar).forEach((numbers, i) => expectSameBits(`${i}`, run(gradstep)[i]!, numbers));
  });

  it("state of float32 moments is taken, rounded", () => {
    const adam = new Adam();
    trained(adam, 5);
    const small = new Adam({ stateDtype });
    small.build(made());
    small.setWeights(adam.getWeights());
    const [, m, v] = small.getWeights().map(({ data }) => [...data]);
    const [, ofM, ofV] = adam.getWeights().map(({ data }) => [...data]);
    const error = (a: number[], b: number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!))) / Math.max(...b);
    const bound = stateDtype === "bfloat16" ? 1 / 256 : 1 / 64;
    expect(error(m!, ofM!)).toBeLessThan(bound);
    expect(error(v!, ofV!)).toBeLessThan(bound);
    // Numbers that it has already stay.
    const before = small.getWeights();
    small.setWeights(before);
    expect(small.getWeights()).toEqual(before);
  });

  it("a refused constraint puts the state back", () => {
    const [w] = made([SIZE]) as [Variable];
    const adam = new Adam({ stateDtype });
    for (let step = 0; step < 3; step++) adam.apply([gradientOf(SIZE, step)], [w]);
    const before = snapshot(adam, [w]);
    w.constraint = () => {
      throw new Error("no");
    };
    expect(() => adam.apply([gradientOf(SIZE, 3)], [w])).toThrow("no");
    expect(snapshot(adam, [w])).toEqual(before);
  });

  it("steps stay near those of float32 moments", () => {
    const travelled = (Made: typeof Adam | typeof Lion, options: object) => {
      const [w] = made([SIZE]) as [Variable];
      const optimizer = new Made({ learningRate: 0.01, ...options });
      // Codes need gradients of like magnitudes: here they differ by a factor of 8, beside those near 0.
      for (let step = 0; step < 100; step++) optimizer.apply([gradientOf(SIZE, step, 4)], [w]);
      const start = startOf(SIZE);
      return w.array().map((x, i) => x - start[i]!);
    };
    const norm = (x: Float32Array) => Math.hypot(...x);
    for (const [Made, options] of [
      [Adam, {}],
      [Adam, { beta2: 0.95 }],
      [Lion, {}],
    ] as const) {
      const exact = travelled(Made, options);
      const near = travelled(Made, { ...options, stateDtype });
      const share = norm(near.map((x, i) => x - exact[i]!)) / norm(exact);
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(BOUNDS[stateDtype][Made.className as "Adam" | "Lion"]);
    }
  });

  it("no finite gradient makes a weight infinite or NaN", () => {
    for (const Made of [Adam, Lion]) {
      const [w] = made([SIZE]) as [Variable];
      const optimizer = new Made({ stateDtype });
      for (let step = 0; step < 6; step++) {
        const g = gradientOf(SIZE, step);
        g.set([3.4e38, -3.4e38, 1e30, 1e-40, -1e25], step * 700);
        optimizer.apply([g], [w]);
        expect(w.array().every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("recorded steps of fit have the bits of others", async () => {
    const x = tensor(startOf(64 * 70), [64, 70]);
    const y = tensor(startOf(64 * 60), [64, 60]);
    const runs = await Promise.all(
      [false, true].map(async (jitCompile) => {
        const model = new Sequential([new layers.Dense(60, { kernelInitializer: "ones", inputShape: [70] })]);
        model.compile({ optimizer: new Adam({ stateDtype }), loss: "mse", jitCompile });
        await model.fit(x, y, { batchSize: 16, epochs: 3, shuffle: false, verbose: 0 });
        return model.getWeights();
      }),
    );
    expect(runs[1]).toEqual(runs[0]);
  });
});

it("getConfig has the type only if it is set: Keras does not know it", () => {
  expect(new Adam().getConfig()).not.toHaveProperty("state_dtype");
  expect(new Lion({ stateDtype: "uint8" }).getConfig().state_dtype).toBe("uint8");
  expect(AdamW.fromConfig(new AdamW({ stateDtype: "bfloat16" }).getConfig()).stateDtype).toBe("bfloat16");
  expect(new Adam().stateDtype).toBe("float32");
});
