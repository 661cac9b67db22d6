/** Hooks of callbacks, warnings and the progress line of a `fit`: misspelled hooks, epochs without an update, times per step. */

import { afterEach, describe, expect, it, vi } from "vitest";
import { callbacks, LossScaleOptimizer, layers, Sequential, SGD } from "../../ts/index.js";
import { thrown } from "../support/refusal.js";

function linear(optimizer = new SGD({ learningRate: 0.1 })) {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer, loss: "mse" });
  return model;
}
const QUIET = { verbose: 0, shuffle: false } as const;

afterEach(() => vi.restoreAllMocks());

describe("hooks", () => {
  class Own extends callbacks.Callback {
    on_epoch_end() {}
  }
  class Plain {
    onTrainBatchEnds() {}
  }
  it.each([
    [{ onBatchEnd() {} }, "onTrainBatchEnd"],
    [{ on_epoch_end() {} }, "onEpochEnd"],
    [{ on_batch_begin() {} }, "onTrainBatchBegin"],
    [{ onEpochEnds: () => {} }, "onEpochEnd"],
    [{ onEpocBegin() {} }, "onEpochBegin"],
    [{ on_test_batch_end() {} }, "onTestBatchEnd"],
    // 6 letters differ from onTrainBegin, 8 from onTrainEnd.
    [{ onBeginTrain() {} }, "onTrainBegin"],
    [{ onTrainBatchStart() {} }, "onTrainBatchBegin"],
    [{ onTestStart() {} }, "onTestBegin"],
    [new Own(), "onEpochEnd"],
    [new Plain(), "onTrainBatchEnd"],
  ])("refuses %o, and names %s", async (callback, nearest) => {
    const model = linear();
    const options = { ...QUIET, callbacks: [callback as never] };
    const wanted = { code: "ERR_OPTION_UNKNOWN", message: expect.stringContaining(`Did you mean "${nearest}"?`) };
    await expect(model.fit([[1]], [[1]], options)).rejects.toMatchObject(wanted);
    await expect(model.evaluate([[1]], [[1]], { callbacks: [callback as never] })).rejects.toMatchObject(wanted);
    await expect(model.predict([[1]], { callbacks: [callback as never] })).rejects.toMatchObject(wanted);
  });

  it("may be one object instead of a list, as in Keras", async () => {
    const model = linear();
    const seen: string[] = [];
    const one = {
      onEpochEnd: () => seen.push("epoch"),
      onTestEnd: () => seen.push("test"),
      onPredictEnd: () => seen.push("predict"),
    };
    await model.fit([[1]], [[1]], { ...QUIET, callbacks: one as never });
    await model.evaluate([[1]], [[1]], { verbose: 0, callbacks: one as never });
    await model.predict([[1]], { verbose: 0, callbacks: one as never });
    const stopping = new callbacks.EarlyStopping({ monitor: "loss", minDelta: 1e6 });
    const { epoch } = await model.fit([[1]], [[1]], { ...QUIET, epochs: 5, callbacks: stopping });
    expect([seen, epoch.length]).toEqual([["epoch", "test", "predict"], 2]);
  });

  it("refuses one that is not a function; other methods and words that begin with on are free", async () => {
    const run = (callback: object) => linear().fit([[1]], [[1]], { ...QUIET, callbacks: [callback as never] });
    await expect(run({ onEpochEnd: 5 })).rejects.toMatchObject({ code: "ERR_OPTION_TYPE" });
    await run({ once: 1, only() {}, save() {}, onEpochEnd: undefined });
    expect(() => new callbacks.LambdaCallback({ on_epoch_end() {} } as never)).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_UNKNOWN",
        'LambdaCallback: a callback has "on_epoch_end", which is not a hook. Did you mean "onEpochEnd"? Hooks are: onTrainBegin, onTrainEnd, onEpochBegin, onEpochEnd, onTrainBatchBegin, onTrainBatchEnd, onTestBegin, onTestEnd, onTestBatchBegin, onTestBatchEnd, onPredictBegin, onPredictEnd, onPredictBatchBegin, onPredictBatchEnd.',
      ),
    );
  });
});

describe("an epoch without an update", () => {
  const warnings = () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    return () => warn.mock.calls.map(([text]) => text as string);
  };

  it("is warned of once, with accumulation", async () => {
    const said = warnings();
    const model = linear(new SGD({ learningRate: 0.1, gradientAccumulationSteps: 8 }));
    await model.fit([[1], [1], [1]], [[1], [1], [1]], { ...QUIET, batchSize: 1, epochs: 3 });
    expect(said()).toEqual([
      `${model.name}: epoch 1 made no update of the weights: it had 3 batches, and "gradientAccumulationSteps" is 8.`,
    ]);
    expect(model.optimizer?.iterations).toBe(1);
  });

  it("is warned of when a loss scale skips all batches; not when updates are made", async () => {
    const said = warnings();
    await linear(new SGD({ learningRate: 0.1, gradientAccumulationSteps: 3 })).fit([[1], [1], [1]], [[1], [1], [1]], {
      ...QUIET,
      batchSize: 1,
    });
    expect(said()).toEqual([]);
    const scaled = linear(new LossScaleOptimizer(new SGD(), { initialScale: 2 ** 20 }) as never);
    await scaled.fit([[1e38]], [[1]], { ...QUIET });
    expect(said().filter((text) => text.includes("made no update"))).toHaveLength(1);
  });
});

describe("the progress line", () => {
  // Real Keras prints 200us, 200ms and 2s per step.
  it.each([
    [2e-4, "200us/step"],
    [0.2, "200ms/step"],
    [2, "2s/step"],
  ])("at %d s per step", async (seconds, text) => {
    let written = "";
    let now = 0;
    const write = (more: string) => {
      written += more;
    };
    const bar = new callbacks.ProgressBar({ write, isTTY: false }, () => now);
    bar.setParams({ verbose: 1, epochs: 1, steps: 3 });
    bar.onTrainBegin();
    bar.onEpochBegin(0);
    for (let batch = 0; batch < 3; batch++) {
      now += seconds;
      bar.onTrainBatchEnd(batch, {});
    }
    bar.onEpochEnd(0, { loss: 0.5 });
    expect(written).toContain(text);
    expect(written).toContain("3/3");
    expect(written).toContain("loss: 0.5000");
  });
});
