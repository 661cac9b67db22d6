/**
 * `model.losses` and `layer.addLoss`, against numbers of Keras 3.15.1 (JAX).
 */

import { describe, expect, it } from "vitest";
import {
  GradientTape,
  layers,
  losses,
  Model,
  ops,
  regularizers,
  Sequential,
  SGD,
  type Tensor,
  tidy,
} from "../../../ts/index.js";

const x = [
  [1, 2],
  [3, 4],
];
const y = [[1], [2]];

/** Adds the mean of squares, times a factor. */
class Squares extends layers.Layer {
  readonly factor: number;

  constructor(factor: number, options: layers.LayerOptions = {}) {
    super(options);
    this.factor = factor;
  }

  override call(x: Tensor) {
    this.addLoss(ops.multiply(ops.mean(ops.square(x)), this.factor));
    return ops.multiply(x, 1);
  }
}

/** Adds a loss, calls one layer twice, and has penalties of both kinds. */
class Block extends layers.Layer {
  a = new Squares(1);
  b = new Squares(10);
  dense = new layers.Dense(2, {
    kernelInitializer: "ones",
    kernelRegularizer: half(),
    activityRegularizer: new regularizers.L1(1),
  });

  override call(x: Tensor) {
    this.addLoss(ops.multiply(ops.sum(x), 100));
    return this.a.apply(this.dense.apply(this.b.apply(this.a.apply(x))));
  }
}

function half(): regularizers.RegularizerFunction {
  return (w) => ops.multiply(ops.sum(ops.square(w)), 0.5);
}

const ones = { kernelInitializer: "ones" } as const;
const numbers = (list: readonly Tensor[]) => list.map((loss) => Number(loss.item().toPrecision(6)));

/** Two nested models' worth of losses. */
function nested() {
  const inner = new Sequential([
    new Squares(2),
    new layers.Dense(2, { ...ones, kernelRegularizer: "l2" }),
    new Squares(3),
  ]);
  const last = new layers.Dense(1, { ...ones, biasRegularizer: "l1", biasInitializer: "ones" });
  return { inner, model: new Sequential([new Squares(1), inner, new Block(), last]) };
}

const NESTED = [7.5, 87, 15, 2000, 20, 290, 29, 116, 0.04, 2, 0.01];

describe("losses of layers", () => {
  it("are those of the last call, however often it is made", () => {
    const block = new Block();
    for (let i = 0; i < 2; i++) {
      block.apply(x);
      expect(numbers(block.losses)).toEqual([1000, 7.5, 29, 75, 10, 2]);
    }
  });

  it("come in Keras's order from nested layers and models", () => {
    const { inner, model } = nested();
    model.apply(x);
    expect(numbers(model.losses)).toEqual(NESTED);
    // Only what this call reaches is new.
    inner.apply(x);
    expect(numbers(inner.losses)).toEqual([15, 87, 0.04]);
    expect(numbers(model.losses)).toEqual(NESTED);
  });

  it("stay readable after evaluate, predict and training", async () => {
    const { model } = nested();
    model.compile({ loss: "mse", optimizer: new SGD({ learningRate: 0 }) });
    expect(await model.evaluate(x, y)).toBeCloseTo(3003.05, 2);
    expect(numbers(model.losses)).toEqual(NESTED);
    await model.predict(x);
    expect(numbers(model.losses)).toEqual(NESTED);
    await model.fit(x, y, { batchSize: 2 });
    expect(numbers(model.losses)).toEqual(NESTED);
  });

  it("of a layer that is used twice are two; a frozen model has no penalties", () => {
    const layer = new Squares(1);
    class Twice extends Model {
      layer = layer;
      again = [layer, new layers.Dense(1, { kernelRegularizer: "l2" })];

      override call(x: Tensor) {
        const [, dense] = this.again;
        return dense!.apply(ops.add(this.layer.apply(x), this.layer.apply(ops.multiply(x, 2))));
      }
    }
    const model = new Twice();
    model.apply(x);
    expect(numbers(model.losses).slice(0, 2)).toEqual([7.5, 30]);
    expect(model.losses.length).toBe(3);
    model.trainable = false;
    expect(model.losses.length).toBe(2);
  });

  it("count a layer in two places once", () => {
    const shared = new layers.Dense(1, { ...ones, kernelRegularizer: half() });
    class Holder extends layers.Layer {
      inner = shared;
      override call(x: Tensor) {
        return this.inner.apply(x);
      }
    }
    class Two extends Model {
      a = new Holder();
      b = new Holder();
      override call(x: Tensor) {
        return ops.add(this.a.apply(x), this.b.apply(x));
      }
    }
    const model = new Two();
    model.apply(x);
    expect(numbers(model.losses)).toEqual([1]);
  });

  it("may be lists and longer tensors, which training sums", async () => {
    class Several extends layers.Layer {
      override call(x: Tensor) {
        this.addLoss(ops.sum(x, { axis: -1 }));
        this.addLoss([ops.sum(x), ops.mean(x)]);
        return ops.multiply(x, 1);
      }
    }
    const model = new Sequential([new Several()]);
    model.apply(x);
    expect(model.losses.map((loss) => [...loss.array()])).toEqual([[3, 7], [10], [2.5]]);
    model.compile({ loss: "mse" });
    expect(await model.evaluate(x, x)).toBe(22.5);
  });

  it("are not added by a trial call for a shape, or a refused call", () => {
    class Picky extends layers.Layer {
      override call(x: Tensor) {
        this.addLoss(ops.sum(x));
        if (x.shape[0] === 1) throw new RangeError("one");
        return ops.multiply(x, 1);
      }
    }
    const layer = new Picky();
    layer.computeOutputShape([null, 2]);
    expect(layer.losses).toEqual([]);
    layer.apply(x);
    layer.computeOutputShape([null, 2]);
    expect(() => layer.apply([[1, 2]])).toThrow("one");
    expect(numbers(layer.losses)).toEqual([10]);
  });
});

describe("training by losses of layers", () => {
  const made = () => {
    const inner = new Sequential([
      new Squares(0.5),
      new layers.Dense(2, { ...ones, kernelRegularizer: (w) => ops.multiply(ops.sum(ops.square(w)), 0.1) }),
      new Squares(0.25),
    ]);
    return new Sequential([inner, new layers.Dense(1, ones)]);
  };
  const KERNEL = [0.5368263721466064, 0.5368263721466064, 0.3475324213504791, 0.3475324213504791];

  it("follows Keras in trainOnBatch, testOnBatch, fit and evaluate", async () => {
    const model = made();
    model.compile({ optimizer: new SGD({ learningRate: 0.01 }), loss: "mse" });
    for (const loss of [95.9000015258789, 8.003896713256836, 6.816856861114502]) {
      expect(await model.trainOnBatch(x, y)).toBeCloseTo(loss, 4);
    }
    [...model.weights[0]!.array()].forEach((weight, i) => expect(weight).toBeCloseTo(KERNEL[i]!, 5));
    expect(await model.testOnBatch(x, y)).toBeCloseTo(6.135403633117676, 4);
    const { history } = await model.fit(x, y, { epochs: 2, batchSize: 2, validationData: [x, y] });
    expect(history.loss?.at(-1)).toBeCloseTo(5.710330963134766, 4);
    expect(history.val_loss?.at(-1)).toBeCloseTo(5.431337833404541, 4);
  });

  it("is the same in a custom loop that adds them", () => {
    const model = made();
    const optimizer = new SGD({ learningRate: 0.01 });
    const lossFn = new losses.MeanSquaredError();
    const seen = [0, 1, 2].map(() => {
      const tape = new GradientTape();
      const loss = tape.run(() => {
        const loss = lossFn.apply(y, model.apply(x, { training: true }));
        return ops.add(loss, ops.sum(ops.stack(model.losses)));
      });
      optimizer.apply(tape.gradient(loss, model.trainableWeights), model.trainableWeights);
      return loss.item();
    });
    [95.9000015258789, 8.003896713256836, 6.816856861114502].forEach((loss, i) => expect(seen[i]).toBeCloseTo(loss, 4));
    [...model.weights[0]!.array()].forEach((weight, i) => expect(weight).toBeCloseTo(KERNEL[i]!, 5));
  });

  it("adds the losses of a tape over several turns, and frees earlier ones", () => {
    const layer = new Squares(1);
    const turns = [1, 2, 3].map((factor) => {
      tidy(() => layer.apply(ops.multiply(x, factor)));
      return numbers(layer.losses);
    });
    expect(turns).toEqual([[7.5], [30], [67.5]]);
  });
});
