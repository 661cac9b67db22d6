/** Messages that are not ours leave nothing pending, and what cannot be sent is refused: in both directions. */

import { callbacks, layers, Sequential, SGD, Variable } from "gradstep";
import { type CreateWorker, connect, offload, RemoteOptimizer } from "gradstep/worker";
import { expect, it } from "vitest";
import { toWire } from "../../ts/worker/data/errors-on-the-wire.js";
import { startWorker, workerOf } from "./platform.js";

const compiled = () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
};
type Remote = Awaited<ReturnType<typeof offload>>;
interface Posting {
  postMessage(message: unknown): void;
}

/** A remote model whose worker the test may post to. */
async function opened(): Promise<{ remote: Remote; worker: Posting }> {
  let worker: Posting | undefined;
  const remote = await offload(compiled(), {
    createWorker: (url) => {
      const made = startWorker(url);
      worker = made as unknown as Posting;
      return made;
    },
  });
  return { remote, worker: worker as unknown as Posting };
}

const isUsable = async (remote: Remote) => {
  expect(await remote.predict([[1]])).toHaveProperty("shape", [1, 1]);
};

const raw = (value: unknown) => ({ type: "RAW", value });
const call = (fields: object) => ({
  gradstep: { id: "1", type: "APPLY", path: ["call"], argumentList: [], ...fields },
});

/** Messages from other code: comlink's, other libraries', and ours with fields of wrong types. */
const STRANGE: readonly unknown[] = [
  { id: "1", type: "RELEASE" },
  { id: "1", type: "RELEASE", path: [] },
  { id: "1", type: "GET", path: ["call"] },
  { id: "1", type: "APPLY", path: ["call"], argumentList: [raw("fit"), raw(null)] },
  { id: "1", type: "APPLY", path: ["call"], argumentList: 5 },
  { id: "1", type: "CONSTRUCT", path: 7 },
  { id: "1", type: "ENDPOINT" },
  { id: "1", type: "SET", path: ["call"], value: raw(1) },
  ...[null, undefined, 0, 1, "", "text", true, 1n, [], [1], {}, { data: 1 }, { source: "devtools" }, new Map([[1, 2]])],
  new Float32Array(3),
  ...[null, 1, "text", [], {}].map((gradstep) => ({ gradstep })),
  ...["RELEASE", "GET", "SET", "ENDPOINT", "CONSTRUCT", 5, null].map((type) => call({ type })),
  ...[[], ["call", "x"], ["__proto__"], ["constructor"], 5, null, "call"].map((path) => call({ path })),
  ...[5, null, {}, [5], [{ type: "HANDLER", name: "proxy", value: 1 }], [{ type: "HANDLER", name: "x" }]].map(
    (argumentList) => call({ argumentList }),
  ),
  ...[null, 5, {}].map((id) => call({ id })),
  ...[
    [],
    [raw("nothing")],
    [raw("__proto__")],
    [raw("fit"), raw(null)],
    [raw("fit"), raw({})],
    [raw("step"), raw({})],
  ].map((argumentList) => call({ argumentList })),
];

it(`a worker that gets any of ${STRANGE.length} strange messages, before, during and after a call, continues`, async () => {
  const { remote, worker } = await opened();
  for (const message of STRANGE) {
    worker.postMessage(message);
    const posting = {
      onTrainBatchEnd: () => worker.postMessage(message),
    };
    const { history } = await remote.fit([[1], [2]], [[1], [2]], { batchSize: 1, verbose: 0, callbacks: [posting] });
    expect(history.loss).toHaveLength(1);
  }
  await isUsable(remote);
  await remote.dispose();
});

it("a page that gets any of them from its worker continues", async () => {
  const create: CreateWorker = (url) =>
    workerOf(`
      import { layers, ops, Sequential } from ${JSON.stringify(new URL("../index.js", url).href)};
      import { expose } from ${JSON.stringify(new URL("./index.js", url).href)};
      const port = globalThis.process === undefined || globalThis.Deno !== undefined || globalThis.Bun !== undefined
        ? globalThis : process.getBuiltinModule("node:worker_threads").parentPort;
      const post = () => {
        for (const message of [null, 1, "text", [1], { id: "1" }, { id: "1", type: "RELEASE" }, { gradstep: null },
          { gradstep: { id: "1", type: "RAW", value: 1 } }, { gradstep: { id: 1 } }, { gradstep: { id: "1", type: "HANDLER" } },
          { gradstep: { id: "1", type: "HANDLER", name: "throw", value: null } }]) port.postMessage(message);
      };
      class Posting extends layers.Layer {
        static className = "Posting";
        call(x) { post(); return x; }
      }
      const model = new Sequential([new Posting({ inputShape: [1] }), new layers.Dense(1)]);
      model.compile({ optimizer: "sgd", loss: "mse" });
      post();
      expose({ model });
      post();`);
  const remote = await connect(create);
  expect((await remote.fit([[1]], [[1]], { epochs: 3, verbose: 0 })).history.loss).toHaveLength(3);
  await isUsable(remote);
  await remote.dispose();
});

const cyclic: Record<string, unknown> = { on() {} };
cyclic.self = cyclic;
const UNSENDABLE: Readonly<Record<string, unknown>> = {
  "a function": () => {},
  "a symbol": Symbol("mine"),
  "a proxy": new Proxy({}, {}),
  "a promise": Promise.resolve(),
  "a weak map": new WeakMap(),
  "a cycle with a function in it": cyclic,
  "an object with a function": { on() {} },
  "a getter that throws": {
    get field() {
      throw new Error("mine");
    },
  },
};

it.each(Object.entries(UNSENDABLE))(
  "%s is refused wherever it is given, and the remote continues",
  async (_, value) => {
    const { remote } = await opened();
    const optimizer = await RemoteOptimizer.create(new SGD(), [new Variable([1], { name: "w" })]);
    const odd = { data: new Float32Array(1), shape: [1, 1], dtype: "float32", more: value } as never;
    const calls: readonly (() => Promise<unknown>)[] = [
      () => remote.setWeights([odd]),
      () => remote.setWeights(value as never),
      () => remote.trainOnBatch([[1]], [[1]], { classWeight: value } as never),
      () => remote.fit([[1]], [[1]], { verbose: 0, classWeight: { 0: value } } as never),
      () => optimizer.setLearningRate(value as never),
      () => optimizer.setWeights([odd]),
      () =>
        remote.fit([[1]], [[1]], {
          verbose: 0,
          callbacks: [{ onEpochEnd: (_, logs) => void Object.assign(logs, { mine: value }) }],
        }),
      () => remote.fit((() => [value]) as never, undefined, { verbose: 0 }),
      () => remote.predict((() => [[value]]) as never),
    ];
    for (const run of calls) {
      const end = await run().then(
        () => "done",
        (error: { code?: string; message: string }) => error.code ?? error.message,
      );
      // A getter's own error is the caller's; what is merely ignored, or refused as no number, is fine.
      expect(end).toMatch(/^(done|mine|ERR_[A-Z_]+)$/);
      await isUsable(remote);
    }
    await remote.dispose();
    await optimizer.dispose();
  },
);

it("values that a callback adds to its logs must be cloneable", async () => {
  const { remote } = await opened();
  const callback = { onEpochEnd: (_: number, logs: object) => void Object.assign(logs, { mine: () => {} }) };
  await expect(remote.fit([[1]], [[1]], { verbose: 0, callbacks: [callback] })).rejects.toMatchObject({
    name: "TypeError",
    code: "ERR_NOT_SENDABLE",
    cause: { name: "DataCloneError" },
  });
  await expect(remote.setWeights((() => {}) as never)).rejects.toMatchObject({ code: "ERR_NOT_SENDABLE" });
  await remote.dispose();
});

it("an array that was given away is refused the second time", async () => {
  const remote = await offload(compiled(), { transfer: true });
  const x = new Float32Array([1, 2]);
  const y = new Float32Array([1, 2]);
  await remote.fit(x, y, { verbose: 0 });
  const fresh = () => new Float32Array([1, 2]);
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    x: () => remote.fit(x, fresh(), { verbose: 0 }),
    y: () => remote.fit(fresh(), y, { verbose: 0 }),
    sampleWeight: () => remote.fit(fresh(), fresh(), { verbose: 0, sampleWeight: y }),
    validationData: () => remote.fit(fresh(), fresh(), { verbose: 0, validationData: [x, y] }),
    evaluate: () => remote.evaluate(x, y, { verbose: 0 }),
    predict: () => remote.predict(x),
    trainOnBatch: () => remote.trainOnBatch(x, y),
    setWeights: () => remote.setWeights([{ data: x, shape: [1, 1], dtype: "float32" }]),
    "a generator's batch": () =>
      remote.fit(
        function* () {
          yield [x, y] as const;
        },
        undefined,
        { verbose: 0 },
      ),
  };
  for (const [name, run] of Object.entries(calls)) {
    await expect(run(), name).rejects.toMatchObject({ code: "ERR_VALUES_DETACHED" });
    await isUsable(remote);
  }
  await remote.dispose();
});

it("errors that cannot be described cross too", () => {
  const hostile = Object.defineProperty(new Error("mine"), "message", {
    get() {
      throw new Error("never");
    },
  });
  const odd = Object.assign(new Error("mine"), { name: Symbol("x"), stack: () => {}, code: () => {} });
  const things = [
    hostile,
    odd,
    new Error("cause", { cause: () => {} }),
    Object.create(null),
    Symbol("s"),
    1n,
    undefined,
    new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error("never");
        },
      },
    ),
  ];
  for (const thrown of things) expect(typeof structuredClone(toWire(thrown)).message).toBe("string");
});

it("two fits of one remote model, the first of which changes the rate", async () => {
  const { remote } = await opened();
  const rates: number[] = [];
  class Rates extends callbacks.Callback {
    readonly #set: number | undefined;
    constructor(set?: number) {
      super();
      this.#set = set;
    }
    override onEpochBegin(): void {
      const { optimizer } = this.model;
      if (optimizer === null) return;
      rates.push(optimizer.learningRate);
      if (this.#set !== undefined) optimizer.learningRate = this.#set;
    }
  }
  await remote.fit([[1]], [[1]], { verbose: 0, epochs: 2, callbacks: [new Rates(0.25)] });
  await remote.fit([[1]], [[1]], { verbose: 0, callbacks: [new Rates()] });
  // From the default .01: kernel 0, then gradients of -2 (1 - w) at the rate .25 in each of the three epochs.
  expect(rates).toEqual([Math.fround(0.01), 0.25, 0.25]);
  expect((await remote.getWeights())[0]?.data).toEqual(new Float32Array([0.875]));
  await remote.dispose();
});
