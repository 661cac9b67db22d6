/**
 * One built-in callback in runs of two models at once: each run would overwrite the other's state and model. It is refused
 * before anything is trained, and can be used again afterwards.
 */

import { describe, expect, it } from "vitest";
import { callbacks, layers, Sequential, SGD } from "../../ts/index.js";
import { BackupAndRestore, ModelCheckpoint, RemoteMonitor, TensorBoard } from "../../ts/saving/index.js";

const QUIET = { verbose: 0, epochs: 3 } as const;
const [x, y] = [[[1]], [[2]]];
const BUSY = expect.objectContaining({ name: "ValueError", code: "ERR_BUSY" });

function linear() {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros" })]);
  model.compile({ optimizer: new SGD({ useEma: true }), loss: "mse" });
  return model;
}

const made: Record<string, () => callbacks.Callback> = {
  EarlyStopping: () => new callbacks.EarlyStopping({ monitor: "loss", patience: 9 }),
  ReduceLROnPlateau: () => new callbacks.ReduceLROnPlateau({ monitor: "loss" }),
  ModelCheckpoint: () => new callbacks.ModelCheckpoint(() => {}, { monitor: "loss" }),
  CSVLogger: () => new callbacks.CSVLogger(() => {}),
  History: () => new callbacks.History(),
  LearningRateScheduler: () => new callbacks.LearningRateScheduler((_, rate) => rate),
  SwapEMAWeights: () => new callbacks.SwapEMAWeights(),
  TerminateOnNaN: () => new callbacks.TerminateOnNaN(),
  ProgressBar: () => new callbacks.ProgressBar(),
};

/** Classes that write files, used here without a hook. */
const ofFiles = { BackupAndRestore, ModelCheckpoint, RemoteMonitor, TensorBoard };

describe("in two models", () => {
  it.each(Object.entries(made))("%s", async (name, make) => {
    const shared = make();
    const [first, second] = [linear(), linear()];
    const running = first.fit(x, y, { ...QUIET, callbacks: [shared] });
    await expect(second.fit(x, y, { ...QUIET, callbacks: [shared] })).rejects.toThrow(BUSY);
    await expect(second.evaluate(x, y, { verbose: 0, callbacks: [shared] })).rejects.toThrow(BUSY);
    await expect(second.predict(x, { callbacks: [shared] })).rejects.toThrow(BUSY);
    expect(second.optimizer?.iterations).toBe(0);
    expect((shared as { model: unknown }).model).toBe(first);
    await running;
    const { epoch } = await second.fit(x, y, { ...QUIET, callbacks: [shared] });
    expect([name, epoch]).toEqual([name, [0, 1, 2]]);
  });

  // Browsers cannot make them.
  it.each(Object.entries(ofFiles))("%s of files", (_, made) => {
    const declaring = (at: object): object =>
      Object.hasOwn(at, "statefulName") ? at : declaring(Object.getPrototypeOf(at));
    expect(declaring(made.prototype)).not.toBe(callbacks.Callback.prototype);
  });

  it("custom callbacks, and LambdaCallback, may be shared", async () => {
    let count = 0;
    const counting = { onEpochEnd: () => void count++ };
    class Own extends callbacks.Callback {
      override onEpochEnd() {
        count++;
      }
    }
    const all = [counting, new Own(), new callbacks.LambdaCallback(counting)];
    await Promise.all([linear(), linear()].map((model) => model.fit(x, y, { ...QUIET, callbacks: all })));
    expect(count).toBe(18);
  });

  it("a subclass of a built-in one may not", async () => {
    class Own extends callbacks.EarlyStopping {}
    const shared = new Own({ monitor: "loss" });
    const running = linear().fit(x, y, { ...QUIET, callbacks: [shared] });
    await expect(linear().fit(x, y, { ...QUIET, callbacks: [shared] })).rejects.toThrow(BUSY);
    await running;
  });
});

it("evaluate of the same model inside of fit may use it", async () => {
  const model = linear();
  const shared = new callbacks.SwapEMAWeights();
  const scores: unknown[] = [];
  const inside = {
    onEpochEnd: async () => void scores.push(await model.evaluate(x, y, { verbose: 0, callbacks: [shared] })),
  };
  await model.fit(x, y, { ...QUIET, callbacks: [shared, inside] });
  expect(scores.length).toBe(3);
});

it("another run may use it after one that failed, was refused or aborted", async () => {
  const shared = made.EarlyStopping!();
  const failing = {
    onEpochBegin: () => {
      throw new RangeError("no");
    },
  };
  const model = linear();
  await expect(model.fit(x, y, { ...QUIET, callbacks: [shared, failing] })).rejects.toThrow(RangeError);
  await expect(model.fit(x, [["a"]] as never, { ...QUIET, callbacks: [shared] })).rejects.toThrow(TypeError);
  const signal = AbortSignal.abort();
  await expect(model.fit(x, y, { ...QUIET, callbacks: [shared], signal })).rejects.toThrow();
  await linear().fit(x, y, { ...QUIET, callbacks: [shared] });
});
