/** Groups of a MultiOptimizer without a gradient in a call, or without a variable. */

import { describe, expect, it, vi } from "vitest";
import {
  Adam,
  LossScaleOptimizer,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  optimizers,
  SGD,
  Variable,
} from "../../ts/index.js";

type Options = ConstructorParameters<typeof SGD>[0];

function twoGroups(options: Options) {
  const variables = ["a", "b"].map((name) => new Variable([0], { name }));
  const optimizer = new MultiOptimizer(new OptimizerMap(new SGD(options), { b: new SGD(options) }));
  return { variables, optimizer };
}

/** The weights after each call. */
function course(optimizer: Optimizer, variables: Variable[], calls: readonly (readonly (number | null)[])[]) {
  return calls.map((gradients) => {
    optimizer.apply(
      gradients.map((g) => (g === null ? null : [g])),
      variables,
    );
    return variables.map(({ value }) => value[0]);
  });
}

const CALLS = [
  [1, 4],
  [1, null],
  [null, 2],
  [3, null],
  [3, 3],
  [null, 5],
] as const;

describe.each([
  ["SGD", {}],
  ["SGD with momentum", { momentum: 0.5 }],
  ["averages", { useEma: true, emaMomentum: 0.5, emaOverwriteFrequency: 1 }],
  ["clipping", { clipnorm: 1.5 }],
] as const)("%s", (_, own) => {
  it.each([2, 3])("accumulates over %i calls as one optimizer for all variables does", (gradientAccumulationSteps) => {
    const options = { learningRate: 1, gradientAccumulationSteps, ...own };
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { variables, optimizer } = twoGroups(options);
    const together = ["a", "b"].map((name) => new Variable([0], { name }));
    const one = course(new SGD(options), together, CALLS);
    expect(course(optimizer, variables, CALLS)).toEqual(one);
    expect(optimizer.optimizers.map(({ iterations }) => iterations)).toEqual([
      6 / gradientAccumulationSteps,
      6 / gradientAccumulationSteps,
    ]);
    const scaled = twoGroups(options);
    const outer = new LossScaleOptimizer(scaled.optimizer, { initialScale: 1 });
    expect(course(outer, scaled.variables, CALLS)).toEqual(one);
  });
});

it("the gathered gradients of a group count: [[1], [4]], then [[1], null], is -1 and -2", () => {
  const { variables, optimizer } = twoGroups({ learningRate: 1, gradientAccumulationSteps: 2 });
  expect(
    course(optimizer, variables, [
      [1, 4],
      [1, null],
    ]).at(-1),
  ).toEqual([-1, -2]);
});

it("a group whose variables a call omits counts the call if it accumulates, as one optimizer does", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  warn.mockClear();
  const options = { learningRate: 1, gradientAccumulationSteps: 2 };
  const { variables, optimizer } = twoGroups(options);
  const together = ["a", "b"].map((name) => new Variable([0], { name }));
  for (const [stepped, of] of [[optimizer, variables] as const, [new SGD(options), together] as const]) {
    const [a, b] = of as [Variable, Variable];
    stepped.build([a, b]);
    stepped.applyGradients([
      [[1], a],
      [[4], b],
    ]);
    stepped.applyGradients([[[1], a]]);
    stepped.applyGradients([[[2], b]]);
    stepped.applyGradients([[[6], a]]);
  }
  expect(variables.map(({ value }) => value[0])).toEqual(together.map(({ value }) => value[0]));
  expect(variables.map(({ value }) => value[0])).toEqual([-4, -3]);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

it("a group without gradients is skipped if it does not accumulate, and all groups without are refused", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const { variables, optimizer } = twoGroups({ learningRate: 1 });
  expect(course(optimizer, variables, [[1, null]])).toEqual([[-1, 0]]);
  expect(optimizer.optimizers.map(({ iterations }) => iterations)).toEqual([0, 1]);
  expect(warn.mock.calls.flat().join()).toMatch(/no gradient for any variable of/);
  const accumulating = twoGroups({ learningRate: 1, gradientAccumulationSteps: 2 });
  for (const each of [optimizer, accumulating.optimizer]) {
    const own = each === optimizer ? variables : accumulating.variables;
    expect(() => each.apply([null, null], own)).toThrow(/no gradients provided for any variable: "a", "b"/);
  }
});

it("a group without variables takes part in nothing", () => {
  const v = new Variable([1], { name: "v" });
  const make = () =>
    new MultiOptimizer(
      new OptimizerMap(new SGD({ learningRate: 0.5, name: "s" }), { "none/.*": new Adam({ useEma: true, name: "n" }) }),
    );
  const optimizer = make();
  optimizer.apply([[1]], [v]);
  optimizer.finalizeVariableValues([v]);
  expect([v.value[0], optimizer.iterations]).toEqual([0.5, 1]);
  const read = optimizers.deserialize(JSON.parse(JSON.stringify(optimizers.serialize(optimizer))));
  read.build([v]);
  read.setWeights(optimizer.getWeights());
  expect(read.getWeights()).toEqual(optimizer.getWeights());
});
