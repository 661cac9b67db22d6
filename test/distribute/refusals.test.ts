/** Refusals of fit on replicas, and workers that die. */

import { callbacks, DisposedError, ReplicaError, type Values, WorkerLostError } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload, type WorkerLike } from "gradstep/worker";
import { afterAll, describe, expect, it } from "vitest";
import { thrown } from "../support/refusal.js";
import { startWorker } from "../worker/platform.js";
import { COUNT, classifier, FIT, numbers, x, y } from "./models.js";

const two = new MirroredStrategy({ replicas: 2, verify: true });
afterAll(() => two.close());

describe("errors", () => {
  it("a replica that refuses its part: its error, and nothing is changed on any", async () => {
    const model = classifier({ distribute: two });
    const before = numbers(model);
    const bad = y.slice();
    bad[COUNT - 1] = 7;
    const fit = model.fit(x, bad, { batchSize: COUNT, shuffle: false, verbose: 0 });
    await expect(fit).rejects.toMatchObject({
      name: "ValueError",
      message: 'fit: "y": label 7 at sample 96 is out of range: there are 3 classes, counted from 0 to 2.',
    });
    expect(numbers(model)).toEqual(before);
    expect(model.optimizer?.iterations).toBe(0);
    await model.fit(x, y, FIT);
  });

  it("a bad label in a later batch, or in validation data: nothing is trained", async () => {
    const model = classifier({ distribute: two });
    const before = numbers(model);
    const bad = y.slice();
    bad[COUNT - 1] = 7;
    const options = { batchSize: 4, shuffle: false, verbose: 0 } as const;
    for (const [labels, validationData] of [[bad], [y, [x, bad] as const]] as const) {
      await expect(model.fit(x, labels, { ...options, validationData })).rejects.toMatchObject({
        code: "ERR_INDEX_RANGE",
      });
    }
    expect(numbers(model)).toEqual(before);
    expect(model.optimizer?.iterations).toBe(0);
  });

  it("data of another width: nothing is trained", async () => {
    const model = classifier({ distribute: two });
    const before = numbers(model);
    const wide = Array.from({ length: COUNT }, () => Array<number>(x.length / COUNT + 1).fill(0.5));
    const options = { batchSize: 4, shuffle: false, verbose: 0 } as const;
    const calls = [
      () => model.fit(x, y, { ...options, validationData: [wide, y] }),
      () => model.fit(x, y, { ...options, validationData: [[wide, y]] }),
      () =>
        model.fit(
          [
            [x, y],
            [wide, y],
          ],
          undefined,
          options,
        ),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "ERR_SHAPE" });
    expect(numbers(model)).toEqual(before);
    expect(model.optimizer?.iterations).toBe(0);
  });

  it("data and options that fit refuses anyway", async () => {
    const model = classifier({ distribute: two });
    await expect(model.fit(x, y, { epochs: -1 })).rejects.toMatchObject({ code: "ERR_OPTION_RANGE" });
    await expect(model.fit("text" as unknown as Values, y)).rejects.toMatchObject({ name: "TypeError" });
    await expect(model.fit(x, y.slice(1), { verbose: 0 })).rejects.toMatchObject({ name: "ValueError" });
    const shared = { ...FIT, callbacks: [new callbacks.EarlyStopping({ monitor: "loss" })] };
    const running = model.fit(x, y, shared);
    await expect(model.fit(x, y, FIT)).rejects.toMatchObject({ code: "ERR_BUSY" });
    const local = classifier({});
    await expect(local.fit(x, y, shared)).rejects.toMatchObject({ code: "ERR_BUSY" });
    // It follows the first one, so both may use the callback.
    const following = classifier({ distribute: two }).fit(x, y, shared);
    await running;
    await following;
    await local.fit(x, y, shared);
  });

  it("a worker that dies: WorkerLostError, and the next fit starts new ones", async () => {
    const workers: WorkerLike[] = [];
    const createWorker = (url: URL) => {
      const worker = startWorker(url);
      workers.push(worker);
      return worker;
    };
    const strategy = new MirroredStrategy({ replicas: 3, createWorker });
    const model = classifier({ distribute: strategy });
    for (const victim of [1, 0]) {
      workers.length = 0;
      const killing = { onEpochEnd: (epoch: number) => void (epoch === 1 && workers[victim]?.terminate()) };
      const fit = model.fit(x, y, { ...FIT, epochs: 1e6, callbacks: [killing] });
      await expect(fit).rejects.toBeInstanceOf(WorkerLostError);
    }
    await model.fit(x, y, FIT);
    await strategy.close();
    await strategy.close();
    await expect(model.fit(x, y, FIT)).rejects.toMatchObject({ code: "ERR_DISPOSED" });
  });

  it("close ends a fit that runs", async () => {
    const strategy = new MirroredStrategy({ replicas: 2 });
    const model = classifier({ distribute: strategy });
    const closing = { onEpochEnd: () => void strategy.close() };
    await expect(model.fit(x, y, { ...FIT, epochs: 1e6, callbacks: [closing] })).rejects.toBeInstanceOf(DisposedError);
  });

  it("refusals of compile, offload and the strategy", async () => {
    expect(() => classifier({ distribute: 2 as never })).toThrow(
      thrown(
        "TypeError",
        "ERR_OPTION_TYPE",
        'compile: "distribute" must be a strategy, such as new MirroredStrategy({ replicas: 2 }), or a ReplicaGroup, got 2.',
      ),
    );
    expect(() => new MirroredStrategy(2 as never)).toThrow(
      thrown(
        "TypeError",
        "ERR_OPTION_TYPE",
        "MirroredStrategy takes one object with options, such as { replicas: ... }, got 2.",
      ),
    );
    expect(() => new MirroredStrategy({ replicas: 0 })).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_RANGE",
        'MirroredStrategy: "replicas" must be a whole number, 1 or above, got 0.',
      ),
    );
    expect(() => new MirroredStrategy({ replicas: 1.5 })).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_RANGE",
        'MirroredStrategy: "replicas" must be a whole number, 1 or above, got 1.5.',
      ),
    );
    expect(() => new MirroredStrategy({ replicas: 2, workers: 3 })).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_RANGE",
        'MirroredStrategy: "workers" must be at most the number of replicas, 2, got 3.',
      ),
    );
    expect(() => new MirroredStrategy({ replicas: 2, devices: 1 } as never)).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_UNKNOWN",
        'MirroredStrategy does not know "devices". Its options are: replicas, workers, threads, relaxed, verify, timeout, createWorker.',
      ),
    );
    const model = classifier({ distribute: two });
    await expect(offload(model)).rejects.toMatchObject({ code: "ERR_OPTION_CONFLICT" });
    expect(new MirroredStrategy({ replicas: 2 }).numReplicasInSync).toBe(2);
    expect(new ReplicaError("ERR_REPLICA_DRIFT", "drifted", 1)).toMatchObject({ name: "ReplicaError", replica: 1 });
  });
});
