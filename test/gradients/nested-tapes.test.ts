/** Nested tapes: order, lifetimes, custom gradients, memory. Right values by hand. */

import { describe, expect, it } from "vitest";
import { GradientTape, hvp, memoryUse, ops, type Tensor, Variable } from "../../ts/index.js";

const x = new Variable([0.5, 3]);
const list = (tensor: Tensor | null) => Array.from(tensor?.array() ?? []);
const derivative = (f: () => Tensor) => () => {
  const tape = new GradientTape();
  return tape.gradient(tape.run(f), x) as Tensor;
};

it("tapes nest to any order", () => {
  const third = derivative(derivative(derivative(() => ops.power(x, 4))));
  expect(list(third())).toEqual([12, 72]);
  const fourth = list(derivative(derivative(derivative(derivative(() => ops.sin(x)))))());
  expect(fourth[0]).toBeCloseTo(0.4794255386042, 6);
  expect(fourth[1]).toBeCloseTo(0.1411200080599, 6);
});

describe("a custom gradient has gradients", () => {
  it("also where it is not linear: clipped", () => {
    const clipped = ops.customGradient((a) => [ops.multiply(a, 1), (dy) => ops.clip(dy, -1, 1)]);
    const outer = new GradientTape();
    const gradient = outer.run(derivative(() => ops.multiply(clipped(ops.square(x)), [0.5, 4])));
    expect([list(gradient), list(outer.gradient(gradient, x))]).toEqual([
      [0.5, 6],
      [1, 2],
    ]);
  });

  it("for each call of a persistent tape", () => {
    const squared = ops.customGradient((a) => [ops.multiply(a, 1), (dy) => ops.square(dy)]);
    const outer = new GradientTape();
    const inner = new GradientTape({ persistent: true });
    const gradients = outer.run(() => {
      const y = inner.run(() => squared(ops.square(x)));
      return [1, 3].map((dy) => inner.gradient(y, x, { outputGradients: [dy, dy] }) as Tensor);
    });
    // 2 x dy^2
    expect(gradients.map(list)).toEqual([
      [1, 6],
      [9, 54],
    ]);
    expect(list(outer.gradient(gradients, x))).toEqual([20, 20]);
    inner.dispose();
  });

  it("by what its functions read", () => {
    const k = new Variable([2, 2]);
    const f = ops.customGradient((a) => {
      const e = ops.exp(ops.multiply(a, k));
      return [e, (dy) => ops.multiply(dy, ops.multiply(e, k))];
    });
    const outer = new GradientTape();
    const gradient = outer.run(derivative(() => f(x)));
    const [byX, byK] = outer.gradient(gradient, [x, k]);
    // k^2 e^(k x), and (1 + k x) e^(k x), at k x = 1
    expect(list(byX as Tensor)[0]).toBeCloseTo(4 * Math.E, 4);
    expect(list(byK as Tensor)[0]).toBeCloseTo(2 * Math.E, 4);
  });
});

it("the inner tape may be disposed of, and an error in the middle leaves nothing behind", () => {
  const failing = new GradientTape();
  expect(() =>
    failing.run(() => {
      new GradientTape().run(() => {
        throw new RangeError("mine");
      });
    }),
  ).toThrow(RangeError);
  const outer = new GradientTape();
  const gradient = outer.run(() => {
    const inner = new GradientTape({ persistent: true });
    const found = inner.gradient(
      inner.run(() => ops.power(x, 3)),
      x,
    ) as Tensor;
    inner.dispose();
    return found;
  });
  expect(list(outer.gradient(gradient, x))).toEqual([3, 18]);
});

it("of numbers without axes", () => {
  const number = new Variable(2);
  const product = hvp(() => ops.power(number, 3), number, 1);
  expect([product.shape, product.item()]).toEqual([[], 12]);
});

it("memory stays the same over 5,000 steps", () => {
  const w = new Variable(new Float32Array(500).fill(0.1));
  let early = 0;
  for (let step = 0; step < 5000; step++) {
    const outer = new GradientTape();
    const loss = outer.run(() => {
      const inner = new GradientTape();
      return ops.sum(
        ops.square(
          inner.gradient(
            inner.run(() => ops.sum(ops.tanh(w))),
            w,
          ) as Tensor,
        ),
      );
    });
    outer.gradient(loss, w);
    w.assign(w.array());
    if (step === 100) early = memoryUse().inUse;
  }
  expect(memoryUse().inUse).toBe(early);
});
