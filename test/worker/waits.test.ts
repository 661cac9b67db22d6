/** No wait without end: an abort, a failure and a closed worker end whatever a run in a worker waits for. */

import { layers, Sequential } from "gradstep";
import { offload } from "gradstep/worker";
import { afterAll, beforeAll, expect, it } from "vitest";

const compiled = () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
};
type Remote = Awaited<ReturnType<typeof offload>>;

let remote: Remote;
beforeAll(async () => {
  remote = await offload(compiled());
});
afterAll(() => remote.dispose());

/** Says that it is reached, and waits without end. */
const stuck = (reached: () => void) => {
  reached();
  return never();
};
const never = () => new Promise<never>(() => {});
/** The remote answers, and has its own numbers still. */
const isUsable = async () => {
  expect(await remote.predict([[1]])).toHaveProperty("shape", [1, 1]);
};

/** Things that a run waits for; `reached` is called once it waits. */
const WAITS: Readonly<Record<string, (reached: () => void, signal: AbortSignal, model: Remote) => Promise<unknown>>> = {
  "a generator's batch": (reached, signal, model) =>
    model.fit(
      async function* () {
        yield [[[1]], [[1]]] as const;
        reached();
        await never();
      },
      undefined,
      { signal, verbose: 0 },
    ),
  "an iterator's batch in evaluate": (reached, signal, model) =>
    model.evaluate({ [Symbol.asyncIterator]: () => ({ next: () => stuck(reached) }) } as never, undefined, {
      signal,
      verbose: 0,
    }),
  "validation data": (reached, signal, model) =>
    model.fit([[1]], [[1]], {
      signal,
      verbose: 0,
      validationData: (async function* () {
        reached();
        await never();
        yield [[[1]], [[1]]] as const;
      })(),
    }),
  ...Object.fromEntries(
    (["onTrainBegin", "onEpochBegin", "onTrainBatchBegin", "onTrainBatchEnd", "onEpochEnd", "onTrainEnd"] as const).map(
      (hook) => [
        `a promise of ${hook}`,
        (reached: () => void, signal: AbortSignal, model: Remote) =>
          model.fit([[1]], [[1]], { signal, verbose: 0, callbacks: [{ [hook]: () => stuck(reached) }] }),
      ],
    ),
  ),
};

it.each(Object.entries(WAITS))("an abort ends a wait for %s", async (_, run) => {
  const controller = new AbortController();
  const reason = new Error("enough");
  await expect(run(() => controller.abort(reason), controller.signal, remote)).rejects.toBe(reason);
  await isUsable();
});

it.each(Object.entries(WAITS))("an abort before the call ends it: %s", async (_, run) => {
  const reason = new Error("enough");
  await expect(run(() => {}, AbortSignal.abort(reason), remote)).rejects.toBe(reason);
  await isUsable();
});

it.each(Object.entries(WAITS))("dispose ends a wait for %s", async (_, run) => {
  const own = await offload(compiled());
  const running = run(() => void own.dispose(), new AbortController().signal, own);
  await expect(running).rejects.toMatchObject({ code: "ERR_DISPOSED" });
});

/** A generator object, which says whether it was closed. */
function source() {
  const seen = { isClosed: false };
  const batches = (function* () {
    try {
      for (;;) yield [[[1]], [[1]]] as const;
    } finally {
      seen.isClosed = true;
    }
  })();
  return { seen, batches };
}

it("a generator object is closed when a callback throws, here and there", async () => {
  for (const model of [compiled(), remote]) {
    const { seen, batches } = source();
    const mine = new Error("mine");
    const callbacks = [
      {
        onTrainBatchEnd() {
          throw mine;
        },
      },
    ];
    await expect(model.fit(batches, undefined, { callbacks, stepsPerEpoch: 3, verbose: 0 })).rejects.toBe(mine);
    expect(seen).toEqual({ isClosed: true });
  }
  await isUsable();
});

it.each(["onTrainBegin", "onEpochBegin"])(
  "a generator object is closed when %s throws, before the first batch",
  async (hook) => {
    const failing = [
      {
        [hook]: () => {
          throw new Error("mine");
        },
      },
    ];
    for (const model of [compiled(), remote]) {
      const [training, validation] = [source(), source()];
      for (const { batches } of [training, validation]) batches.next();
      const options = { callbacks: failing, validationData: validation.batches as never, validationSteps: 1 };
      await expect(model.fit(training.batches, undefined, { ...options, verbose: 0 })).rejects.toThrow("mine");
      expect([training.seen, validation.seen]).toEqual([{ isClosed: true }, { isClosed: true }]);
    }
    await isUsable();
  },
);

it("a generator object is closed by an abort and by a stop, and stays open after a completed run", async () => {
  for (const model of [compiled(), remote]) {
    const controller = new AbortController();
    const stop = () => {
      model.stopTraining = true;
    };
    const ends = [
      // It ends before a batch is requested.
      { isClosed: true, options: { signal: AbortSignal.abort() } },
      {
        isClosed: true,
        options: { signal: controller.signal, callbacks: [{ onTrainBatchEnd: () => controller.abort() }] },
      },
      { isClosed: true, options: { callbacks: [{ onEpochEnd: stop }], epochs: 2 } },
      { isClosed: false, options: {} },
    ];
    for (const { isClosed, options } of ends) {
      const { batches } = source();
      await model.fit(batches, undefined, { stepsPerEpoch: 100, verbose: 0, ...options }).catch(() => {});
      // A generator that never ran has nothing to clean up: the test checks it directly.
      expect((await batches.next()).done).toBe(isClosed);
    }
  }
});

it("a function's generators are all closed", async () => {
  for (const model of [compiled(), remote]) {
    const made: { isClosed: boolean }[] = [];
    const stream = () => {
      const { seen, batches } = source();
      made.push(seen);
      return batches;
    };
    await model.fit(stream, undefined, { stepsPerEpoch: 2, epochs: 2, verbose: 0 });
    expect(made).toEqual([{ isClosed: true }, { isClosed: true }]);
  }
});
