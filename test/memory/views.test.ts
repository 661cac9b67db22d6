/** Views after memory has grown, and views passed while it grows. */

import { expect, it } from "vitest";
import { Adam, memoryUse, type Optimizer, SGD, tensor, Variable } from "../../ts/index.js";

/** More than is reserved at present, so that making it grows the memory. */
function large(): Float32Array {
  return new Float32Array(memoryUse().reserved / 4);
}

it("value, array and state are valid after growth; an old view is dead, and says so by its length", () => {
  const variable = new Variable([1, 2, 3]);
  const gradient = tensor([1, 1, 1]);
  const optimizer = new Adam();
  optimizer.apply([gradient], [variable]);
  const [values, state] = [variable.array(), optimizer.getWeights()];
  const [view, slot] = [variable.value, optimizer.weights[1]];
  const reserved = memoryUse().reserved;
  const other = new Variable(large());
  expect(memoryUse().reserved).toBeGreaterThan(reserved);
  expect(view).toHaveLength(0);
  expect(variable.value).toEqual(values);
  expect(gradient.value).toEqual(Float32Array.of(1, 1, 1));
  expect(slot?.value).toEqual(state[1]?.data);
  expect(optimizer.getWeights()).toEqual(state);
  optimizer.apply([gradient], [variable]);
  expect(variable.value[0]).toBeLessThan(values[0] as number);
  other.dispose();
});

it("a variable or tensor made from a view, while memory grows", () => {
  for (const make of [(data: Float32Array) => new Variable(data), (data: Float32Array) => tensor(data)]) {
    const source = new Variable(large().fill(3));
    const reserved = memoryUse().reserved;
    let copies: { dispose(): void; readonly value: Float32Array }[] = [];
    while (memoryUse().reserved === reserved) copies.push(make(source.value));
    for (const copy of copies) expect(copy.value.every((x) => x === 3)).toBe(true);
    for (const copy of copies) copy.dispose();
    copies = [];
    source.dispose();
  }
});

it("views as gradients, while the state or the room for gradients makes memory grow", () => {
  const step = (prepare: (optimizer: Optimizer, variables: Variable[]) => void) => {
    const half = large().length / 8;
    const variables = [0, 1].map(() => new Variable(new Float32Array(half).fill(1)));
    const gradients = [2, 3].map((value) => tensor(new Float32Array(half).fill(value)));
    const optimizer = new SGD({ learningRate: 1, momentum: 0.5, useEma: true });
    prepare(optimizer, variables);
    const reserved = memoryUse().reserved;
    const fillers: Variable[] = [];
    // Leave less room than the step needs.
    while (memoryUse().reserved === reserved) fillers.push(new Variable(new Float32Array(half)));
    optimizer.apply(
      gradients.map((gradient) => gradient.value),
      variables,
    );
    expect(variables.map((variable) => [variable.value[0], variable.value[half - 1]])).toEqual([
      [-1, -1],
      [-2, -2],
    ]);
    for (const made of [optimizer, ...variables, ...gradients, ...fillers]) made.dispose();
  };
  step(() => {});
  step((optimizer, variables) => optimizer.build(variables));
});

it("clipGradients of views", () => {
  const size = large().length / 4;
  const variable = new Variable(new Float32Array(size));
  const gradient = tensor(new Float32Array(size).fill(2));
  const optimizer = new SGD({ clipvalue: 1 });
  const fillers: Variable[] = [];
  const reserved = memoryUse().reserved;
  while (memoryUse().reserved === reserved) {
    const [clipped] = optimizer.clipGradients([[gradient.value, variable]])[0] ?? [];
    expect(clipped?.length).toBe(size);
    expect(clipped?.every((x) => x === 1)).toBe(true);
    fillers.push(new Variable(new Float32Array(size / 3)));
  }
  for (const made of [variable, gradient, ...fillers]) made.dispose();
});

it("setWeights of views, and of an optimizer's own state", () => {
  const variable = new Variable([1, 2, 3]);
  const optimizer = new Adam();
  optimizer.apply([[1, 2, 3]], [variable]);
  const [, momentum, velocity] = optimizer.weights;
  const [m, v] = [momentum?.array(), velocity?.array()];
  optimizer.setWeights([1, velocity?.value as Float32Array, momentum?.value as Float32Array]);
  expect(
    optimizer
      .getWeights()
      .slice(1)
      .map(({ data }) => data),
  ).toEqual([v, m]);
});
