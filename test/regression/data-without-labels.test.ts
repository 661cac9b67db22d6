/**
 * `fit`, `evaluate` and calls for one batch without labels, with the options in their place, and from every kind of
 * stream. Numbers of Keras 3.15.1 (JAX).
 */

import { describe, expect, it, vi } from "vitest";
import { layers, ops, Sequential, SGD, type Tensor } from "../../ts/index.js";

const x = [
  [1, 2],
  [3, 4],
];
const QUIET = { verbose: 0 } as const;

class Squares extends layers.Layer {
  override call(x: Tensor) {
    this.addLoss(ops.mean(ops.square(x)));
    return ops.multiply(x, 1);
  }
}

/** A model with a loss without labels. */
function own(options: object = {}) {
  const kernelRegularizer = (w: unknown) => ops.multiply(ops.sum(ops.square(w as Tensor)), 0.1);
  const model = new Sequential([
    new Squares({ inputShape: [2] }),
    new layers.Dense(2, { kernelInitializer: "ones", kernelRegularizer }),
    new Squares(),
  ]);
  model.compile({ optimizer: new SGD({ learningRate: 0.01 }), ...options });
  return model;
}

/** `y = w x` with w = 1. */
function linear(rate = 0) {
  const kernel = { kernelInitializer: "ones", useBias: false, inputShape: [1] } as const;
  const model = new Sequential([new layers.Dense(1, kernel)]);
  model.compile({ optimizer: new SGD({ learningRate: rate }), loss: "mse" });
  return model;
}

const HISTORY = [36.900001525878906, 28.257827758789062, 22.15972328186035];

describe("a model that has a loss without labels", () => {
  it("is trained and tested as in Keras", async () => {
    const model = own();
    const { history } = await model.fit(x, { ...QUIET, epochs: 3 });
    HISTORY.forEach((loss, i) => expect(history.loss?.[i]).toBeCloseTo(loss, 4));
    expect(await model.evaluate(x, QUIET)).toBeCloseTo(17.856740951538086, 4);
    expect(await model.trainOnBatch(x)).toBeCloseTo(17.856740951538086, 4);
    expect(await model.testOnBatch(x, { returnDict: true })).toEqual({ loss: expect.closeTo(14.820422172546387, 4) });
    const last = await model.fit(x, null, { ...QUIET, validationData: [x] });
    expect(last.history.val_loss?.[0]).toBeCloseTo(12.677879333496094, 4);
  });

  it("accepts batches of inputs, and unused labels", async () => {
    const tuples = function* () {
      yield [x] as const;
    };
    for (const data of [[[x]], tuples, tuples()]) {
      const { history } = await own().fit(data as never, QUIET);
      expect(history.loss?.[0]).toBeCloseTo(HISTORY[0]!, 4);
    }
    const { history } = await own().fit(x, [[1], [2]], QUIET);
    expect(history.loss?.[0]).toBeCloseTo(HISTORY[0]!, 4);
  });

  it("requires labels for metrics, and a loss", async () => {
    await expect(own({ metrics: ["mae"] }).fit(x)).rejects.toThrow("there are no labels");
    await expect(own({ metrics: ["mae"] }).fit(x, QUIET)).rejects.toThrow('"y" is missing. Options come after it');
    await expect(own({ loss: "mse" }).fit(x, QUIET)).rejects.toThrow('"y" is missing. Options come after it');
    const { history } = await own({ metrics: ["mae"] }).fit(x, x, QUIET);
    expect(Object.keys(history).sort()).toEqual(["loss", "mae"]);
    const plain = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
    plain.compile({ optimizer: "sgd" });
    const before = [...plain.weights[0]!.array()];
    await expect(plain.fit(x, QUIET)).rejects.toMatchObject({ code: "ERR_NOT_COMPILED" });
    await expect(plain.evaluate(x)).rejects.toMatchObject({ code: "ERR_NOT_COMPILED" });
    expect([...plain.weights[0]!.array()]).toEqual(before);
  });
});

/** Two batches: squares of 1 and 2, then of 3. */
const BATCHES = [
  [
    [[1], [2]],
    [[2], [4]],
  ],
  [[[3]], [[6]]],
] as const;

const STREAMS: Readonly<Record<string, () => unknown>> = {
  "a list": () => BATCHES,
  "a generator": () => BATCHES[Symbol.iterator](),
  "a generator function": () =>
    function* () {
      yield* BATCHES;
    },
  "an async generator": () =>
    (async function* () {
      yield* BATCHES;
    })(),
  "an object with Symbol.asyncIterator": () => ({
    async *[Symbol.asyncIterator]() {
      yield* BATCHES;
    },
  }),
  "an object with Symbol.iterator": () => ({ [Symbol.iterator]: () => BATCHES[Symbol.iterator]() }),
  "a stream": () => stream(),
  "a stream that cannot be iterated, as in Safari": () => readable(stream()),
  "{ xs, ys }": () => BATCHES.map(([xs, ys]) => ({ xs, ys })),
};

function readable(stream: ReadableStream): object {
  return { getReader: () => stream.getReader() };
}

function stream(): ReadableStream {
  const batches = BATCHES[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = batches.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

describe.each(Object.entries(STREAMS))("batches of %s", (_, made) => {
  it("are data of fit, evaluate and validation, with options behind them", async () => {
    const { history } = await linear().fit(made() as never, { ...QUIET, epochs: 1, validationData: made() as never });
    expect([history.loss, history.val_loss]).toEqual([[expect.closeTo(14 / 3, 5)], [expect.closeTo(14 / 3, 5)]]);
    expect(await linear().evaluate(made() as never, QUIET)).toBeCloseTo(14 / 3, 5);
    expect(await linear().evaluate(made() as never, { ...QUIET, returnDict: true })).toEqual({
      loss: expect.closeTo(14 / 3, 5),
    });
  });

  it("train nothing in no epoch", async () => {
    const history = await linear(1).fit(made() as never, { ...QUIET, epochs: 0 });
    expect([history.epoch, history.history]).toEqual([[], {}]);
  });

  it("give predictions", async () => {
    const data = made();
    if (Array.isArray(data)) return;
    expect([...(await linear().predict(data as never, QUIET)).array()]).toEqual([1, 2, 3]);
  });
});

it("a generator of several epochs continues where the last one ended", async () => {
  const generator = (function* () {
    for (const x of [1, 2, 3, 4]) yield [[[x]], [[2 * x]]] as const;
  })();
  const { history } = await linear().fit(generator as never, { ...QUIET, epochs: 2, stepsPerEpoch: 2 });
  expect(history.loss).toEqual([2.5, 12.5]);
});

it.each(["a stream", "a stream that cannot be iterated, as in Safari"] as const)(
  "%s ends like a generator: it threw an error of the host in the second epoch",
  async (kind) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    try {
      const model = linear();
      const { epoch } = await model.fit(STREAMS[kind]!() as never, { ...QUIET, epochs: 3 });
      expect(epoch).toEqual([0]);
      expect(warn.mock.calls).toEqual([[expect.stringContaining("the data ran out after 1 of 3 epochs")]]);
    } finally {
      warn.mockRestore();
    }
  },
);

it("options are told from labels by output", async () => {
  const model = linear();
  await expect(model.fit(stream() as never, { epoch: 2, verbose: 0 } as never)).rejects.toThrow(
    'did you mean "epochs"',
  );
  await expect(model.fit([[1]], { other: [[1]] })).rejects.toThrow('"y" has "other", but not');
  const byName = { [model.outputNames[0] as string]: [[3]] };
  expect(await model.evaluate([[1]], byName)).toBe(4);
});

it("validation data may be { xs, ys }, TensorFlow.js's form", async () => {
  const model = linear();
  const validationData = { xs: [[1], [2]], ys: [[3], [6]] };
  expect((await model.fit([[1]], [[1]], { ...QUIET, validationData })).history.val_loss).toEqual([10]);
  const flat = { xs: new Float32Array([1, 2]), ys: new Float32Array([3, 6]) };
  expect((await model.fit([[1]], [[1]], { ...QUIET, validationData: flat })).history.val_loss).toEqual([10]);
});
