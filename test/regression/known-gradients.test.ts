/**
 * A long list of pairs that comes again is not checked anew, pair by pair: what has changed in between is seen all the same.
 */

import { describe, expect, it } from "vitest";
import { Adam, tensor, Variable } from "../../ts/index.js";
import { expectRefusal } from "../support/refusal.js";

const COUNT = 20;

const numbers = (seed: number, size: number) => Float32Array.from({ length: size }, (_, i) => Math.sin(seed + i));

/** Variables of several sizes with their gradients, and an optimizer that knows their list after two steps. */
function known() {
  const variables = Array.from({ length: COUNT }, (_, i) => new Variable(numbers(i, 4 + (i % 3))));
  const pairs = variables.map((variable, i) => [numbers(i + 0.5, variable.size), variable] as [Float32Array, Variable]);
  const optimizer = new Adam({ learningRate: 0.1 });
  const step = () => optimizer.applyGradients(pairs);
  step();
  step();
  return { variables, pairs, optimizer, step, values: () => variables.map((variable) => [...variable.array()]) };
}

/** The same steps with new pairs each time, of tensors. */
function afresh(change: (at: number) => Float32Array) {
  const { variables, pairs, optimizer, values } = known();
  optimizer.applyGradients(pairs.map((_, i) => [tensor(change(i)), variables[i] as Variable] as const));
  return values();
}

describe("gradients from JavaScript in a list that is known", () => {
  it("reads numbers that were overwritten", () => {
    const { pairs, step, values } = known();
    for (const [gradient] of pairs) gradient.fill(3);
    step();
    expect(values()).toEqual(afresh((i) => new Float32Array(pairs[i]?.[0].length ?? 0).fill(3)));
  });

  it("takes a gradient that was replaced, also by a tensor or a list", () => {
    for (const given of [(x: Float32Array) => x, (x: Float32Array) => tensor(x), (x: Float32Array) => [...x]]) {
      const { pairs, step, values } = known();
      const other = (i: number) => (i === 7 ? numbers(100, 5) : (pairs[i]?.[0] as Float32Array));
      (pairs[7] as unknown[])[0] = given(numbers(100, 5));
      step();
      expect(values()).toEqual(afresh(other));
    }
  });

  it("refuses gradients that were exchanged", () => {
    const { pairs, step, values, optimizer } = known();
    const before = values();
    const [a, b] = [pairs[3], pairs[4]] as [[Float32Array, Variable], [Float32Array, Variable]];
    [a[0], b[0]] = [b[0], a[0]];
    expectRefusal(step, "ERR_GRADIENT_SHAPE");
    expect([values(), optimizer.iterations]).toEqual([before, 2]);
  });

  it("refuses a gradient whose buffer was made shorter or longer, and takes it at its length", () => {
    const { pairs, step, values, optimizer } = known();
    // Lengths of the types that TypeScript knows are fixed. Node 20 and all current browsers can change them.
    type Resizable = ArrayBuffer & { resize(length: number): void };
    const Buffer = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => Resizable;
    const [given, variable] = pairs[COUNT - 1] as [Float32Array, Variable];
    const buffer = new Buffer(given.byteLength, { maxByteLength: 100 });
    const view = new Float32Array(buffer);
    view.set(given);
    pairs[COUNT - 1] = [view, variable];
    step();
    step();
    const before = values();
    for (const length of [given.byteLength - 4, given.byteLength + 4, 0]) {
      buffer.resize(length);
      expectRefusal(step, "ERR_GRADIENT_SHAPE");
      expect([values(), optimizer.iterations]).toEqual([before, 4]);
    }
    buffer.resize(given.byteLength);
    view.set(given);
    step();
    expect(optimizer.iterations).toBe(5);
  });

  it("refuses a gradient whose buffer was transferred, and continues with another", () => {
    const { pairs, step, values, optimizer } = known();
    const before = values();
    const last = pairs[COUNT - 1] as [Float32Array, Variable];
    const copy = last[0].slice();
    structuredClone(last[0], { transfer: [last[0].buffer] });
    expectRefusal(step, "ERR_VALUES_DETACHED");
    expect([values(), optimizer.iterations]).toEqual([before, 2]);
    last[0] = copy;
    step();
    expect(values()).toEqual(afresh((i) => (i === COUNT - 1 ? copy : (pairs[i]?.[0] as Float32Array))));
  });

  it("refuses a gradient that was freed, and a variable", () => {
    const { pairs, step, values, variables } = known();
    const gradient = tensor(numbers(1, 6));
    (pairs[5] as unknown[])[0] = gradient;
    step();
    step();
    const before = values();
    gradient.dispose();
    expectRefusal(step, "ERR_DISPOSED");
    (pairs[5] as unknown[])[0] = numbers(1, 6);
    step();
    expect(values()).not.toEqual(before);
    const others = values().slice(1);
    variables[0]?.dispose();
    expectRefusal(step, "ERR_DISPOSED");
    expect(variables.slice(1).map((variable) => [...variable.array()])).toEqual(others);
  });

  it("applies a constraint that was added", () => {
    const { variables, step } = known();
    const last = variables[COUNT - 1] as Variable;
    last.constraint = (variable) => variable.array().fill(0.25);
    step();
    expect([...last.array()]).toEqual(Array(last.size).fill(0.25));
  });
});
