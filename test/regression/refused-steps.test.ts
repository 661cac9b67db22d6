/**
 * Traces that a refused or interrupted step or run used to leave behind.
 */

import { describe, expect, it } from "vitest";
import {
  Adam,
  type callbacks,
  layers,
  ops,
  random,
  Sequential,
  setRandomSeed,
  type Tensor,
  tensor,
} from "../../ts/index.js";
import { withUpdatesLast } from "../../ts/updates.js";
import { thrown } from "../support/refusal.js";

const x = [
  [0, 1, 2],
  [1, 2, 0],
  [2, 0, 1],
];
const y = [[1], [0], [2]];

function classifier(metrics: readonly string[] = []) {
  const model = new Sequential([
    new layers.BatchNormalization({ inputShape: [3] }),
    new layers.Dense(3, { activation: "softmax" }),
  ]);
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics });
  return model;
}

function regressor(useEma = false) {
  const model = new Sequential([new layers.Dense(2, { inputShape: [3] }), new layers.Dense(1)]);
  model.compile({ optimizer: new Adam({ useEma }), loss: "mse" });
  return model;
}

/** Draws from the shared generator at each call. */
class Noisy extends layers.Layer {
  override call(inputs: Tensor<"float32">, { training }: { training: boolean }) {
    return training ? ops.add(inputs, random.normal([3])) : inputs;
  }
}

/** Draws once, when it is built. */
class Initialized extends layers.Layer {
  override build(shape: layers.LayerShapes) {
    random.uniform([1]);
    super.build(shape);
  }
  override call(inputs: Tensor<"float32">) {
    return inputs;
  }
}

const values = (model: Sequential) => model.getWeights().map(({ data }) => [...data]);

describe("a refused step changes nothing", () => {
  it("not even moving averages, when a label is out of range", async () => {
    const model = classifier();
    await model.fit(x, y);
    const before = values(model);
    await expect(model.fit(x, [[1], [0], [3]])).rejects.toThrow(
      thrown(
        "ValueError",
        "ERR_INDEX_RANGE",
        'fit: "y": label 3 at sample 2 is out of range: there are 3 classes, counted from 0 to 2.',
      ),
    );
    await expect(model.trainOnBatch(x, [[1], [0], [3]])).rejects.toThrow(
      thrown(
        "ValueError",
        "ERR_INDEX_RANGE",
        "sparseCategoricalCrossentropy: label 3 at index 2 is out of range: there are 3 classes, counted from 0 to 2.",
      ),
    );
    expect(values(model)).toEqual(before);
    expect(model.optimizer?.iterations).toBe(1);
  });

  it("moving averages still follow steps that are done", async () => {
    const model = classifier();
    await model.trainOnBatch(x, y);
    expect(values(model)[2]?.map((mean) => mean.toFixed(4))).toEqual(["0.0100", "0.0100", "0.0100"]);
  });

  it("nor when a metric refuses the labels", async () => {
    const model = regressor();
    const refuse = (_: unknown, predictions: Tensor): Tensor => {
      if (predictions.shape[0] === 3) throw new RangeError("mine");
      return ops.mean(predictions);
    };
    model.compile({ loss: "mse", metrics: [refuse] });
    const before = values(model);
    await expect(model.fit(x, y)).rejects.toThrow(expect.objectContaining({ name: "RangeError", message: "mine" }));
    expect(values(model)).toEqual(before);
    expect(model.optimizer?.iterations).toBe(0);
  });
});

describe("a refused step uses up no random numbers", () => {
  /** Trains three steps from a seed. @returns the weights, and what is drawn next */
  async function trained(made: readonly layers.Layer[], refused: boolean) {
    const model = new Sequential(made);
    model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy" });
    for (let step = 0; step < 3; step++) {
      if (refused)
        await expect(model.trainOnBatch(x, [[1], [0], [3]])).rejects.toThrow(
          thrown(
            "ValueError",
            "ERR_INDEX_RANGE",
            "sparseCategoricalCrossentropy: label 3 at index 2 is out of range: there are 3 classes, counted from 0 to 2.",
          ),
        );
      await model.trainOnBatch(x, y);
    }
    return [...values(model), [...random.uniform([2]).array()]];
  }

  it.each([
    ["of layers, and the shared one", { inputShape: [3] }],
    ["also of layers that it has built", {}],
  ])("%s", async (_, options) => {
    const made = () => {
      setRandomSeed(3);
      const dropout = new layers.Dropout(0.5, options);
      return [dropout, new layers.GaussianNoise(0.1), new Noisy(), new layers.Dense(3, { activation: "softmax" })];
    };
    expect(await trained(made(), true)).toEqual(await trained(made(), false));
  });

  it.each([
    ["of which a part was done", () => random.uniform([1])],
    ["of which a part has built a layer", () => new Initialized().apply(x)],
  ])("%s", (_, part) => {
    const refused = () =>
      withUpdatesLast(() => {
        random.uniform([1]);
        withUpdatesLast(part);
        throw new RangeError("mine");
      });
    setRandomSeed(5);
    expect(refused).toThrow(expect.objectContaining({ name: "RangeError", message: "mine" }));
    const next = random.uniform([2]).array();
    setRandomSeed(5);
    expect(next).toEqual(random.uniform([2]).array());
  });

  it("nor does a build that fails", () => {
    class Failing extends layers.Layer {
      override build() {
        this.addWeight({ name: "w", shape: [2], initializer: "normal" });
        throw new RangeError("mine");
      }
      override call(inputs: Tensor<"float32">) {
        return inputs;
      }
    }
    setRandomSeed(4);
    const expected = random.uniform([2]).array();
    setRandomSeed(4);
    expect(() => new Failing().apply(x)).toThrow(expect.objectContaining({ name: "RangeError", message: "mine" }));
    expect(random.uniform([2]).array()).toEqual(expected);
  });
});

describe("a layer that was made trainable after training", () => {
  it("asks for a new optimizer", async () => {
    const model = regressor();
    const [layer] = model.layers as [layers.Layer];
    layer.trainable = false;
    model.compile({ optimizer: "adam", loss: "mse" });
    await model.fit(x, y);
    layer.trainable = true;
    const before = values(model);
    const refusal = {
      code: "ERR_VARIABLE_UNKNOWN",
      message: expect.stringMatching(/make a new one and compile the model with it/),
    };
    await expect(model.fit(x, y)).rejects.toMatchObject(refusal);
    expect(values(model)).toEqual(before);
    model.compile({ optimizer: "adam", loss: "mse" });
    await model.fit(x, y);
    expect(values(model)).not.toEqual(before);
  });
});

describe("averaged weights when layers were frozen meanwhile", () => {
  it("a run goes through", async () => {
    const model = regressor(true);
    await model.fit(x, y);
    (model.layers[0] as layers.Layer).trainable = false;
    const [frozen] = values(model);
    await model.fit(x, y);
    expect(values(model)[0]).toEqual(frozen);
  });

  it("a callback's error is not replaced", async () => {
    const model = regressor(true);
    const failing: callbacks.CallbackHooks = {
      onTrainBatchEnd() {
        (model.layers[0] as layers.Layer).trainable = false;
        throw new RangeError("mine");
      },
    };
    await expect(model.fit(x, y, { callbacks: [failing] })).rejects.toThrow(RangeError);
  });
});

describe("a generator that is left early", () => {
  it.each([
    ["by stepsPerEpoch", { stepsPerEpoch: 2, epochs: 2 }, 2],
    ["by stopTraining", { epochs: 2 }, 1],
  ] as const)("closes what it has open: %s", async (_, options, times) => {
    const model = regressor();
    let closed = 0;
    function* batches() {
      try {
        while (true) yield [x, y] as const;
      } finally {
        closed++;
      }
    }
    const stop = {
      onTrainBatchEnd(batch: number) {
        if (batch === 4) model.stopTraining = true;
      },
    };
    await model.fit(batches, undefined, { ...options, callbacks: [stop] });
    expect(closed).toBe(times);
  });

  it("closes by a batch that does not fit", async () => {
    let closed = 0;
    async function* batches() {
      try {
        while (true) yield [[[1]], y] as const;
      } finally {
        closed++;
      }
    }
    await expect(regressor().fit(batches)).rejects.toThrow(
      thrown("ValueError", "ERR_SHAPE", 'fit: "x" must have the shape samples x 3, got 1 x 1.'),
    );
    expect(closed).toBe(1);
  });

  it("stays open where it is the caller's, who continues with it", async () => {
    let given = 0;
    const batches = (function* () {
      while (true) {
        given++;
        yield [x, y] as const;
      }
    })();
    await regressor().fit(batches, undefined, { stepsPerEpoch: 2, epochs: 2 });
    expect(given).toBe(4);
    expect(batches.next().done).toBe(false);
  });
});

describe("options that were not checked", () => {
  it.each([
    ["signal", { signal: 3 }],
    ["validationSteps", { validationSteps: 0 }],
    ["validationBatchSize", { validationBatchSize: 0 }],
  ])("fit: %s", async (name, options) => {
    await expect(regressor().fit(x, y, options as never)).rejects.toThrow(`fit: "${name}" must be`);
  });

  it("compile: metrics as one string were taken letter by letter", () => {
    expect(() => regressor().compile({ metrics: "accuracy" as never })).toThrow(
      thrown(
        "TypeError",
        "ERR_OPTION_TYPE",
        'compile: "metrics" must be a list, such as ["accuracy"], or an object by output, got "accuracy".',
      ),
    );
  });

  it("a layer's call that gives no tensor", () => {
    class Odd extends layers.Layer {
      override call() {
        return 3 as never;
      }
    }
    const model = new Sequential([new Odd({ name: "odd" })]);
    expect(() => model.apply(tensor(x))).toThrow(
      thrown(
        "TypeError",
        "ERR_OPTION_TYPE",
        'Odd "odd": call must return a tensor, made by operations from its inputs, got 3.',
      ),
    );
  });
});
