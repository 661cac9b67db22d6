/** `minimize`: gradient, clip, apply, as in TensorFlow's Keras. */

import { describe, expect, it } from "vitest";
import {
  ArgumentTypeError,
  GradientTape,
  LossScaleOptimizer,
  layers,
  memoryUse,
  ops,
  Sequential,
  SGD,
  type Tensor,
  ValueError,
  Variable,
} from "../../ts/index.js";
import { suite } from "../support/errors.js";

const weight = () => new Variable([1, 2], { name: "w" });
const loss = (w: Variable) => () => ops.sum(ops.square(w));
const sgd = (options = {}) => new SGD({ learningRate: 0.25, ...options });

describe("minimize", () => {
  it("takes a function, and returns the new iterations", () => {
    const w = weight();
    const optimizer = sgd();
    expect(optimizer.minimize(loss(w), [w])).toBe(1);
    expect([...w.array()]).toEqual([0.5, 1]);
    expect(optimizer.minimize(loss(w), new Set([w]))).toBe(2);
    expect([...w.array()]).toEqual([0.25, 0.5]);
  });

  it("takes what a tape has recorded", () => {
    const w = weight();
    const tape = new GradientTape();
    const value = tape.run(loss(w));
    sgd().minimize(value, [w], { tape });
    expect([...w.array()]).toEqual([0.5, 1]);
    expect(value.item()).toBe(5);
  });

  it("records a function on a tape that is given", () => {
    const w = weight();
    const tape = new GradientTape({ persistent: true });
    let value: Tensor | undefined;
    sgd().minimize(
      () => {
        value = loss(w)();
        return value;
      },
      [w],
      { tape },
    );
    expect([...w.array()]).toEqual([0.5, 1]);
    expect(tape.watchedVariables()).toEqual([w]);
  });

  it("clips", () => {
    const w = weight();
    sgd({ clipvalue: 3 }).minimize(loss(w), [w]);
    expect([...w.array()]).toEqual([0.5, 1.25]);
  });

  it("scales the loss where the optimizer divides by the scale", () => {
    for (const optimizer of [sgd({ lossScaleFactor: 1024 }), new LossScaleOptimizer(sgd())]) {
      const w = weight();
      optimizer.minimize(loss(w), [w]);
      expect([...w.array()]).toEqual([0.5, 1]);
    }
  });

  it("asks for the variables after the loss: a model has none before", () => {
    const model = new Sequential([new layers.Dense(1)]);
    const steps = sgd().minimize(
      () => ops.mean(model.apply([[1, 2]])),
      () => model.trainableWeights,
    );
    expect(steps).toBe(1);
    expect(model.trainableWeights).toHaveLength(2);
  });

  it("does nothing for an empty list", () => {
    const w = weight();
    expect(sgd().minimize(loss(w), [])).toBe(0);
    expect([...w.array()]).toEqual([1, 2]);
  });

  it("takes no more memory with more steps", () => {
    const w = weight();
    const optimizer = sgd({ learningRate: 1e-3 });
    for (let i = 0; i < 3; i++) optimizer.minimize(loss(w), [w]);
    const before = memoryUse();
    for (let i = 0; i < 1000; i++) optimizer.minimize(loss(w), [w]);
    expect(memoryUse()).toEqual(before);
  });

  it("changes nothing when the loss throws", () => {
    const w = weight();
    const optimizer = sgd();
    const failing = () => {
      loss(w)();
      throw new RangeError("mine");
    };
    expect(() => optimizer.minimize(failing, [w])).toThrow(RangeError);
    expect(optimizer.built).toBe(false);
    expect([...w.array()]).toEqual([1, 2]);
  });
});

suite("what minimize refuses", [
  [
    "a tensor without its tape",
    () => sgd({ name: "sgd" }).minimize(ops.sum([1]), [weight()]),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    "sgd: minimize takes a function that computes the loss, or with { tape } a tensor that this tape recorded, got an object (Tensor).",
  ],
  [
    "a function that gives a number",
    () => sgd().minimize((() => 3) as never, [weight()]),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /must be a float32 tensor, made by operations, got 3\.$/,
  ],
  [
    "what is not a tape",
    () => sgd().minimize(loss(weight()), [], { tape: 3 as never }),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /3/,
  ],
  [
    "one variable",
    () => sgd().minimize(loss(weight()), weight() as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /list/,
  ],
  [
    "an unknown option",
    () => sgd().minimize(loss(weight()), [], { tap: 1 } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    /"tap".*tape, name/,
  ],
  [
    "a loss that no variable is in",
    () => sgd().minimize(() => ops.sum([1]), [weight()]),
    ValueError,
    "ERR_GRADIENT_NONE",
    /"w"/,
  ],
]);
