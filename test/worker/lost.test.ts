/** Whatever becomes of a worker, every promise settles. */

import { DisposedError, layers, Sequential, SGD, type Tensor, Variable, WorkerLostError } from "gradstep";
import {
  type CreateWorker,
  connect,
  offload,
  type RemoteModel,
  RemoteOptimizer,
  type WorkerLike,
} from "gradstep/worker";
import { expect, it } from "vitest";
import { thrown } from "../support/refusal.js";
import { held } from "./killing.js";
import { isNode, startWorker, workerOf } from "./platform.js";
import { bits, seededModel, x, y } from "./training.js";

it("the error tells the last iteration, and a fresh worker continues from the last weights", async () => {
  const { createWorker, kill } = held();
  const remote = await offload(seededModel(), { createWorker });
  await remote.fit(x, y, { epochs: 2, batchSize: 32 });
  const weights = await remote.getWeights();
  const hooks = { onEpochEnd: (epoch: number) => (epoch === 1 ? kill() : undefined) };
  const error = await remote.fit(x, y, { epochs: 1e6, batchSize: 32, callbacks: [hooks] }).catch((error) => error);
  expect(error).toBeInstanceOf(WorkerLostError);
  expect(error.lastIteration).toBe(12);
  // Node says with what code the thread ended.
  expect(error.message).toBe(
    `The worker is lost: ${isNode ? "it ended, with exit code 1" : "it was terminated"}. The last iteration known is 12. A new worker can continue from the last weights that it returned.`,
  );
  const fresh = await offload(seededModel());
  await fresh.setWeights(weights);
  await fresh.fit(x, y);
  expect(bits(await fresh.getWeights())).not.toEqual(bits(weights));
  await Promise.all([fresh.dispose(), remote.dispose()]);
});

it("a worker that does not start, or is not gradstep's, is lost with the reason", async () => {
  // Node's message. Browsers have different messages, with less about scripts that did not load.
  const starts: [CreateWorker, RegExp][] = [
    [
      () => startWorker(new URL("./there-is-no-such-file.js", import.meta.url)),
      /^Cannot find module '.*js'( imported from .*)?$/,
    ],
    [() => workerOf("throw new RangeError('at the start');"), /^at the start$/],
    [() => workerOf("throw 'a text';"), /^a text$/],
    [() => workerOf("this is not JavaScript"), /^Unexpected identifier 'is'$/],
  ];
  for (const [createWorker, why] of starts) {
    const error = await offload(seededModel(), { createWorker }).catch((error) => error);
    expect(error).toBeInstanceOf(WorkerLostError);
    const [, reason = ""] = /^The worker is lost: (.*)\.$/s.exec(error.message) ?? [];
    if (isNode) expect(reason.replace(/^it failed: /, "")).toMatch(why);
    expect(reason).toMatch(isNode ? /^it failed: / : /^(it failed: .|its script could not be loaded$)/);
  }
  const mine = new Error("no worker today");
  const refusing = () => {
    throw mine;
  };
  await expect(offload(seededModel(), { createWorker: refusing })).rejects.toBe(mine);
  await expect(offload(seededModel(), { createWorker: () => ({}) as WorkerLike })).rejects.toThrow(
    thrown(
      "TypeError",
      "ERR_OPTION_TYPE",
      `createWorker must return a Worker${isNode ? " of node:worker_threads" : ""}, got an object (Object).`,
    ),
  );
  await expect(offload(seededModel(), { createWorker: false as never })).rejects.toThrow(
    thrown("TypeError", "ERR_OPTION_TYPE", 'offload: "createWorker" must be a function (url) => Worker, got false.'),
  );
  await expect(connect((url) => startWorker(url))).rejects.toMatchObject({ code: "ERR_NOT_BUILT" });
});

it("a worker whose script calls no expose: the error has the cure", async () => {
  const createWorker = () => workerOf("if (globalThis.close) close(); else process.exit(0);");
  await expect(offload(seededModel(), { createWorker })).rejects.toMatchObject({
    code: "ERR_WORKER_LOST",
    message: expect.stringMatching(
      /^The worker is lost: it (ended|was terminated|did not answer)[^.]*\. Its script must call expose\(\) of "gradstep\/worker" before its first await\.$/,
    ),
  });
});

/** Whether a getter stands for a name of another library: it throws, or returns a function that throws. */
function isCure(get: () => unknown): boolean {
  try {
    const value = get.call(new SGD());
    if (typeof value === "function") value();
    return false;
  } catch (error) {
    return (error as { code?: string }).code === "ERR_NOT_IMPLEMENTED";
  }
}

it("every public member of an optimizer has its counterpart in RemoteOptimizer", () => {
  const members = (made: { prototype: object }): string[] => {
    const names = new Set<string>();
    for (let at = made.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
      for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
        if (get === undefined || !isCure(get)) names.add(name);
      }
    }
    return [...names];
  };
  /** By other names, since they ask the worker. */
  const asked: Record<string, string> = {
    learningRate: "getLearningRate",
    variables: "getWeights",
    weights: "getWeights",
  };
  /** Members used before the optimizer is sent, or by custom loops, whose weights are local. */
  const local = ["build", "built", "getConfig", "className", "excludeFromWeightDecay", "clipGradients", "minimize"];
  local.push("scaleLoss", "finalizeVariableValues", "trainMode", "evalMode", "update", "updateStep", "constructor");
  // Of Keras's base, for custom classes.
  local.push("assign", "assignAdd", "assignSub", "addVariable", "addVariableFromReference", "addOptimizerVariables");
  const internal = [
    "calls",
    "rate",
    "own",
    "base",
    "progress",
    "checkSelf",
    "checkLive",
    "checkUnbuilt",
    "checkUpdate",
  ];
  internal.push("averageModes", "busy", "clips", "decayExclusions", "evaluates", "followers", "gradstepCopy");
  internal.push(
    "holdsOthers",
    "keepsAverages",
    "saved",
    "secondSide",
    "decayFactor",
    "showsAverages",
    "soleRate",
    "trained",
  );
  internal.push("unbuild", "updateAlone", "__v_skip", "toJSON");
  const remote = members(RemoteOptimizer);
  const missing = members(SGD)
    .filter((name) => !local.includes(name) && !internal.includes(name))
    .filter((name) => !remote.includes(asked[name] ?? name));
  expect(missing).toEqual([]);
  expect(remote).toContain("skippedSteps");
});

it("skipped steps are counted here too", async () => {
  const optimizer = new SGD({ learningRate: 1, skipNonfinite: true });
  const remote = await RemoteOptimizer.create(optimizer, [new Variable([1])]);
  expect(remote.skippedSteps).toBe(0);
  await remote.apply([[Number.NaN]]);
  await remote.apply([[1]]);
  expect([remote.skippedSteps, remote.iterations]).toEqual([1, 1]);
  await remote.dispose();
});

/** Ends of a worker, outside of any call, when it receives `"now"`; with the messages of Node and of other hosts. */
const ends: [code: string, node: RegExp, others: RegExp][] = [
  ["throw new RangeError('later');", /^it failed: later$/, /^it failed: .*later/],
  ["Promise.reject(new RangeError('later'));", /^it failed: later$/, /^it failed: .*later/],
  [
    "if (globalThis.close) close(); else process.exit(3);",
    /^it ended, with exit code 3$/,
    /^(it ended, with exit code 0|it was terminated)$/,
  ],
];

it.each(ends)("lost by %s", async (code, node, others) => {
  let worker: WorkerLike | undefined;
  const createWorker: CreateWorker = (url) => {
    worker = workerOf(`
      import ${JSON.stringify(url.href)};
      const port = globalThis.process?.getBuiltinModule?.("node:worker_threads").parentPort ?? globalThis;
      port.addEventListener("message", ({ data }) => { if (data === "now") { ${code} } });`);
    return worker;
  };
  const remote = await offload(seededModel(), { createWorker });
  const running = remote.fit(x, y, { epochs: 1e6 });
  worker?.postMessage("now" as never);
  const error = await running.catch((error) => error);
  expect(error).toMatchObject({ name: "WorkerLostError", code: "ERR_WORKER_LOST" });
  const [, reason] =
    /^The worker is lost: (.*?)\.( The last iteration known is \d+\. A fresh .*)?$/s.exec(error.message) ?? [];
  expect(reason).toMatch(isNode ? node : others);
  await remote.dispose();
});

it("dispose rejects pending and later calls", async () => {
  const remote = await offload(seededModel());
  const running = remote.fit(x, y, { epochs: 1e6 });
  const ending = remote.dispose();
  await expect(running).rejects.toBeInstanceOf(DisposedError);
  await ending;
  await remote.dispose();
  await expect(remote.getWeights()).rejects.toMatchObject({ code: "ERR_DISPOSED" });
});

it("await using disposes", async () => {
  let kept: RemoteModel;
  {
    await using remote = await offload(seededModel());
    kept = remote;
    await remote.trainOnBatch(x, y);
  }
  await expect(kept.getWeights()).rejects.toMatchObject({ code: "ERR_DISPOSED" });
});

it("a model that cannot be sent is refused before a worker starts", async () => {
  const createWorker = () => {
    throw new Error("started");
  };
  const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
  await expect(offload(model, { createWorker })).rejects.toMatchObject({ code: "ERR_NOT_COMPILED" });
  const nameless = [(_: unknown, yPred: unknown) => yPred as Tensor<"float32">];
  model.compile({ loss: nameless[0] as (typeof nameless)[0] });
  await expect(offload(model, { createWorker })).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
  // Our own worker cannot know a function of this file.
  model.compile({
    loss: function unknownThere(_, yPred) {
      return yPred;
    },
  });
  await expect(offload(model)).rejects.toMatchObject({
    code: "ERR_CONFIG_UNKNOWN_CLASS",
    message:
      'No function is called "unknownThere", as a loss: pass it in customObjects, as { unknownThere: ... }. A worker knows only what its script exposes: pass createWorker, with a script that calls expose({ customObjects }).',
  });
  await expect(offload({} as Sequential)).rejects.toMatchObject({ code: "ERR_OPTION_TYPE" });
});
