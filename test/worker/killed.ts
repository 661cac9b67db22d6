/**
 * A worker that is killed at any moment of any call leaves no promise behind: for kills.test.ts, and many-kills.test.ts.
 *
 * @module
 */

import { callbacks, SGD, Variable, WorkerLostError } from "gradstep";
import { offload, type RemoteModel, RemoteOptimizer } from "gradstep/worker";
import { describe, expect, it } from "vitest";
import { Random } from "../support/random.js";
import { held } from "./killing.js";
import { turns } from "./platform.js";
import { batches, seededModel, x, y } from "./training.js";

/** Some are killed at a time. */
const AT_ONCE = 5;
/** Turns of the event loop: a few calls, or the middle of a long one. */
const MOST_TURNS = 40;

const once = { epochs: 1, batchSize: 32 } as const;
const listening = (hooks: object): callbacks.Callback => Object.assign(new callbacks.Callback(), hooks);

const ofModels: Record<string, (remote: RemoteModel) => Promise<unknown>> = {
  fit: (remote) => remote.fit(x, y, once),
  "a long fit": (remote) => remote.fit(x, y, { epochs: 1e6 }),
  "fit with hooks": (remote) => remote.fit(x, y, { ...once, callbacks: [{ onTrainBatchEnd() {}, onEpochEnd() {} }] }),
  "fit with a callback that is waited for": (remote) =>
    remote.fit(x, y, { ...once, callbacks: [listening({ onTrainBatchEnd: () => turns(1) })] }),
  "fit from a generator": (remote) => remote.fit(() => batches(32), undefined, once),
  evaluate: (remote) => remote.evaluate(x, y),
  predict: (remote) => remote.predict(x),
  trainOnBatch: (remote) => remote.trainOnBatch(x, y),
  testOnBatch: (remote) => remote.testOnBatch(x, y),
  predictOnBatch: (remote) => remote.predictOnBatch(x),
  getWeights: (remote) => remote.getWeights(),
  setWeights: (remote) => remote.setWeights([new Float32Array(48), new Float32Array(8), new Float32Array(8), [1]]),
};

const w = new Variable([1, 2], { name: "w" });
const ofOptimizers: Record<string, (remote: RemoteOptimizer) => Promise<unknown>> = {
  apply: (remote) => remote.apply(remote.gradients),
  applyGradients: (remote) => remote.applyGradients([[[1, 2], w]]),
  getVariables: (remote) => remote.getVariables(),
  setVariables: (remote) => remote.setVariables([[3, 4]]),
  "getWeights of the optimizer": (remote) => remote.getWeights(),
  "setWeights of the optimizer": (remote) => remote.setWeights([3]),
  getLearningRate: (remote) => remote.getLearningRate(),
  setLearningRate: (remote) => remote.setLearningRate(0.5),
};

/** Calls it, over and over, until the worker is gone. @returns what the last call rejected with */
async function untilLost(call: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      await call();
    } catch (error) {
      return error;
    }
  }
}

/** That many trials, each with another moment. */
async function trials(
  kills: number,
  seed: string,
  trial: (moment: number, index: number) => Promise<void>,
): Promise<void> {
  const random = new Random(seed.length * 7919 + seed.charCodeAt(0));
  const moments = Array.from({ length: kills }, () => random.integer() % MOST_TURNS);
  for (let at = 0; at < kills; at += AT_ONCE) {
    await Promise.all(moments.slice(at, at + AT_ONCE).map((moment, i) => trial(moment, at + i)));
  }
}

/** Declares the tests, in which each call is killed at `kills` moments. */
export const testKills = (kills: number) =>
  describe(`killed at ${kills} moments`, () => {
    it.each(Object.entries(ofModels))("%s", async (name, call) => {
      await trials(kills, name, async (moment) => {
        const { createWorker, kill } = held();
        const remote = await offload(seededModel(), { createWorker });
        const lost = untilLost(() => call(remote));
        await turns(moment);
        kill();
        expect(await lost).toBeInstanceOf(WorkerLostError);
        await expect(call(remote)).rejects.toMatchObject({ code: "ERR_WORKER_LOST" });
        await remote.dispose();
      });
    });

    it.each(Object.entries(ofOptimizers))("%s", async (name, call) => {
      await trials(kills, name, async (moment, i) => {
        const { createWorker, kill } = held();
        const options = { createWorker, sharedMemory: i % 2 === 0 };
        const remote = await RemoteOptimizer.create(new SGD(), [w], options);
        const lost = untilLost(() => call(remote));
        await turns(moment);
        kill();
        expect(await lost).toBeInstanceOf(WorkerLostError);
        await expect(call(remote)).rejects.toMatchObject({ code: "ERR_WORKER_LOST" });
        await remote.dispose();
      });
    });

    it.each([
      ["offload", (createWorker: ReturnType<typeof held>["createWorker"]) => offload(seededModel(), { createWorker })],
      [
        "RemoteOptimizer.create",
        (createWorker: ReturnType<typeof held>["createWorker"]) =>
          RemoteOptimizer.create(new SGD(), [w], { createWorker }),
      ],
    ] as const)("%s", async (name, start) => {
      let lost = 0;
      await trials(kills, name, async (moment) => {
        const { createWorker, kill } = held();
        const starting: Promise<RemoteModel | RemoteOptimizer> = start(createWorker);
        starting.catch(() => {});
        // The start of a worker takes longer than a call.
        await turns(moment * 8);
        kill();
        const [outcome] = await Promise.allSettled([starting]);
        if (outcome.status === "fulfilled") await outcome.value.dispose();
        else {
          expect(outcome.reason).toBeInstanceOf(WorkerLostError);
          lost++;
        }
      });
      expect(lost).toBeGreaterThan(0);
    });
  });
