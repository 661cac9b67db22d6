/** Losses beyond the numbers: identifiers, custom classes and functions, refusals. */

import { describe, expect, it } from "vitest";
import { GradientTape, losses, memoryUse, ops, tensor, tidy, ValueError, Variable } from "../../../ts/index.js";
import { builtInLosses } from "../../../ts/losses/built-in.js";
import { lossFor } from "../../../ts/losses/registry.js";
import { expectRefusal, thrown } from "../../support/refusal.js";

class Quartic extends losses.Loss {
  override call(yTrue: losses.Labels, yPred: losses.Predictions) {
    return ops.mean(ops.square(ops.square(ops.subtract(yTrue, yPred))), { axis: -1 });
  }
}

describe("losses.get", () => {
  it.each([
    ["mse", "meanSquaredError"],
    ["MSE", "meanSquaredError"],
    ["mae", "meanAbsoluteError"],
    ["mape", "meanAbsolutePercentageError"],
    ["msle", "meanSquaredLogarithmicError"],
    ["kld", "klDivergence"],
    ["KLD", "klDivergence"],
    ["bce", "binaryCrossentropy"],
    ["categorical_crossentropy", "categoricalCrossentropy"],
    ["sparseCategoricalCrossentropy", "sparseCategoricalCrossentropy"],
  ] as const)("%s is the function %s", (name, fn) => {
    expect(losses.get(name)).toBe(losses[fn]);
  });

  it("a class's name is an instance, an instance and a function are themselves, null is null", () => {
    expect(losses.get("MeanSquaredError")).toBeInstanceOf(losses.MeanSquaredError);
    const mine = new Quartic();
    const fn: losses.CustomLoss = (yTrue, yPred) => ops.subtract(yTrue, yPred);
    expect(losses.get(mine)).toBe(mine);
    expect(losses.get(fn)).toBe(fn);
    expect(losses.get(null)).toBeNull();
    const config = { class_name: "Huber", config: { delta: 2, reduction: "sum" as const } };
    expect(losses.get(config)).toMatchObject({ delta: 2, reduction: "sum", name: "huber_loss" });
  });

  it("every class in the list has its name there, and is exported", () => {
    const exported = losses as unknown as Record<string, unknown>;
    for (const [name, made] of builtInLosses) {
      expect(made.className).toBe(name);
      expect(exported[name]).toBe(made);
    }
    expect(builtInLosses.size).toBe(19);
  });

  it("unknown values are refused, with the known names", () => {
    expectRefusal(
      () => losses.get("msee"),
      "ERR_CONFIG_UNKNOWN_CLASS",
      '"msee"',
      'Did you mean "mse"?',
      "CategoricalCrossentropy",
      "Huber",
    );
    expectRefusal(() => losses.get("__proto__"), "ERR_CONFIG_UNKNOWN_CLASS");
    expectRefusal(() => losses.get(3 as never), "ERR_CONFIG_INVALID", "got 3");
    expectRefusal(() => losses.deserialize({ config: {} }), "ERR_CONFIG_INVALID", "class_name");
    expectRefusal(
      () => losses.deserialize({ class_name: "Huber", config: { dleta: 1 } }),
      "ERR_OPTION_UNKNOWN",
      "dleta",
    );
    expectRefusal(() => losses.serialize("mse" as never), "ERR_OPTION_TYPE");
    expectRefusal(
      () => losses.serialize(new losses.FunctionLoss((_, yPred) => yPred)),
      "ERR_CONFIG_INVALID",
      "A function without a name as a loss cannot be saved",
    );
  });

  it("saved custom losses need their class", () => {
    const saved = losses.serialize(new Quartic({ name: "q" }));
    expect(saved).toMatchObject({ module: null, class_name: "Quartic", registered_name: "Quartic" });
    expectRefusal(() => losses.deserialize(saved), "ERR_CONFIG_UNKNOWN_CLASS", "Quartic");
    expect(losses.deserialize(saved, { Quartic })).toBeInstanceOf(Quartic);
  });
});

describe("shapes", () => {
  it("one label for each row of several outputs is a column, as the documented page has it", () => {
    const labels = Float32Array.of(1, 2, 3, 4, 5);
    const predictions = tensor(new Float32Array(50).fill(1), [5, 10]);
    const expected = [0, 1, 4, 9, 16];
    expect([...losses.meanSquaredError(labels, predictions).value]).toEqual(expected);
    expect(new losses.MeanSquaredError().apply(labels, predictions).item()).toBe(6);
    // As many labels as outputs: Keras 3 silently treats them as a row.
    const square = tensor(new Float32Array(4), [2, 2]);
    expect([...losses.meanAbsoluteError([1, 2], square).value]).toEqual([1, 2]);
  });

  it("labels that do not fit are refused with both shapes", () => {
    const parts = ["meanSquaredError", "[3, 2]", "[3, 4]"];
    expectRefusal(() => losses.mse(new Array(3).fill([0, 0]), new Array(3).fill([0, 0, 0, 0])), "ERR_SHAPE", ...parts);
    expectRefusal(
      () =>
        new losses.CategoricalCrossentropy().apply(
          [0, 1],
          [
            [0.5, 0.5],
            [0.5, 0.5],
          ],
        ),
      "ERR_SHAPE",
      "[2]",
      "[2, 2]",
    );
    expectRefusal(() => new losses.BinaryCrossentropy().apply([[0, 1]], [[0.5]]), "ERR_SHAPE", "[1, 2]", "[1, 1]");
    const sparse = new losses.SparseCategoricalCrossentropy();
    expectRefusal(
      () =>
        sparse.apply(
          [0, 1, 1],
          [
            [0.5, 0.5],
            [0.5, 0.5],
          ],
        ),
      "ERR_SHAPE",
      "[3]",
      "[2, 2]",
    );
  });

  it("sample weights that do not fit are refused, with the expected shape", () => {
    const loss = new losses.MeanSquaredError();
    const values = tensor(new Float32Array(24), [2, 3, 4]);
    expectRefusal(() => loss.apply(values, values, [1, 2]), "ERR_SHAPE", "[2]", "[2, 3]", "[2, 1]");
    expect(loss.apply(values, values, [[1], [2]]).item()).toBe(0);
  });

  it("a label out of range is named, with its place and the number of classes", () => {
    const loss = new losses.SparseCategoricalCrossentropy();
    const predictions = [
      [0.5, 0.5],
      [0.5, 0.5],
    ];
    expectRefusal(() => loss.apply([0, 2], predictions), "ERR_INDEX_RANGE", "label 2", "1", "2 classes");
    expectRefusal(() => loss.apply([-1, 0], predictions), "ERR_INDEX_RANGE", "label -1");
    expectRefusal(() => loss.apply([0.5, 0], predictions), "ERR_VALUES_DTYPE", "0.5");
    expect(
      new losses.SparseCategoricalCrossentropy({ ignoreClass: -1 }).apply([-1, 0], predictions).item(),
    ).toBeCloseTo(Math.LN2);
  });
});

describe("custom losses", () => {
  it("a class, an instance and a function work alike", () => {
    const fn: losses.CustomLoss = (yTrue, yPred) =>
      ops.mean(ops.square(ops.square(ops.subtract(yTrue, yPred))), { axis: -1 });
    for (const loss of [new Quartic(), lossFor(fn, [2, 1], [2, 1])]) {
      expect(loss.apply([[0], [0]], [[1], [2]]).item()).toBe(8.5);
      expect(loss.apply([[0], [0]], [[1], [2]], [0, 1]).item()).toBe(8);
    }
    expect(lossFor(fn, [2, 1], [2, 1]).name).toBe("fn");
  });

  it("a function gets float32 tensors, whatever it was given", () => {
    const seen: string[] = [];
    const loss = new losses.FunctionLoss((yTrue, yPred) => {
      seen.push(yTrue.dtype, yPred.dtype);
      return ops.subtract(yTrue, yPred);
    });
    loss.apply(Int32Array.of(1, 2), new Variable([0, 0]));
    expect(seen).toEqual(["float32", "float32"]);
    expect(() => new losses.FunctionLoss(() => 3 as never).apply([1], [1])).toThrowError(
      thrown(
        "TypeError",
        "ERR_OPTION_TYPE",
        'The loss "loss" must return a float32 tensor, made by operations from its arguments, got 3.',
      ),
    );
  });

  it("a built-in function passed as one keeps integer labels", () => {
    const loss = lossFor(losses.sparseCategoricalCrossentropy, [1], [1, 2]);
    expect(loss.apply(Int32Array.of(1), [[0.75, 0.25]]).item()).toBeCloseTo(1.3862943);
  });
});

describe("options", () => {
  it("are checked", () => {
    expectRefusal(
      () => new losses.MeanSquaredError({ reduction: "avg" as never }),
      "ERR_OPTION_RANGE",
      "sum_over_batch_size",
      "avg",
    );
    expectRefusal(() => new losses.MeanSquaredError({ delta: 1 } as never), "ERR_OPTION_UNKNOWN", "delta", "reduction");
    expectRefusal(() => new losses.BinaryCrossentropy({ labelSmoothing: 2 }), "ERR_OPTION_RANGE", "labelSmoothing");
    expectRefusal(() => new losses.BinaryCrossentropy({ fromLogits: 1 as never }), "ERR_OPTION_TYPE", "fromLogits");
    expect(() => new losses.Huber({ delta: 0 })).toThrowError(ValueError);
  });

  it("reductions", () => {
    const [labels, predictions] = [
      [[0], [0]],
      [[1], [3]],
    ];
    const of = (reduction: losses.Reduction, weights?: number[]) => [
      ...new losses.MeanSquaredError({ reduction }).apply(labels, predictions, weights).array(),
    ];
    expect(of("sum_over_batch_size")).toEqual([5]);
    expect(of("mean")).toEqual([5]);
    expect(of("sum")).toEqual([10]);
    expect(of("none")).toEqual([1, 9]);
    expect(of(null)).toEqual([1, 9]);
    expect(of("mean_with_sample_weight")).toEqual([5]);
    expect(of("mean_with_sample_weight", [1, 3])).toEqual([7]);
    expect(of("mean_with_sample_weight", [0, 0])).toEqual([0]);
    expect(of("sum_over_batch_size", [1, 3])).toEqual([14]);
  });
});

describe("gradients where the formula has a corner", () => {
  it("a vector of zeros has a cosine of 0 and a gradient without NaN", () => {
    const predictions = new Variable([0, 0], { shape: [1, 2] });
    const tape = new GradientTape();
    const loss = tape.run(() => losses.cosineSimilarity([[1, 0]], predictions));
    expect([...loss.array()]).toEqual([-0]);
    expect([...(tape.gradient(loss, predictions)?.array() ?? [])].every(Number.isFinite)).toBe(true);
  });

  it("ignored samples have no gradient", () => {
    const predictions = new Variable([1, 2, 3, 4], { shape: [2, 2] });
    const tape = new GradientTape();
    const loss = tape.run(() =>
      new losses.SparseCategoricalCrossentropy({ fromLogits: true, ignoreClass: 1 }).apply([1, 0], predictions),
    );
    expect([...(tape.gradient(loss, predictions)?.array() ?? [])].slice(0, 2)).toEqual([0, 0]);
  });

  it("the mean of no sample that counts is 0", () => {
    const loss = new losses.SparseCategoricalCrossentropy({ ignoreClass: 1 });
    expect(
      tidy(() =>
        loss
          .apply(
            [1, 1],
            [
              [0.5, 0.5],
              [0.5, 0.5],
            ],
          )
          .item(),
      ),
    ).toBe(0);
  });
});

describe("memory", () => {
  it("a loop over any loss allocates nothing after its first step", () => {
    const predictions = new Variable(new Float32Array(12).fill(0.3), { shape: [4, 3] });
    const [labels, indices, weights] = [
      tensor(new Float32Array(12).fill(1), [4, 3]),
      Int32Array.of(0, 2, 1, 0),
      [1, 0, 2, 1],
    ];
    const all = [...builtInLosses.values()].map((made) => new made({} as never));
    all.push(new losses.SparseCategoricalCrossentropy({ ignoreClass: 2 }));
    const step = () => {
      for (const loss of all) {
        const isSparse = loss instanceof losses.SparseCategoricalCrossentropy;
        const isScalar = loss instanceof losses.Dice || loss instanceof losses.Tversky;
        const tape = new GradientTape();
        const value = tape.run(() => loss.apply(isSparse ? indices : labels, predictions, isScalar ? null : weights));
        expect(tape.gradient(value, predictions)?.shape).toEqual([4, 3]);
      }
    };
    step();
    const before = memoryUse();
    for (let i = 0; i < 10; i++) step();
    expect(memoryUse()).toEqual(before);
  });
});
