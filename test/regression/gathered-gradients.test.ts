/**
 * A variable without a gradient in the updating call is updated by the gradients that earlier calls accumulated. Right
 * values by hand: the sum of its gradients, by the number of calls.
 */

import { describe, expect, it, vi } from "vitest";
import { Adam, type Gradient, LossScaleOptimizer, type Optimizer, SGD, Variable } from "../../ts/index.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Missing gradients are what this is about.

const none = null as Gradient | null;

function run(optimizer: Optimizer, calls: readonly (readonly (number | null)[])[], start = 0): number[] {
  const variables = (calls[0] as readonly unknown[]).map(() => new Variable([start]));
  for (const call of calls)
    optimizer.apply(
      call.map((g) => (g === null ? none : [g])),
      variables,
    );
  return variables.map((variable) => variable.array()[0] as number);
}

const two = { learningRate: 1, gradientAccumulationSteps: 2 };

describe("gathered gradients of a variable without one in the updating call", () => {
  it("update it; a variable that never had one stays", () => {
    const calls = [
      [1, 4, null],
      [1, null, null],
    ];
    expect(run(new SGD(two), calls)).toEqual([-1, -2, 0]);
  });

  it("are used once", () => {
    const calls = [
      [1, 4],
      [1, null],
      [1, null],
      [1, null],
    ];
    expect(run(new SGD(two), calls)).toEqual([-2, -2]);
  });

  it("count where only some variables are given", () => {
    const [a, b] = [new Variable([0]), new Variable([0])];
    const optimizer = new SGD(two);
    optimizer.build([a, b]);
    optimizer.apply([[4]], [b]);
    optimizer.apply([[1]], [a]);
    expect([a.array()[0], b.array()[0]]).toEqual([-0.5, -2]);
  });

  it("are those of all calls", () => {
    const optimizer = new SGD({ learningRate: 1, gradientAccumulationSteps: 4 });
    const calls = [
      [1, 4],
      [1, null],
      [1, 8],
      [1, null],
    ];
    expect(run(optimizer, calls)).toEqual([-1, -3]);
  });

  it("are unscaled once", () => {
    const calls = [
      [8, 32],
      [8, null],
    ];
    expect(run(new SGD({ ...two, lossScaleFactor: 8 }), calls)).toEqual([-1, -2]);
    expect(run(new LossScaleOptimizer(new SGD(two), { initialScale: 8 }), calls)).toEqual([-1, -2]);
  });

  it("decay the weight, are clipped, and are averaged as any", () => {
    const calls = [
      [1, 4],
      [1, null],
    ];
    // 1 - 1 * 0.5 - 1, and 1 - 1 * 0.5 - 2.
    expect(run(new SGD({ ...two, weightDecay: 0.5 }), calls, 1)).toEqual([-0.5, -1.5]);
    expect(run(new SGD({ ...two, clipnorm: 0.5 }), calls)).toEqual([-0.5, -0.5]);
    expect(run(new SGD({ ...two, clipvalue: 1.5 }), calls)).toEqual([-1, -1.5]);
    const all = [
      [6, 8],
      [0, null],
    ];
    // The gradients are 3 and 4 together.
    expect(run(new SGD({ ...two, globalClipnorm: 1 }), all).map((x) => Math.round(x * 1e6) / 1e6)).toEqual([
      -0.6, -0.8,
    ]);
    expect(run(new SGD({ ...two, useEma: true, emaOverwriteFrequency: 1 }), calls)).toEqual([-1, -2]);
  });

  it("do not overflow", () => {
    const calls = [
      [1, 3e38],
      [1, 3e38],
      [1, null],
    ];
    const optimizer = new SGD({ learningRate: 1e-38, gradientAccumulationSteps: 3 });
    expect(Math.abs((run(optimizer, calls)[1] as number) + 2)).toBeLessThan(1e-6);
  });

  it("survive a checkpoint", () => {
    const [a, b] = [new Variable([0]), new Variable([0])];
    const first = new Adam({ gradientAccumulationSteps: 2 });
    first.apply([[1], [4]], [a, b]);
    const second = new Adam({ gradientAccumulationSteps: 2 });
    second.build([a, b]);
    second.setWeights(first.getWeights());
    second.apply([[1], none], [a, b]);
    expect(b.array()[0]).toBeCloseTo(-0.001, 6);
  });

  it("are followed by the variable's constraint", () => {
    const [a, b] = [new Variable([0]), new Variable([0])];
    b.constraint = ({ value }) => value.map((x) => Math.max(x, -0.25));
    const optimizer = new SGD(two);
    optimizer.apply([[1], [4]], [a, b]);
    optimizer.apply([[1], none], [a, b]);
    expect([a.array()[0], b.array()[0]]).toEqual([-1, -0.25]);
  });
});
