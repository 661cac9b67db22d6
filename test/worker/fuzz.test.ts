/**
 * Random calls and random messages, in random orders: every promise settles, each refusal has a code, and the remote
 * answers afterwards.
 */

import * as fc from "fast-check";
import { layers, Sequential } from "gradstep";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";
import { startWorker } from "./platform.js";

type Remote = Awaited<ReturnType<typeof offload>>;
interface Posting {
  postMessage(message: unknown): void;
}

const compiled = () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
};

const mine = Object.assign(new Error("mine"), { code: "ERR_MINE" });
const fail = () => {
  throw mine;
};
const QUIET = { verbose: 0 } as const;
const x = () => new Float32Array([1, 2]);
const detached = () => {
  const array = x();
  structuredClone(null, { transfer: [array.buffer] });
  return array;
};
const aborted = () => ({ ...QUIET, signal: AbortSignal.abort(mine) });
const batches = function* () {
  yield [[[1]], [[1]]] as const;
  yield [[[2]], [[2]]] as const;
};
const abortsLater = () => {
  const controller = new AbortController();
  return { ...QUIET, signal: controller.signal, callbacks: [{ onTrainBatchEnd: () => controller.abort(mine) }] };
};

const CALLS: readonly ((remote: Remote, odd: unknown) => Promise<unknown>)[] = [
  (remote) => remote.fit(x(), x(), QUIET),
  (remote) => remote.fit(batches, undefined, QUIET),
  (remote) => remote.fit(x(), x(), { ...QUIET, callbacks: [{ onEpochEnd: fail }] }),
  (remote) => remote.fit(x(), x(), { ...QUIET, callbacks: [{ onTrainBatchBegin: async () => fail() }] }),
  (remote) => remote.fit(fail, undefined, QUIET),
  (remote) => remote.fit(x(), x(), aborted()),
  (remote) => remote.fit(x(), x(), abortsLater()),
  (remote) => remote.fit(detached(), x(), QUIET),
  (remote) => remote.predict(x()),
  (remote) => remote.predict(detached()),
  (remote) => remote.evaluate(x(), x(), QUIET),
  (remote) => remote.evaluate(batches, undefined, { ...QUIET, callbacks: [{ onTestEnd: fail }] }),
  (remote) => remote.trainOnBatch(x(), x()),
  (remote) => remote.getWeights(),
  (remote, odd) => remote.setWeights(odd as never),
  (remote, odd) => remote.setWeights([{ data: x(), shape: [1, 1], dtype: "float32", odd }] as never),
  (remote, odd) => remote.fit(odd as never, x(), QUIET),
  (remote, odd) => remote.fit((() => [odd]) as never, undefined, QUIET),
  (remote, odd) => remote.trainOnBatch(x(), x(), { classWeight: odd } as never),
  (remote, odd) =>
    remote.fit(x(), x(), { ...QUIET, callbacks: [{ onEpochEnd: (_, logs) => void Object.assign(logs, { odd }) }] }),
];

/** Values that no caller should pass. */
const odd = fc.oneof(
  fc.anything(),
  fc.constantFrom<unknown>(
    () => {},
    Symbol("s"),
    1n,
    null,
    undefined,
    new Proxy({}, {}),
    new WeakMap(),
    Promise.resolve(),
    new Error("e"),
  ),
);

const fields = fc.record(
  {
    id: fc.oneof(fc.constant("1"), fc.anything()),
    type: fc.constantFrom<unknown>(
      "GET",
      "SET",
      "APPLY",
      "CONSTRUCT",
      "ENDPOINT",
      "RELEASE",
      "RAW",
      "HANDLER",
      1,
      null,
    ),
    path: fc.oneof(fc.constant(["call"]), fc.anything()),
    argumentList: fc.oneof(
      fc.anything(),
      fc.array(fc.record({ type: fc.constantFrom("RAW", "HANDLER"), value: fc.anything() })),
    ),
    name: fc.constantFrom("throw", "proxy", 1),
    value: fc.anything(),
  },
  { requiredKeys: [] },
);
const message = fc.oneof(fc.anything(), fields, fc.record({ gradstep: fc.oneof(fc.anything(), fields) }));

const action = fc.oneof(
  fc.record({ call: fc.nat(CALLS.length - 1), odd, waits: fc.boolean() }),
  fc.record({ message }),
);

async function opened(): Promise<{ remote: Remote; worker: Posting }> {
  let worker: Posting | undefined;
  const createWorker = (url: URL) => {
    const made = startWorker(url);
    worker = made as unknown as Posting;
    return made;
  };
  return { remote: await offload(compiled(), { createWorker }), worker: worker as unknown as Posting };
}

const RUNS = 150;

it(`${RUNS} random programs of calls and messages`, async () => {
  const { remote, worker } = await opened();
  const tried = { calls: 0, messages: 0, refused: 0 };
  const program = async (
    actions: readonly ({ call: number; odd: unknown; waits: boolean } | { message: unknown })[],
  ) => {
    const running: Promise<unknown>[] = [];
    for (const step of actions) {
      if ("message" in step) {
        tried.messages++;
        try {
          worker.postMessage(step.message);
        } catch {
          // It cannot be cloned.
        }
        continue;
      }
      tried.calls++;
      const call = CALLS[step.call] as (typeof CALLS)[number];
      const ended = call(remote, step.odd).then(
        () => undefined,
        (error: { code?: unknown }) => {
          tried.refused++;
          return error;
        },
      );
      running.push(ended);
      if (step.waits) await ended;
    }
    for (const error of await Promise.all(running)) {
      if (error !== undefined) expect(error).toHaveProperty("code", expect.stringMatching(/^ERR_/));
    }
    expect(await remote.predict([[1]])).toHaveProperty("shape", [1, 1]);
  };
  await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 8 }), program), { numRuns: RUNS, seed: 10 });
  await remote.dispose();
  console.log(
    `worker fuzz: ${tried.calls} calls, of which ${tried.refused} were refused, and ${tried.messages} messages`,
  );
  expect(tried.calls).toBeGreaterThan(RUNS);
});

it("calls that a dispose meets at any moment reject or resolve", async () => {
  for (let moment = 0; moment < 6; moment++) {
    const { remote } = await opened();
    const running = Promise.allSettled(CALLS.map((call) => call(remote, {})));
    for (let turn = 0; turn < moment * 3; turn++) await new Promise<void>((resolve) => queueMicrotask(resolve));
    await Promise.all([remote.dispose(), remote.dispose()]);
    const ends = await Promise.allSettled([running, remote.fit(x(), x(), QUIET), remote.getWeights()]);
    expect(ends.at(-1)).toMatchObject({ status: "rejected", reason: { code: "ERR_DISPOSED" } });
  }
});
