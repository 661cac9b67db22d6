/**
 * JavaScript's operators made NaN of tensors, and training continued with it; single values, such as a loss, had no
 * number.
 */

import { expect, it } from "vitest";
import { GradientTape, Input, layers, losses, ops, tensor, Variable } from "../../ts/index.js";

/** For programs that TypeScript refuses. */
const any = (value: unknown) => value as never as number;

const loss = () => any(new losses.MeanSquaredError().apply([1], [3]));

it("a single value is its number", () => {
  let total = 0;
  for (let i = 0; i < 3; i++) total += loss();
  expect(total).toBe(12);
  expect([loss() / 2, loss() - 1, +loss(), Math.sqrt(loss()), loss() < 5, loss() > 5]).toEqual([
    2,
    3,
    4,
    2,
    true,
    false,
  ]);
  expect([...Float32Array.of(loss(), any(new Variable([0.5])), any(tensor(Int32Array.of(7))))]).toEqual([4, 0.5, 7]);
  // biome-ignore lint/suspicious/noDoubleEquals: it is what people write
  expect(loss() == 4).toBe(true);
});

it("text stays text: all of it in a template, the number behind a +", () => {
  expect(`${loss()}`).toBe("Tensor float32 [] 4");
  expect(`loss: ${String(loss())}`).toBe("loss: Tensor float32 [] 4");
  expect("loss: ".concat(any(loss()) as never)).toBe("loss: Tensor float32 [] 4");
  // biome-ignore lint/style/useTemplate: it is what people write
  expect("loss: " + loss()).toBe("loss: 4");
  // biome-ignore lint/style/useTemplate: it is what people write
  expect("x: " + any(tensor([1, 2]))).toBe("x: Tensor float32 [2] [1, 2]");
  const freed = tensor(1);
  freed.dispose();
  // biome-ignore lint/style/useTemplate: it is what people write
  expect("x: " + any(freed)).toBe("x: Tensor float32 [], disposed");
  expect(() => any(freed) * 2).toThrow(expect.objectContaining({ code: "ERR_DISPOSED" }));
});

it.each<[string, (a: number, b: number) => unknown]>([
  ["a * b", (a, b) => a * b],
  ["a - b", (a, b) => a - b],
  ["a / 2", (a) => a / 2],
  ["a ** 2", (a) => a ** 2],
  ["-a", (a) => -a],
  ["a < b", (a, b) => a < b],
  ["Math.max", (a, b) => Math.max(a, b)],
])("%s of several values is refused", (_, operate) => {
  for (const made of [tensor([1, 2]), new Variable([1, 2]), Input({ shape: [2] })]) {
    const error = expect.objectContaining({
      code: "ERR_OPTION_TYPE",
      message: expect.stringContaining("ops.multiply(a, b)"),
    });
    expect(() => operate(any(made), any(made))).toThrow(error);
  }
});

it("operations refuse the text that + makes of them", () => {
  const sum = any(tensor([1, 2])) + any(tensor([3, 4]));
  const symbolic = any(Input({ shape: [2] })) + any(Input({ shape: [2] }));
  const error = expect.objectContaining({
    code: "ERR_VALUES_DTYPE",
    message: expect.stringContaining("the text of a tensor, such as a + b makes. Write ops.add(a, b)."),
  });
  for (const text of [sum, symbolic, 0 + any(tensor([1, 2])), any(new Variable([1, 2])) + 1]) {
    expect(() => ops.sum(text)).toThrow(error);
    expect(() => new layers.Dense(1).apply(text as never)).toThrow(error);
  }
});

it("a tape does not miss arithmetic", () => {
  const w = new Variable([3]);
  const tape = new GradientTape();
  const error = expect.objectContaining({ code: "ERR_OPTION_TYPE" });
  tape.run(() => {
    const square = ops.sum(ops.square(w));
    expect(() => any(square) * 0.5).toThrow(error);
    // biome-ignore lint/style/useTemplate: it is what people write
    expect("loss: " + any(square)).toBe("loss: Tensor float32 [] 9");
    expect(square.item()).toBe(9);
    // What the tape does not track has no gradient.
    expect(any(ops.sum([1, 2])) * 0.5).toBe(1.5);
    expect(tape.stopRecording(() => any(square) * 0.5)).toBe(4.5);
    return square;
  });
  expect(any(w) * 2).toBe(6);
});
