/** Callbacks run on the thread that called, and do to a model in a worker what they do to one here. */

import {
  callbacks,
  type FitOptions,
  LossScaleOptimizer,
  type Optimizer,
  type Sequential,
  SGD,
  schedules,
} from "gradstep";
import { offload, type RemoteModel } from "gradstep/worker";
import { describe, expect, it, vi } from "vitest";
import { bits, SAMPLES, seededModel, x, y } from "./training.js";

const RUN: FitOptions = { epochs: 4, batchSize: 24, validationSplit: 0.25 };
const HOOKS = [
  "onTrainBegin",
  "onTrainEnd",
  "onEpochBegin",
  "onEpochEnd",
  "onTrainBatchBegin",
  "onTrainBatchEnd",
  "onTestBegin",
  "onTestEnd",
  "onTestBatchBegin",
  "onTestBatchEnd",
  "onPredictBegin",
  "onPredictEnd",
  "onPredictBatchBegin",
  "onPredictBatchEnd",
] as const;

/** Runs the same here and in a worker. */
async function both(run: (model: Sequential | RemoteModel, hear: (...heard: unknown[]) => void) => Promise<unknown>) {
  const outcomes = [];
  for (const isRemote of [false, true]) {
    const model = isRemote ? await offload(seededModel()) : seededModel();
    const heard: unknown[] = [];
    const result = await run(model, (...entry) => heard.push(structuredClone(entry)));
    outcomes.push({ result, heard, bits: bits(await model.getWeights()) });
    if ("lastIteration" in model) await model.dispose();
  }
  expect(outcomes[1]).toEqual(outcomes[0]);
  return outcomes[1] as (typeof outcomes)[number];
}

/** Every hook, reported to `hear`. */
const recorder = (hear: (...heard: unknown[]) => void) =>
  Object.fromEntries(
    HOOKS.map((hook) => [hook, (...given: unknown[]) => hear(hook, ...given)]),
  ) as callbacks.CallbackHooks;

it("all hooks come in their order, with their numbers", async () => {
  const { heard } = await both(async (model, hear) => {
    await model.fit(x, y, { ...RUN, callbacks: [recorder(hear)] });
    await model.evaluate(x, y, { callbacks: [recorder(hear)] });
    await model.predict(x, { callbacks: [recorder(hear)] });
  });
  expect(new Set(heard.map((entry) => (entry as string[])[0])).size).toBe(HOOKS.length);
});

it("a callback is given the run's parameters, and its model's name", async () => {
  await both(async (model, hear) => {
    class Curious extends callbacks.Callback {
      override onTrainBegin() {
        hear(this.params, this.model.name);
      }
    }
    await model.fit(x, y, { ...RUN, callbacks: [new Curious()] });
  });
});

describe("built-in callbacks", () => {
  const makers: Record<string, () => callbacks.CallbackHooks> = {
    "EarlyStopping with restoreBestWeights": () =>
      new callbacks.EarlyStopping({ monitor: "mae", patience: 1, mode: "max", restoreBestWeights: true }),
    "EarlyStopping by a metric's own direction": () => new callbacks.EarlyStopping({ monitor: "val_mae", minDelta: 1 }),
    LearningRateScheduler: () => new callbacks.LearningRateScheduler((epoch, rate) => (epoch < 2 ? rate : rate / 3)),
    ReduceLROnPlateau: () => new callbacks.ReduceLROnPlateau({ monitor: "loss", minDelta: 1, patience: 1 }),
    ModelCheckpoint: () => new callbacks.ModelCheckpoint(null, { monitor: "loss", saveBestOnly: true }),
    "ModelCheckpoint at batches": () => new callbacks.ModelCheckpoint(null, { saveFreq: 5 }),
  };
  it.each(Object.keys(makers))("%s", async (name) => {
    const { result } = await both(async (model) => {
      const callback = (makers[name] as () => callbacks.CallbackHooks)();
      const { history, epoch } = await model.fit(x, y, { ...RUN, callbacks: [callback] });
      const { last = null } = callback as Partial<callbacks.ModelCheckpoint>;
      return { history, epoch, last: last && { ...last, weights: bits(last.weights) } };
    });
    if (name.startsWith("ModelCheckpoint")) expect(result).not.toHaveProperty("last", null);
  });
});

it("SwapEMAWeights shows the averages to the validation, and to callbacks after it", async () => {
  const runs = [];
  for (const isRemote of [false, true]) {
    const optimizer = new LossScaleOptimizer(new SGD({ learningRate: 0.1, useEma: true, emaMomentum: 0.5 }));
    const model = isRemote ? await offload(seededModel({ optimizer })) : seededModel({ optimizer });
    const seen: unknown[] = [];
    class Reading extends callbacks.Callback {
      override onEpochEnd = () => void seen.push(bits(this.model.getWeights()));
    }
    const swapping = new callbacks.SwapEMAWeights({ swapOnEpoch: true });
    const { history } = await model.fit(x, y, { ...RUN, callbacks: [swapping, new Reading()] });
    const evaluated = await model.evaluate(x, y, { callbacks: [swapping] });
    runs.push({ history, seen, evaluated, bits: bits(await model.getWeights()) });
    if ("lastIteration" in model) await model.dispose();
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(new Set(runs[0]?.seen).size).toBe(RUN.epochs);
});

it("refuses anything but a callback, as here", async () => {
  for (const isRemote of [false, true]) {
    const model = isRemote ? await offload(seededModel()) : seededModel();
    const training = async () => await model.fit(x, y, { ...RUN, callbacks: [null as never] });
    await expect(training()).rejects.toMatchObject({ code: "ERR_OPTION_TYPE" });
    if ("lastIteration" in model) await model.dispose();
  }
});

it("a custom callback reads and sets weights and the learning rate, and stops at the very batch", async () => {
  const { heard } = await both(async (model, hear) => {
    class Meddler extends callbacks.Callback {
      override onTrainBatchEnd(batch: number) {
        const weights = this.model.getWeights();
        hear(bits(weights), this.model.optimizer?.learningRate, this.model.optimizer?.iterations);
        weights[0]?.data.fill(batch / 8);
        this.model.setWeights(weights);
        if (this.model.optimizer !== null) this.model.optimizer.learningRate *= 0.5;
        if (batch === 2) this.model.stopTraining = true;
      }
    }
    return (await model.fit(x, y, { ...RUN, callbacks: [new Meddler()] })).epoch;
  });
  expect(heard).toHaveLength(3);
});

it("callbacks see the optimizer's counter and rate under accumulation, and past 2^31", async () => {
  const learningRate = () =>
    new schedules.ExponentialDecay({ initialLearningRate: 0.5, decaySteps: 2 ** 31, decayRate: 0.5 });
  for (const wrap of [(inner: Optimizer) => inner, (inner: Optimizer) => new LossScaleOptimizer(inner)]) {
    const runs = [];
    for (const isRemote of [false, true]) {
      const optimizer = wrap(new SGD({ learningRate: learningRate(), gradientAccumulationSteps: 2 }));
      optimizer.setWeights([2 ** 31 - 2]);
      const model = seededModel({ optimizer });
      const seen: unknown[] = [];
      const trained = isRemote ? await offload(model) : model;
      class Watching extends callbacks.Callback {
        override onTrainBatchEnd() {
          seen.push(this.model.optimizer?.iterations, this.model.optimizer?.learningRate);
          this.model.getWeights();
        }
      }
      await trained.fit(x, y, { ...RUN, epochs: 1, callbacks: [new Watching()] });
      runs.push(seen);
      if (trained !== model) await trained.dispose();
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[0]?.[0]).toBe(2 ** 30 - 1);
    expect(runs[0]?.[2]).toBe(2 ** 30);
  }
});

it("weights that do not fit are refused in the callback, by name", async () => {
  const remote = await offload(seededModel());
  class Wrong extends callbacks.Callback {
    override onEpochEnd() {
      this.model.setWeights([[1, 2]]);
    }
  }
  await expect(remote.fit(x, y, { callbacks: [new Wrong()] })).rejects.toMatchObject({ code: "ERR_WEIGHTS_COUNT" });
  await remote.dispose();
});

it("a promise of a hook is waited for, of a plain object too", async () => {
  const { heard } = await both(async (model, hear) => {
    const hooks: callbacks.CallbackHooks = {
      async onTrainBatchEnd(batch) {
        hear("begin", batch);
        await Promise.resolve();
        hear("end", batch);
      },
    };
    await model.fit(x, y, { batchSize: 12, callbacks: [hooks, { onTrainEnd: () => hear("over") }] });
  });
  expect(heard).toHaveLength((2 * SAMPLES) / 12 + 1);
});

it.each(["onTrainBegin", "onEpochEnd", "onTrainBatchEnd"] as const)(
  "fit rejects with the error that %s throws",
  async (hook) => {
    const remote = await offload(seededModel());
    const mine = new Error("mine");
    let calls = 0;
    const failing = {
      [hook]: () => {
        if (calls++ === 1 || hook === "onTrainBegin") throw mine;
      },
    };
    await expect(remote.fit(x, y, { ...RUN, callbacks: [failing] })).rejects.toBe(mine);
    // As here, the epochs that ended before; the worker does not wait for hooks of batches, and may have gone on.
    const { epoch } = remote.history as callbacks.History;
    const ended = { onTrainBegin: [], onEpochEnd: [0], onTrainBatchEnd: [0, 1, 2, 3].slice(0, epoch.length) };
    expect(epoch).toEqual(ended[hook]);
    const { history } = remote;
    await expect(remote.fit(x, [1], RUN)).rejects.toMatchObject({ name: "ValueError" });
    expect(remote.history).toBe(history);
    const last = await remote.fit(x, y, RUN);
    expect(last.epoch).toHaveLength(4);
    await expect(remote.fit(x, [1], RUN)).rejects.toMatchObject({ name: "ValueError" });
    expect(remote.history).toBe(last);
    await remote.dispose();
  },
);

it("stopTraining ends a run, from a hook or from other code", async () => {
  const remote = await offload(seededModel());
  const stop: callbacks.CallbackHooks = {
    onEpochEnd(epoch) {
      remote.stopTraining = epoch === 1;
    },
  };
  expect((await remote.fit(x, y, { ...RUN, callbacks: [stop] })).epoch).toEqual([0, 1]);
  const running = remote.fit(x, y, { epochs: 1e6 });
  remote.stopTraining = true;
  expect((await running).epoch.length).toBeLessThan(1e6);
  await remote.dispose();
});

it("a signal ends a run with its own reason, before and while it runs", async () => {
  const remote = await offload(seededModel());
  const reason = new RangeError("enough");
  await expect(remote.fit(x, y, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const control = new AbortController();
  const callback = { onEpochEnd: (epoch: number) => epoch === 3 && control.abort(reason) } as callbacks.CallbackHooks;
  await expect(remote.fit(x, y, { epochs: 1e6, signal: control.signal, callbacks: [callback] })).rejects.toBe(reason);
  const silent = new AbortController();
  const running = remote.fit(x, y, { epochs: 1e6, signal: silent.signal });
  silent.abort();
  await expect(running).rejects.toMatchObject({ name: "AbortError" });
  expect(await remote.evaluate(x, y)).toHaveLength(2);
  await remote.dispose();
});

it("the model can be asked while it trains, in a hook as well", async () => {
  const remote = await offload(seededModel());
  const seen: number[] = [];
  const asking = {
    async onEpochEnd() {
      seen.push((await remote.getWeights()).length);
    },
  };
  await Promise.all([remote.fit(x, y, { ...RUN, callbacks: [asking] }), remote.predict(x)]);
  expect(seen).toEqual([4, 4, 4, 4]);
  await remote.dispose();
});

it("the progress bar is drawn on this thread", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const { process } = globalThis as { process?: { stdout?: { write(text: string): boolean } } };
  const write = process?.stdout && vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  try {
    const remote = await offload(seededModel());
    await remote.fit(x, y, { epochs: 2, verbose: 2 });
    const printed = [...(write?.mock.calls ?? []), ...log.mock.calls].join("\n");
    expect(printed).toMatch(/Epoch 1\/2[\s\S]*Epoch 2\/2[\s\S]*mae/);
    await remote.dispose();
  } finally {
    log.mockRestore();
    write?.mockRestore();
  }
});
