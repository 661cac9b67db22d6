/**
 * Ends of runs: aborts while a run waits, and closed generators; and calls that a model refuses meanwhile.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import { callbacks, Input, layers, Model, Sequential, SGD } from "../../ts/index.js";

function linear(optimizer = new SGD({ learningRate: 0.1 })) {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer, loss: "mse" });
  return model;
}

const QUIET = { verbose: 0, shuffle: false } as const;
const never = () => new Promise<never>(() => {});

afterEach(() => vi.restoreAllMocks());

describe("an abort is heard", () => {
  const reason = new RangeError("enough");
  /** Aborts in the next turn of the loop of microtasks, when the run waits. */
  const aborting = (signal: AbortController) => {
    queueMicrotask(() => queueMicrotask(() => signal.abort(reason)));
    return never();
  };
  async function* stuck(controller: AbortController) {
    yield [[[1]], [[1]]] as const;
    await aborting(controller);
  }
  type Run = (model: Sequential, controller: AbortController) => Promise<unknown>;
  const hooks = ["onTrainBegin", "onEpochBegin", "onTrainBatchBegin", "onTrainBatchEnd", "onEpochEnd", "onTrainEnd"];
  /** Waits when it is closed. */
  async function* slow(controller: AbortController) {
    try {
      for (;;) yield [[[1]], [[1]]] as const;
    } finally {
      await aborting(controller);
    }
  }
  const runs: [string, Run][] = [
    [
      "fit, a generator that is closed because training was stopped",
      (model, c) => {
        const onTrainBatchEnd = () => {
          model.stopTraining = true;
        };
        return model.fit(slow(c), undefined, { ...QUIET, signal: c.signal, callbacks: [{ onTrainBatchEnd }] });
      },
    ],
    ["fit, a generator", (model, c) => model.fit(stuck(c), undefined, { ...QUIET, signal: c.signal })],
    ["evaluate, a generator", (model, c) => model.evaluate(stuck(c), undefined, { verbose: 0, signal: c.signal })],
    ["predict, a generator", (model, c) => model.predict(stuck(c), { verbose: 0, signal: c.signal })],
    [
      "fit, validation data",
      (model, c) => model.fit([[1]], [[1]], { ...QUIET, validationData: () => stuck(c), signal: c.signal }),
    ],
    ...hooks.map((hook): [string, Run] => [
      `fit, ${hook}`,
      (model, c) =>
        model.fit([[1], [2]], [[1], [2]], {
          ...QUIET,
          batchSize: 1,
          signal: c.signal,
          callbacks: [{}, { [hook]: () => aborting(c) }],
        }),
    ]),
    [
      "evaluate, onTestBatchEnd",
      (model, c) =>
        model.evaluate([[1]], [[1]], {
          verbose: 0,
          signal: c.signal,
          callbacks: [{ onTestBatchEnd: () => aborting(c) }],
        }),
    ],
    [
      "predict, onPredictEnd",
      (model, c) =>
        model.predict([[1]], { verbose: 0, signal: c.signal, callbacks: [{ onPredictEnd: () => aborting(c) }] }),
    ],
  ];
  it.each(runs)("%s", async (_, run) => {
    const model = linear();
    await expect(run(model, new AbortController())).rejects.toBe(reason);
    // The model is free again.
    await model.fit([[1]], [[1]], QUIET);
  });

  it("cancels a stream from which no batch was requested", async () => {
    const cancel = vi.fn();
    const stream = new ReadableStream({ pull: (controller) => controller.enqueue([[[1]], [[1]]]), cancel });
    const onTrainBegin = () => {
      throw reason;
    };
    const run = linear().fit(stream as never, undefined, { ...QUIET, callbacks: [{ onTrainBegin }] });
    await expect(run).rejects.toBe(reason);
    expect([cancel.mock.calls.length, stream.locked]).toEqual([1, false]);
  });

  it("closes the generator for which it waits", async () => {
    const controller = new AbortController();
    const closed: string[] = [];
    const iterator = {
      next: () => aborting(controller),
      return: async () => {
        closed.push("closed");
        return { done: true as const, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    const run = linear().fit(iterator, undefined, { ...QUIET, signal: controller.signal });
    await expect(run).rejects.toBe(reason);
    expect(closed).toEqual(["closed"]);
  });
});

describe("generators", () => {
  const failing = (hook: string) => ({
    [hook]: () => {
      throw new RangeError("of a callback");
    },
  });
  class Stopping extends callbacks.Callback {
    override onTrainBatchEnd() {
      this.model.stopTraining = true;
    }
  }
  const open = (log: string[]) =>
    (function* () {
      try {
        for (;;) yield [[[1]], [[1]]] as const;
      } finally {
        log.push("closed");
      }
    })();
  const openLater = (log: string[]) =>
    (async function* () {
      yield* open(log);
    })();

  it.each([
    ["a callback that throws", { callbacks: [failing("onTrainBatchEnd")] }],
    ["a callback that throws at the start", { callbacks: [failing("onEpochEnd")], stepsPerEpoch: 2 }],
    ["a callback that rejects", { callbacks: [{ onTrainBatchBegin: () => Promise.reject(new RangeError("late")) }] }],
    ["an abort", { stepsPerEpoch: 1, epochs: 2, callbacks: [{ onEpochEnd: () => {} }], abort: true }],
    ["stopTraining", { callbacks: [new Stopping()] }],
  ])("are closed by %s", async (_, { abort, ...options }: { readonly abort?: boolean } & object) => {
    for (const make of [open, openLater]) {
      for (const asFunction of [false, true]) {
        const log: string[] = [];
        const controller = new AbortController();
        const made = make(log);
        const onEpochBegin = (epoch: number) => {
          if (abort && epoch === 1) controller.abort();
        };
        const all = { ...QUIET, ...options, signal: controller.signal };
        const list = [{ onEpochBegin }, ...((options as { callbacks: object[] }).callbacks ?? [])];
        await linear()
          .fit(asFunction ? () => made : made, undefined, { ...all, callbacks: list })
          .catch(() => {});
        expect(log).toEqual(["closed"]);
      }
    }
  });

  it("are closed by a batch that is refused, in evaluate, predict and validation too", async () => {
    const log: string[] = [];
    const bad = () =>
      (function* () {
        try {
          yield [[[1]], [[1]]] as const;
          yield [[[1, 2]], [[1]]] as const;
        } finally {
          log.push("closed");
        }
      })();
    const model = linear();
    await expect(model.fit(bad(), undefined, QUIET)).rejects.toMatchObject({ code: "ERR_SHAPE" });
    await expect(model.evaluate(bad(), undefined, { verbose: 0 })).rejects.toMatchObject({ code: "ERR_SHAPE" });
    await expect(model.predict(bad(), { verbose: 0 })).rejects.toMatchObject({ code: "ERR_SHAPE" });
    await expect(model.fit([[1]], [[1]], { ...QUIET, validationData: bad() })).rejects.toMatchObject({
      code: "ERR_SHAPE",
    });
    expect(log).toHaveLength(4);
  });

  it("stay open for the caller, who continues with them, after a run that came to its end", async () => {
    const log: string[] = [];
    const model = linear();
    const generator = open(log);
    await model.fit(generator, undefined, { ...QUIET, stepsPerEpoch: 2 });
    await model.evaluate(generator, undefined, { verbose: 0, steps: 1 });
    expect(log).toEqual([]);
    expect(generator.next().done).toBe(false);
    await model.fit(() => open(log), undefined, { ...QUIET, stepsPerEpoch: 2, epochs: 2 });
    expect(log).toEqual(["closed", "closed"]);
  });
});

describe("a model under way", () => {
  it.each(["fit", "evaluate", "predict"] as const)("keeps its layers during %s", async (name) => {
    const inner = linear();
    const input = Input({ shape: [1] });
    const model = new Model({ inputs: input, outputs: inner.apply(input) });
    model.compile({ optimizer: "sgd", loss: "mse" });
    const refused: unknown[] = [];
    const change = () => {
      for (const act of [() => inner.add(new layers.Dense(1)), () => inner.pop()]) {
        try {
          act();
        } catch (error) {
          refused.push((error as { readonly code?: string }).code);
        }
      }
    };
    const options = {
      verbose: 0,
      callbacks: [{ onTrainBatchEnd: change, onTestBatchEnd: change, onPredictBatchEnd: change }],
    } as const;
    if (name === "predict") await model.predict([[1]], options);
    else await model[name]([[1]], [[1]], options);
    expect(refused).toEqual(["ERR_BUSY", "ERR_BUSY"]);
    expect(inner.layers).toHaveLength(1);
    inner.pop();
  });

  it("has the history of its last fit, not of one that was refused", async () => {
    const model = linear();
    const history = await model.fit([[1]], [[1]], QUIET);
    await expect(model.fit([[1]], [[1], [2]], QUIET)).rejects.toMatchObject({ code: "ERR_SHAPE" });
    expect(model.history).toBe(history);
  });
});

it("a run that failed does not wait forever for a source that never closes", async () => {
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false, value: [[[1]], [[1]]] }),
      return: () => new Promise<never>(() => {}),
    }),
  };
  const onTrainBatchEnd = () => {
    throw new RangeError("enough");
  };
  await expect(linear().fit(source as never, { ...QUIET, callbacks: [{ onTrainBatchEnd }] })).rejects.toThrow("enough");
  const onTestBatchEnd = onTrainBatchEnd;
  await expect(linear().evaluate(source as never, { verbose: 0, callbacks: [{ onTestBatchEnd }] })).rejects.toThrow(
    "enough",
  );
});

it("an aborted run cancels a ReadableStream that it waits for", async () => {
  for (const given of [0, 1]) {
    const cancelled: unknown[] = [];
    const abort = new AbortController();
    const reason = new Error("enough");
    let pulled = 0;
    const source = {
      pull(controller: ReadableStreamDefaultController) {
        if (pulled++ < given) controller.enqueue([[[1]], [[2]]]);
        else abort.abort(reason);
      },
      cancel: (given: unknown) => void cancelled.push(given),
    };
    // It pulls only when it is read.
    const stream = new ReadableStream(source, { highWaterMark: 0 });
    const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    const running = model.fit(stream as never, undefined, { verbose: 0, signal: abort.signal });
    await expect(running).rejects.toBe(reason);
    await expect.poll(() => cancelled).toHaveLength(1);
  }
});
