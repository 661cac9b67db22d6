/** Forward mode, Jacobians, and products of Hessians and vectors. */

import { describe, expect, it } from "vitest";
import { ForwardAccumulator, GradientTape, hvp, ops, type Tensor, tensor, Variable } from "../../ts/index.js";
import { refusal } from "../support/refusal.js";
import { CASES, drawn } from "../support/second-order-cases.js";

const list = (tensor: Tensor | null | undefined) => Array.from(tensor?.array() ?? []);

describe.each(Object.entries(CASES))("the Jacobian-vector product of %s", (_, [inputs, op]) => {
  it("is the transpose of the gradient", () => {
    const tangents = inputs.map(({ size }) => Float32Array.from({ length: size }, () => drawn()));
    const accumulator = new ForwardAccumulator(inputs, tangents);
    const y = accumulator.run(() => op(...inputs));
    const product = list(accumulator.jvp(y, { unconnectedGradients: "zero" }));
    const weights = product.map(() => drawn());
    const tape = new GradientTape();
    const again = tape.run(() => op(...inputs));
    const outputGradients = new Float32Array(weights);
    const found = tape.gradient(again, inputs, { outputGradients, unconnectedGradients: "zero" });
    const forward = product.reduce((sum, x, i) => sum + x * weights[i]!, 0);
    const backward = found.reduce((sum, one, i) => list(one).reduce((s, x, j) => s + x * tangents[i]![j]!, sum), 0);
    expect(Math.abs(forward - backward) / Math.max(1, Math.abs(forward))).toBeLessThan(5e-6);
  });
});

describe("ForwardAccumulator", () => {
  const x = new Variable([2, 3]);

  it("around a tape has the product of the Hessian: of x^3, 6 x v", () => {
    const accumulator = new ForwardAccumulator(x, [1, 10]);
    const gradient = accumulator.run(() => {
      const tape = new GradientTape();
      return tape.gradient(
        tape.run(() => ops.power(x, 3)),
        x,
      ) as Tensor;
    });
    expect(list(accumulator.jvp(gradient))).toEqual([12, 180]);
  });

  it("inside a tape has gradients: of 2 x v, by x and by v", () => {
    const v = tensor([1, 10]);
    const tape = new GradientTape();
    const product = tape.run(() => {
      tape.watch(v);
      const accumulator = new ForwardAccumulator(x, v);
      const y = accumulator.run(() => ops.square(x));
      return accumulator.jvp(y) as Tensor;
    });
    expect(tape.gradient(product, [x, v]).map(list)).toEqual([
      [2, 20],
      [4, 6],
    ]);
  });

  it("inside another has the second derivative along both: of x^3, 6 x u v", () => {
    const outer = new ForwardAccumulator(x, [1, 2]);
    const inner = new ForwardAccumulator(x, [1, 10]);
    const product = outer.run(() => {
      const y = inner.run(() => ops.power(x, 3));
      return inner.jvp(y) as Tensor;
    });
    expect(list(outer.jvp(product))).toEqual([12, 360]);
  });

  it("has lists, primals, constants, and equal primals", () => {
    const c = tensor([1]);
    const accumulator = new ForwardAccumulator([x, x], [[1, 1], tensor([2, 2])]);
    const [y, constant] = accumulator.run(() => [ops.multiply(x, c), ops.square(c)] as const);
    expect(accumulator.jvp([y, x, constant]).map((one) => one && list(one))).toEqual([[3, 3], [3, 3], null]);
    expect(list(accumulator.jvp(constant, { unconnectedGradients: "zero" }))).toEqual([0]);
  });

  it("refuses what does not fit", () => {
    const code = (call: () => unknown) => (refusal(call) as { code?: string }).code;
    expect(code(() => new ForwardAccumulator([x], []))).toBe("ERR_TAPE");
    expect(code(() => new ForwardAccumulator(x, [1, 2, 3]))).toBe("ERR_SHAPE");
    expect(code(() => new ForwardAccumulator(1 as never, [1]))).toBe("ERR_TAPE");
    const accumulator = new ForwardAccumulator(x, [1, 1]);
    expect(code(() => accumulator.jvp(1 as never))).toBe("ERR_TAPE");
    expect(code(() => accumulator.jvp(x, { unconnectedGradients: "no" as never }))).toBe("ERR_TAPE");
    expect(code(() => accumulator.run(async () => 1))).toBe("ERR_TAPE");
  });
});

describe("jacobian", () => {
  it("has a row for each element of the target", () => {
    const a = new Variable([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const x = new Variable([2, 3]);
    const unused = new Variable([1]);
    const tape = new GradientTape({ persistent: true });
    const y = tape.run(() => ops.matmul(a, ops.square(x)));
    // d (a x^2)_i / d x_j = 2 a_ij x_j
    const [ofX, none] = tape.jacobian(y, [x, unused]);
    expect(ofX?.shape).toEqual([3, 2]);
    expect(list(ofX)).toEqual([4, 12, 12, 24, 20, 36]);
    expect(none).toBe(null);
    const zero = tape.jacobian(y, unused, { unconnectedGradients: "zero" });
    expect([zero?.shape, list(zero)]).toEqual([
      [3, 1],
      [0, 0, 0],
    ]);
    expect(tape.jacobian(y, a)?.shape).toEqual([3, 3, 2]);
    tape.dispose();
  });

  it("of a number has the shape of the source, and of nothing no rows", () => {
    const x = new Variable([2, 3]);
    const tape = new GradientTape({ persistent: true });
    const [y, nothing] = tape.run(() => [ops.sum(ops.square(x)), ops.slice(ops.square(x), [0], [0])] as const);
    expect([tape.jacobian(y, x)?.shape, list(tape.jacobian(y, x))]).toEqual([[2], [4, 6]]);
    expect(tape.jacobian(nothing, x)?.shape).toEqual([0, 2]);
    tape.dispose();
  });

  it("of a gradient is the Hessian, and has gradients itself", () => {
    const x = new Variable([2, 3]);
    const [third, second] = [new GradientTape(), new GradientTape()];
    const hessian = third.run(() => {
      const gradient = second.run(() => {
        const first = new GradientTape();
        return first.gradient(
          first.run(() => ops.prod(ops.power(x, [3, 2]))),
          x,
        ) as Tensor;
      });
      return second.jacobian(gradient, x) as Tensor;
    });
    // Of x^3 y^2: 6 x y^2, 6 x^2 y; 6 x^2 y, 2 x^3. Their sum by x: 6 y^2 + 24 x y + 6 x^2; by y: 12 x y + 12 x^2.
    expect(list(hessian).map((one) => Math.round(one * 1e3) / 1e3)).toEqual([108, 72, 72, 16]);
    const ofSum = list(third.gradient(hessian, x)).map((one) => Math.round(one * 1e3) / 1e3);
    expect(ofSum).toEqual([54 + 144 + 24, 72 + 48]);
  });

  it("of batches has one for each sample", () => {
    const x = new Variable([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const w = new Variable([
      [1, 0],
      [1, 1],
      [0, 2],
    ]);
    const tape = new GradientTape({ persistent: true });
    const y = tape.run(() => ops.square(ops.matmul(x, w)));
    const whole = list(tape.jacobian(y, x));
    const found = tape.batchJacobian(y, x);
    expect(found?.shape).toEqual([2, 2, 3]);
    const diagonal = [0, 1].flatMap((b) =>
      [0, 1].flatMap((m) => [0, 1, 2].map((n) => whole[((b * 2 + m) * 2 + b) * 3 + n])),
    );
    expect(list(found)).toEqual(diagonal);
    expect((refusal(() => tape.batchJacobian(y, w)) as { code?: string }).code).toBe("ERR_SHAPE");
    tape.dispose();
  });

  it("can be asked once of a tape that is not persistent", () => {
    const x = new Variable([2]);
    const tape = new GradientTape();
    const y = tape.run(() => ops.square(x));
    expect(list(tape.jacobian(y, x))).toEqual([4]);
    expect((refusal(() => tape.jacobian(y, x)) as { code?: string }).code).toBe("ERR_TAPE");
  });
});

describe("hvp", () => {
  const [a, b] = [new Variable([1, 2]), new Variable([3])];
  // a0^2 b + a1^3: Hessian [[2 b, 0, 2 a0], [0, 6 a1, 0], [2 a0, 0, 0]] of (a0, a1, b)
  const f = () =>
    ops.add(
      ops.sum(ops.multiply(ops.multiply(ops.square(a), [1, 0]), b)),
      ops.sum(ops.multiply(ops.power(a, 3), [0, 1])),
    );

  it("is the product of the Hessian and a vector, of a list or of one", () => {
    expect(hvp(f, [a, b], [[1, 10], [5]]).map(list)).toEqual([[6 + 10, 120], [2]]);
    expect(list(hvp(f, a, [1, 10]))).toEqual([6, 120]);
    expect(list(hvp(f, b, [5]))).toEqual([0]);
  });

  it("inside of a step, of tensors, and of what does not depend on them", () => {
    const x = tensor([2]);
    expect(list(hvp(() => ops.power(x, 3), x, [1]))).toEqual([12]);
    expect(hvp(() => ops.square(x), [b], [[1]]).map(list)).toEqual([[0]]);
  });

  it("lets an error of the function through, and works afterwards", () => {
    expect(() =>
      hvp(
        () => {
          throw new RangeError("mine");
        },
        a,
        [1, 1],
      ),
    ).toThrow(RangeError);
    expect(list(hvp(f, a, [1, 10]))).toEqual([6, 120]);
  });
});
