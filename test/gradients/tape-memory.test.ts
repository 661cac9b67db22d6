/** Memory of a tape in a loop of steps, and tensors of steps that have ended. */

import { describe, expect, it } from "vitest";
import { GradientTape, memoryUse, ops, SGD, type Tensor, tensor, tidy, Variable, zip } from "../../ts/index.js";
import { thrown } from "../support/refusal.js";

const values = (list: (Tensor | null)[]) => list.map((tensor) => (tensor === null ? null : [...tensor.array()]));

describe("steps", () => {
  it("allocate nothing after the first few", () => {
    const w = new Variable([[1], [2]], { name: "w" });
    const optimizer = new SGD({ learningRate: 0.01 });
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const step = () => {
      const tape = new GradientTape();
      const y = tape.run(() => ops.matmul(ops.matmul(x, w), [[2]]));
      optimizer.applyGradients(zip(tape.gradient(y, [w]), [w]));
      return y;
    };
    for (let i = 0; i < 10; i++) step();
    const { inUse } = memoryUse();
    for (let i = 0; i < 100; i++) step();
    expect(memoryUse().inUse).toBe(inUse);
  });

  it("refuse tensors of finished turns, naming the cure; small ones stay", () => {
    const w = new Variable(new Float32Array(100).fill(1), { name: "w" });
    const turn = () => {
      const tape = new GradientTape();
      const [y, loss] = tape.run(() => {
        const y = ops.square(w);
        return [y, ops.sum(y)] as const;
      });
      new SGD({ learningRate: 0.25 }).applyGradients(zip(tape.gradient(loss, [w]), [w]));
      return { y, loss };
    };
    const first = turn();
    const kept = ops.keep(first.y);
    for (let i = 0; i < 10; i++) turn();
    expect(() => first.y.value).toThrow(
      thrown(
        "DisposedError",
        "ERR_STEP_ENDED",
        "This tensor belongs to a step that has ended, and its memory has been reused. Read it before the next iteration of the loop, or keep it with ops.keep(tensor).",
      ),
    );
    expect(first.y.disposed).toBe(true);
    expect(kept.value[99]).toBe(1);
    expect(first.loss.item()).toBe(100);
  });

  it("inside another one end with it", () => {
    const outer = new GradientTape();
    const w = new Variable([[3]], { name: "w" });
    const [a, b] = outer.run(() => {
      const inner = new GradientTape();
      const a = inner.run(() => ops.matmul(w, w));
      inner.gradient(a, w);
      return [a, tidy(() => ops.matmul(a, [[2]]))] as const;
    });
    expect([a.item(), b.item()]).toEqual([9, 18]);
    expect(values([outer.gradient(b, w)])).toEqual([[12]]);
  });

  it("that throw leave no memory in use", () => {
    const w = new Variable([[3]], { name: "w" });
    const tape = new GradientTape();
    expect(() =>
      tape.run(() => {
        ops.matmul(w, w);
        throw new RangeError("mine");
      }),
    ).toThrow(expect.objectContaining({ name: "RangeError", message: "mine" }));
    const { inUse } = memoryUse();
    expect(
      values([
        tape.gradient(
          tape.run(() => ops.matmul(w, w)),
          w,
        ),
      ]),
    ).toEqual([[6]]);
    expect(memoryUse().inUse).toBe(inUse);
  });
});
