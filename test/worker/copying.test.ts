/** Data that are too large to be copied at once: what arrives, in which order, and what can happen meanwhile. */

import { DisposedError, layers, Sequential, SGD, setRandomSeed, tensor, Variable } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload, RemoteOptimizer } from "gradstep/worker";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Copying } from "../../ts/worker/data/copying.js";
import { thrown } from "../support/refusal.js";

const ROWS = 2000;
const FEATURES = 100;
const RUN = { batchSize: 500, epochs: 2, verbose: 0 } as const;
const large = Float32Array.from({ length: ROWS * FEATURES }, (_, i) => ((i * 7) % 23) / 11 - 1);
const labels = Int32Array.from({ length: ROWS }, (_, i) => (i * 5) % 3);
const nested = Array.from({ length: ROWS }, (_, row) => [...large.subarray(row * FEATURES, (row + 1) * FEATURES)]);

function seeded(): Sequential {
  setRandomSeed(7);
  const model = new Sequential([new layers.Dense(3, { activation: "softmax", inputShape: [FEATURES] })]);
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy" });
  return model;
}

const withRemote = async (body: (remote: Awaited<ReturnType<typeof offload>>) => Promise<void>) => {
  const remote = await offload(seeded());
  try {
    await body(remote);
  } finally {
    await remote.dispose();
  }
};

describe("large data", () => {
  it.each([
    ["a typed array", () => large],
    ["nested numbers", () => nested],
    ["a tensor", () => tensor(nested)],
    ["batches", () => [[large, labels]]],
  ])("arrive as they are: %s", async (kind, data) => {
    const y = kind === "batches" ? undefined : labels;
    const here = await seeded().fit(data() as never, y, RUN);
    await withRemote(async (remote) => {
      const there = await remote.fit(data() as never, y, RUN);
      expect(there.history).toEqual(here.history);
    });
    expect([large.length, labels.length]).toEqual([ROWS * FEATURES, ROWS]);
  });

  it("are refused if they are not numbers, even far from the start", async () => {
    const ragged = [...nested.slice(0, -1), [1, 2]];
    await withRemote(async (remote) => {
      await expect(remote.fit(ragged, labels, RUN)).rejects.toMatchObject({ code: "ERR_VALUES_SHAPE" });
      expect((await remote.fit(nested, labels, RUN)).epoch).toHaveLength(2);
    });
  });

  it("go out in the order of the calls, small ones behind them too", async () => {
    await withRemote(async (remote) => {
      const weights = (await remote.getWeights()).map(({ data }) => data.map((_, i) => i));
      const set = remote.setWeights(weights);
      // So long that it runs when the second comes, however fast the worker is.
      const first = remote.fit(large, labels, { ...RUN, epochs: 1e6 });
      const second = remote.fit(large.subarray(0, FEATURES), labels.subarray(0, 1));
      await set;
      await expect(second).rejects.toMatchObject({ code: "ERR_BUSY" });
      remote.stopTraining = true;
      expect((await first).epoch).not.toEqual([]);
      const big = new Sequential([new layers.Dense(2000, { inputShape: [FEATURES] })]);
      big.compile({ optimizer: "sgd", loss: "mse" });
      const other = await offload(big);
      const ones = big.getWeights().map(({ data }) => data.map(() => 1));
      const setting = other.setWeights(ones);
      const got = await other.getWeights();
      await setting;
      expect(got.every(({ data }) => data.every((value) => value === 1))).toBe(true);
      await other.dispose();
    });
  });
});

it("large data arrive at replicas as they are", async () => {
  const here = await seeded().fit(large, labels, RUN);
  await using distribute = new MirroredStrategy({ replicas: 2 });
  const runs = [];
  for (const [data, y] of [
    [large, labels],
    [nested, labels],
    [() => [[large, labels]], undefined],
  ] as const) {
    const model = seeded();
    const loss = "sparse_categorical_crossentropy";
    model.compile({ optimizer: "adam", loss, distribute });
    runs.push((await model.fit(data as never, y, RUN)).history.loss as number[]);
  }
  const [typed, lists, batches] = runs as [number[], number[], number[]];
  expect(lists).toEqual(typed);
  expect(typed[1]).toBeCloseTo(here.history.loss?.[1] as number, 5);
  expect(batches).toHaveLength(2);
  expect(batches[0]).toBeGreaterThan(typed[1] as number);
});

it("large variables and state of a remote optimizer arrive whole, before the step behind them", async () => {
  const size = 200_000;
  const [start, momentum] = [1, 2].map((factor) => Float32Array.from({ length: size }, (_, i) => (i % 5) * factor));
  const gradient = new Float32Array(size).fill(0.5);
  const local = new Variable(start as Float32Array, { name: "w" });
  const optimizer = new SGD({ learningRate: 0.1, momentum: 0.9 });
  optimizer.build([local]);
  optimizer.setWeights([3, momentum as Float32Array]);
  const unset = new Variable(new Float32Array(size), { name: "w" });
  const remote = await RemoteOptimizer.create(new SGD({ learningRate: 0.1, momentum: 0.9 }), [unset]);
  const setting = [remote.setVariables([start as Float32Array]), remote.setWeights([3, momentum as Float32Array])];
  const stepped = remote.apply([gradient]);
  await Promise.all(setting);
  optimizer.apply([gradient], [local]);
  expect((await stepped)[0]?.slice()).toEqual(local.array());
  expect(remote.iterations).toBe(4);
  await remote.dispose();
});

describe("while large data are copied", () => {
  beforeEach(() => {
    // A pause before each piece.
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      now += 10;
      return now;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("a signal ends the call, and the next one continues", async () => {
    await withRemote(async (remote) => {
      const abort = new AbortController();
      const running = remote.fit(large, labels, { ...RUN, signal: abort.signal });
      abort.abort(new RangeError("mine"));
      await expect(running).rejects.toThrow(expect.objectContaining({ name: "RangeError", message: "mine" }));
      expect(remote.lastIteration).toBe(0);
      expect((await remote.fit(large, labels, RUN)).epoch).toHaveLength(2);
    });
  });

  it("stopTraining counts", async () => {
    await withRemote(async (remote) => {
      const running = remote.fit(large, labels, { ...RUN, epochs: 1000 });
      remote.stopTraining = true;
      // It ends when the order is heard of: not before the first epoch, nor after all.
      expect((await running).epoch.length).toBeLessThan(1000);
    });
  });

  it("dispose rejects the call", async () => {
    await withRemote(async (remote) => {
      const running = remote.fit(large, labels, RUN);
      const refused = expect(running).rejects.toThrow(DisposedError);
      await remote.dispose();
      await refused;
    });
  });

  it("an array that is given away is missed", async () => {
    await withRemote(async (remote) => {
      const given = large.slice();
      const running = remote.fit(given, labels, RUN);
      structuredClone(null, { transfer: [given.buffer] });
      await expect(running).rejects.toThrow(
        thrown(
          "ValueError",
          "ERR_VALUES_DETACHED",
          "fit: an array of 200000 values was transferred, for instance to another worker, while it was being copied.",
        ),
      );
      expect((await remote.fit(large, labels, RUN)).epoch).toHaveLength(2);
    });
  });
});

describe("copies in pieces", () => {
  it("are done at once up to a size, then with a pause whenever some milliseconds have gone", async () => {
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    try {
      const copying = new Copying();
      const pieces: [number, number][] = [];
      const copy = (begin: number, end: number) => {
        pieces.push([begin, end]);
        now += 3;
      };
      copying.add(1000, 100, copy);
      expect(pieces).toEqual([[0, 1000]]);
      copying.add(5000, 100, copy);
      expect(pieces).toHaveLength(1);
      let pauses = 0;
      await copying.finish(() => {
        pauses++;
        return false;
      });
      expect(pieces.slice(1)).toEqual([
        [0, 1310],
        [1310, 2620],
        [2620, 3930],
        [3930, 5000],
      ]);
      // After two pieces, which take 6 ms here.
      expect(pauses).toBe(1);
    } finally {
      clock.mockRestore();
    }
  });

  it("are cancelled if they are not needed, and not awaited if there are none", async () => {
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => {
      now += 10;
      return now;
    });
    try {
      const copying = new Copying();
      expect(copying.finish(() => true)).toBeUndefined();
      const copy = vi.fn();
      copying.add(10 ** 6, 1, copy);
      await copying.finish(() => true);
      expect(copy).not.toHaveBeenCalled();
    } finally {
      clock.mockRestore();
    }
  });
});
