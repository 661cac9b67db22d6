/** Gradients that were silently wrong: after a change in place, of a promise, of a gradient. */

import { describe, expect, it } from "vitest";
import { GradientTape, ops, SGD, type Tensor, tensor, tidy, Variable } from "../../ts/index.js";
import { refusal } from "../support/refusal.js";

const code = (body: () => unknown) => (refusal(body) as { code?: string }).code;

describe("a change in place between recording and gradient", () => {
  it.each([
    ["of a result", (q: Tensor, _x: Tensor, _c: Tensor) => q.assign([100])],
    ["of a watched tensor", (_q: Tensor, x: Tensor) => x.assign([100])],
    ["of a condition", (_q: Tensor, _x: Tensor, c: Tensor) => c.assign([0])],
    ["of a reshaped result", (q: Tensor) => q.sharedAs([1, 1])?.assign([[100]])],
  ])("%s is refused", (_, change) => {
    const w = new Variable([3], { name: "w" });
    const [x, c] = [tensor([2]), tensor([1])];
    const tape = new GradientTape({ persistent: true });
    const [q, y] = tape.run(() => {
      tape.watch(x);
      const q = ops.square(w);
      return [q, ops.add(ops.where(c, ops.multiply(q, q), q), ops.square(x))] as const;
    });
    // d w^4 = 4 w^3
    expect(tape.gradient(y, w)?.item()).toBe(108);
    change(q, x, c);
    expect(code(() => tape.gradient(y, [w, x]))).toBe("ERR_TAPE");
    tape.dispose();
  });

  it("by a step is refused, of whichever of two optimizers, and after one of them ended", () => {
    const w = new Variable([3]);
    const [first, second] = [new SGD(), new SGD()];
    const refusalAfter = (optimizer: SGD) => {
      const tape = new GradientTape();
      const y = tape.run(() => ops.square(w));
      optimizer.applyGradients([[[1], w]]);
      return code(() => tape.gradient(y, w));
    };
    for (const optimizer of [first, second, first]) expect(refusalAfter(optimizer)).toBe("ERR_TAPE");
    const tape = new GradientTape();
    const y = tape.run(() => ops.square(w));
    second.apply([[1]], [w]);
    first.dispose();
    expect(code(() => tape.gradient(y, w))).toBe("ERR_TAPE");
    for (const optimizer of [second, new SGD()]) expect(refusalAfter(optimizer)).toBe("ERR_TAPE");
  });

  it("that a constraint refuses is none, of whichever of two optimizers", () => {
    const w = new Variable([3]);
    for (const optimizer of [new SGD(), new SGD()]) {
      optimizer.build([w]);
      const tape = new GradientTape();
      const y = tape.run(() => ops.square(w));
      w.constraint = refuse;
      refusal(() => optimizer.applyGradients([[[1], w]]));
      w.constraint = null;
      expect(tape.gradient(y, w)?.item()).toBe(6);
    }
  });

  it("before its use, or of what the gradient does not need, is none", () => {
    const [w, other] = [new Variable([3]), new Variable([1])];
    const x = tensor([1]);
    const tape = new GradientTape();
    const y = tape.run(() => {
      ops.square(other);
      x.assign([5]);
      return ops.multiply(w, x);
    });
    other.assign([2]);
    expect(tape.gradient(y, w)?.item()).toBe(5);
  });
});

it("a refused gradient leaves an open tape recording", () => {
  const w = new Variable([3]);
  const tape = new GradientTape();
  const y = ops.square(w);
  refusal(() => tape.gradient(3 as never, w));
  refusal(() => tape.gradient(y, 3 as never));
  refusal(() => tape.gradient(y, w, { outputGradients: tensor([1, 2]) }));
  refusal(() => tape.gradient(y, w, { unconnectedGradients: "no" as never }));
  const failing = ops.customGradient((a) => [a, () => refuse()])(y);
  refusal(() => tape.gradient(failing, w));
  expect(tape.gradient(ops.multiply(y, y), w)?.item()).toBe(108);
});

function refuse(): never {
  throw new RangeError("mine");
}

describe("a body that continues later is refused, and leaves nothing behind", () => {
  const w = new Variable([3]);
  const bodies: [string, () => unknown][] = [
    ["async", async () => ops.square(w)],
    ["promise", () => Promise.resolve(ops.square(w))],
    ["rejected promise", () => Promise.reject(new RangeError("mine"))],
    ["object with a promise", () => ({ loss: Promise.resolve(ops.square(w)), n: 1 })],
    ["nested list with a promise", () => [[1, { a: Promise.reject(new RangeError("mine")) }]]],
    [
      "generator",
      function* () {
        yield ops.square(w);
      },
    ],
  ];
  it.each(bodies)("%s", (_, body) => {
    const tape = new GradientTape();
    for (const call of [
      () => tape.run(body),
      () => tidy(body),
      () => tape.stopRecording(body),
      () => new SGD().minimize(body as never, [w]),
      () => ops.customGradient(body as never)(w),
    ]) {
      const error = refusal(call) as Error & { code: string };
      expect(error).toBeInstanceOf(TypeError);
      expect(error.code).toBe("ERR_TAPE");
    }
    expect(
      tape
        .gradient(
          tape.run(() => ops.square(w)),
          w,
        )
        ?.item(),
    ).toBe(6);
    expect(w.value[0]).toBe(3);
  });
});

describe("a gradient of a gradient", () => {
  const w = new Variable([2], { name: "w" });
  // Of w^3 at w = 2: 3 w^2 = 12, and 6 w = 12.
  const cases: [string, number, () => Tensor | null][] = [
    [
      "of a persistent tape inside its own run, of w^3 + (3 w^2)^2",
      300,
      () => {
        const t = new GradientTape({ persistent: true });
        const loss = t.run(() => {
          const y = ops.power(w, 3);
          return ops.add(y, ops.square(t.gradient(y, w) as Tensor));
        });
        return t.gradient(loss, w);
      },
    ],
    [
      "of an open persistent tape",
      12,
      () => {
        using t = new GradientTape({ persistent: true });
        const g = t.gradient(ops.power(w, 3), w) as Tensor;
        return t.gradient(g, w);
      },
    ],
    [
      "of a target recorded before the outer tape",
      12,
      () => {
        const inner = new GradientTape();
        const y = inner.run(() => ops.power(w, 3));
        const outer = new GradientTape();
        const g = outer.run(() => inner.gradient(y, w) as Tensor);
        return outer.gradient(g, w);
      },
    ],
    [
      "through outputGradients alone",
      12,
      () => {
        const seed = tensor([1]);
        const inner = new GradientTape();
        const y = inner.run(() => ops.power(w, 3));
        const outer = new GradientTape({ watchAccessedVariables: false });
        const g = outer.run(() => {
          outer.watch(seed);
          return inner.gradient(y, w, { outputGradients: ops.multiply(seed, 1) }) as Tensor;
        });
        return outer.gradient(g, seed);
      },
    ],
    [
      "of nested persistent tapes",
      12,
      () => {
        const [outer, inner] = [new GradientTape({ persistent: true }), new GradientTape({ persistent: true })];
        const g = outer.run(
          () =>
            inner.gradient(
              inner.run(() => ops.power(w, 3)),
              w,
            ) as Tensor,
        );
        return outer.gradient(g, w);
      },
    ],
  ];
  it.each(cases)("%s is right", (_, value, ask) => {
    expect(ask()?.item()).toBe(value);
  });

  it("does not change what does not depend on it", () => {
    const v = new Variable([5]);
    const outer = new GradientTape();
    const [product, g] = outer.run(() => {
      const inner = new GradientTape();
      const g = inner.gradient(
        inner.run(() => ops.power(w, 3)),
        w,
      ) as Tensor;
      return [ops.multiply(g, v), g] as const;
    });
    expect(outer.gradient(product, [v, g]).map((one) => one?.item())).toEqual([12, 5]);
  });

  it("includes a tape inside of a custom gradient", () => {
    const cube = ops.customGradient((x) => [
      ops.power(x, 3),
      (dy) => {
        const tape = new GradientTape();
        tape.watch(x);
        return ops.multiply(
          dy,
          tape.gradient(
            tape.run(() => {
              tape.watch(x);
              return ops.power(x, 3);
            }),
            x,
          ) as Tensor,
        );
      },
    ]);
    const tape = new GradientTape();
    expect(
      tape
        .gradient(
          tape.run(() => cube(w)),
          w,
        )
        ?.item(),
    ).toBe(12);
  });
});
