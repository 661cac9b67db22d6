/** Muon's kernels of convolutions: the bits of the matrix of all axes but the last by the last, which real Keras updates in muon.json. */

import { expect, it } from "vitest";
import { Muon, type MuonOptions, type Optimizer, optimizers, stringify, Variable } from "../../ts/index.js";
import { Random } from "../support/random.js";

const SHAPES = [
  [3, 2, 5],
  [3, 3, 2, 4],
  [2, 3, 1, 2, 7],
] as const;
const OPTIONS: readonly MuonOptions[] = [
  {},
  { nesterov: false, rmsRate: null, nsSteps: 3, weightDecay: 0.1 },
  { globalClipnorm: 0.5, useEma: true },
];

/** Weights and state after some steps. */
function trained(optimizer: Optimizer, shape: readonly number[]): unknown {
  const random = new Random(5);
  const size = shape.reduce((product, n) => product * n, 1);
  const w = new Variable(random.values(size, 0.5), { shape, name: "conv/kernel" });
  for (let step = 0; step < 4; step++) optimizer.apply([random.values(size, 1)], [w]);
  return [w.array(), ...optimizer.weights.map((slot) => slot.array())];
}

const asMatrix = (shape: readonly number[]) => {
  const columns = shape.at(-1) as number;
  return [shape.reduce((product, n) => product * n, 1) / columns, columns];
};

it.each(SHAPES)("a kernel of %i x %i x %i ... is a matrix", (...lengths: readonly (number | undefined)[]) => {
  const shape = lengths.filter((length) => length !== undefined);
  for (const options of OPTIONS) {
    const optimizer = new Muon({ ...options, includeConvolutions: true });
    const again = optimizers.deserialize(JSON.parse(stringify(optimizer)));
    const expected = trained(new Muon(options), asMatrix(shape));
    expect(trained(optimizer, shape)).toEqual(expected);
    expect(trained(again, shape)).toEqual(expected);
    // One slot; two where AdamW updates it.
    expect(optimizer.weights).toHaveLength(options.useEma ? 3 : 2);
    const other = new Muon(options);
    expect(trained(other, shape)).not.toEqual(expected);
    expect(other.weights).toHaveLength(options.useEma ? 4 : 3);
  }
});

it("vectors, excluded layers and kernels of six axes are left to AdamW", () => {
  const both = (options: MuonOptions, shape: readonly number[]) =>
    [true, false].map((includeConvolutions) => trained(new Muon({ ...options, includeConvolutions }), shape));
  for (const [options, shape] of [
    [{}, [7]],
    [{ excludeLayers: ["conv"] }, [3, 3, 2, 2]],
    [{}, [2, 1, 2, 1, 2, 2]],
  ] as const) {
    const [on, off] = both(options, shape);
    expect(on).toEqual(off);
  }
});

it("is in the config only if it is set: Keras does not know it", () => {
  expect(new Muon().getConfig()).not.toHaveProperty("include_convolutions");
  expect(new Muon({ includeConvolutions: true }).getConfig().include_convolutions).toBe(true);
});
