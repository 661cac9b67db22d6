/**
 * Refusals of workers, and calls refused before anything is sent to one: ts/worker/. The worker's side runs on this
 * thread, unless a row needs a worker.
 * Over 300 lines: a table, of one row for each fault.
 */

import { wrap } from "comlink";
import { MirroredStrategy } from "../../ts/distribute/index.js";
import { callbacks, layers, type Operand, Sequential, SGD, Variable } from "../../ts/index.js";
import { fromWire } from "../../ts/worker/data/errors-on-the-wire.js";
import { applyState, stateOf } from "../../ts/worker/data/model-state.js";
import { Packing } from "../../ts/worker/data/packing.js";
import type { Methods, Served } from "../../ts/worker/data/protocol.js";
import { callingEnd } from "../../ts/worker/hosts/sealed.js";
import { connect, expose, offload, type RemoteModel, RemoteOptimizer } from "../../ts/worker/index.js";
import { localHandle } from "../../ts/worker/local-handle.js";
import { argsOf } from "../../ts/worker/offload.js";
import { AnsweringPort, AskingPort } from "../../ts/worker/question-ports.js";
import { held } from "../worker/killing.js";
import { isNode, workerOf } from "../worker/platform.js";
import { compiled, linear } from "./linear.js";
import type { Rows } from "./row.js";

/** Asks a service on this thread. */
const asked = (name: string, args: unknown) => async () => {
  const handle = localHandle();
  try {
    const served = wrap(callingEnd(handle.endpoint, () => {}) as never) as unknown as Served;
    const reply = await served.call(name as keyof Methods, args);
    if (!reply.ok) throw fromWire(reply.error);
  } finally {
    await handle.terminate();
  }
};

/** Does something with a remote model, and ends its worker. */
const remotely = (use: (remote: RemoteModel) => Promise<unknown>) => async () => {
  await using remote = await offload(compiled());
  await use(remote);
};

/** The same with the optimizer of one variable of two elements. */
const optimizing = (use: (remote: RemoteOptimizer) => Promise<unknown>) => async () => {
  await using remote = await RemoteOptimizer.create(new SGD({ name: "sgd" }), [new Variable([1, 2], { name: "w" })]);
  await use(remote);
};

/** Connects to a worker that answers each message with this, in which `id` is the message's. */
const answering = (answer: string) => () =>
  connect(() =>
    workerOf(`
      const port = globalThis.process?.getBuiltinModule?.("node:worker_threads").parentPort ?? globalThis;
      const answer = ({ id }) => (${answer});
      port.addEventListener("message", ({ data }) => port.postMessage({ gradstep: answer(data.gradstep) }));
      port.start?.();`),
  );

/** Trains with a callback, and uses the model that it was given afterwards. */
const afterwards = (callback: callbacks.Callback, use: (model: callbacks.CallbackModel) => unknown) =>
  remotely(async (remote) => {
    await remote.fit([[1]], [[1]], { verbose: 0, callbacks: [callback] });
    use(callback.model);
  });

class Listening extends callbacks.Callback {
  override onTrainEnd(): void {}
}

class Doubling extends layers.Layer {
  static override readonly className: string = "Doubling";
  override call(inputs: Operand): never {
    return inputs as never;
  }
}

/** A model with a layer that only this thread has. */
function custom(): Sequential {
  const model = new Sequential([new Doubling({ inputShape: [1] } as never)], { name: "model" });
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
}

function distributed(): Sequential {
  const model = linear();
  model.compile({ optimizer: "sgd", loss: "mse", distribute: new MirroredStrategy({ replicas: 2 }) });
  return model;
}

/** The engine's message when a function is posted. */
function uncloned(value: unknown): string {
  const { port1 } = new MessageChannel();
  try {
    port1.postMessage(value);
    return "";
  } catch (error) {
    return (error as Error).message.replace(/\.$/, "");
  } finally {
    port1.close();
  }
}

const STAY =
  "Functions, symbols, proxies and objects of the platform stay on their thread: use numbers, strings, and plain objects and arrays of them.";
const fn = () => {};
const UNCLONED = uncloned({ fn });

export const calls: Rows = [
  [() => offload(1 as never), "TypeError", "ERR_OPTION_TYPE", "offload takes a model, got 1."],
  [
    () => offload(linear()),
    "ValueError",
    "ERR_NOT_COMPILED",
    "model: call compile({ optimizer, loss }) before offload.",
  ],
  [
    () => offload(distributed()),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'model: a model that is compiled with "distribute" trains in workers already, or is one of several replicas. Call its own fit.',
  ],
  [
    () => offload(compiled(), { worker: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'offload does not know "worker" (did you mean "createWorker"?). Its options are: createWorker, transfer, threads, relaxed.',
  ],
  [
    () => offload(compiled(), { threads: "many" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'offload: "threads" must be a whole number from 1 to 32, or "auto", got "many".',
  ],
  [
    () => offload(compiled(), { threads: 33 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'offload: "threads" must be a whole number from 1 to 32, or "auto", got 33.',
  ],
  [
    () => offload(compiled(), { transfer: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'offload: "transfer" must be true or false, got 1.',
  ],
  [
    () => offload(compiled(), { createWorker: false as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'offload: "createWorker" must be a function (url) => Worker, got false.',
  ],
  [
    () => connect("worker.js" as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'connect: "createWorker" must be a function (url) => Worker, got "worker.js".',
  ],
  [
    () => connect(fn as never, { createWorker: fn } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'connect does not know "createWorker". Its options are: transfer.',
  ],
  [
    () => connect(fn as never, { transfer: "yes" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'connect: "transfer" must be true or false, got "yes".',
  ],
  [() => expose({ model: 1 as never }), "TypeError", "ERR_OPTION_TYPE", 'expose: "model" must be a model, got 1.'],
  [
    () => expose({ models: [] } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'expose does not know "models" (did you mean "model"?). Its options are: model, customObjects, customLayers, customOptimizers.',
  ],
  [
    () => RemoteOptimizer.create(new SGD(), [], { transfer: true } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'RemoteOptimizer does not know "transfer". Its options are: createWorker, sharedMemory, customObjects.',
  ],
  [
    () => RemoteOptimizer.create(new SGD(), [], { sharedMemory: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'RemoteOptimizer: "sharedMemory" must be true or false, got 1.',
  ],
  [
    () => RemoteOptimizer.create(new SGD(), [], { customObjects: [SGD] as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    "RemoteOptimizer: customObjects must be an object of classes and functions by name, got an array of 1.",
  ],
  [
    () => RemoteOptimizer.create(new SGD(), 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'RemoteOptimizer: "variables" must be a list, got 1.',
  ],
];

export const services: Rows = [
  [asked("nothing", null), "ModuleError", "ERR_INTERNAL", 'A worker was asked for "nothing".'],
  [asked("toString", null), "ModuleError", "ERR_INTERNAL", 'A worker was asked for "toString".'],
  [
    asked("hello", { protocol: "gradstep 0" }),
    "ValueError",
    "ERR_MODULE_CONFLICT",
    'The worker\'s gradstep has the protocol "gradstep 1", the page\'s has "gradstep 0". Use one version for both.',
  ],
  [
    () => applyState(new Sequential([], { name: "model" }), { ...stateOf(compiled()), shapes: null }),
    "ValueError",
    "ERR_NOT_BUILT",
    "model is not built, but layers in it are: their weights cannot be sent without it. Call the model on a batch, or its build(inputShape), first.",
  ],
  ...["ownModel", "getWeights", "getModelState"].map(
    (name) =>
      [
        asked(name, null),
        "ValueError",
        "ERR_NOT_BUILT",
        "This worker has no model: its script must call expose({ model }).",
      ] as const,
  ),
  ...["getState", "getVariables", "getLearningRate"].map(
    (name) => [asked(name, null), "ValueError", "ERR_NOT_BUILT", "This worker has no optimizer."] as const,
  ),
  [
    async () => asked("makeModel", argsOf("offload", custom()))(),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    'No layer is registered as "Doubling": pass its class in customObjects, under this name or as "Doubling". A worker knows only what its script exposes: pass createWorker, with a script that calls expose({ customObjects }).',
  ],
];

/** Ends the worker, and then makes a number of calls. */
const killed = (count: number) => async () => {
  const { createWorker, kill } = held();
  const remote = await offload(compiled(), { createWorker });
  kill();
  for (let call = 1; call < count; call++) await remote.getWeights().catch(() => {});
  await remote.getWeights();
};

export const lost: Rows = [
  [
    async () => {
      const remote = await offload(compiled());
      await remote.dispose();
      await remote.getWeights();
    },
    "DisposedError",
    "ERR_DISPOSED",
    "This worker was disposed of. Offload the model again.",
  ],
  ...[1, 2].map(
    (count) =>
      [
        killed(count),
        "WorkerLostError",
        "ERR_WORKER_LOST",
        `The worker is lost: ${isNode ? "it ended, with exit code 1" : "it was terminated"}.`,
      ] as const,
  ),
  [
    answering('{ id, type: "RAW", value: 1 }'),
    "ModuleError",
    "ERR_INTERNAL",
    'The worker\'s answer to "hello" is not a message of gradstep.',
  ],
  [
    answering('"unreadable"'),
    "TypeError",
    "ERR_NOT_SENDABLE",
    `A message to the worker cannot be sent between threads: it could not be read there. ${STAY}`,
  ],
  [
    remotely((remote) => remote.trainOnBatch([[1]], [[1]], { classWeight: { fn } as never })),
    "TypeError",
    "ERR_NOT_SENDABLE",
    // Browsers say to what it was posted.
    `The arguments of trainOnBatch, or its result, cannot be sent between threads: ${UNCLONED.replace("MessagePort", "Worker")}. ${STAY}`,
  ],
  [
    remotely((remote) => remote.predict([[1, 2]])),
    "ValueError",
    "ERR_SHAPE",
    'predict: "x" must have the shape samples x 1, got 1 x 2.',
  ],
];

export const optimizers: Rows = [
  [
    optimizing((remote) => remote.apply([])),
    "ValueError",
    "ERR_GRADIENT_COUNT",
    "sgd: expected 1 gradients, one for each variable, got 0.",
  ],
  [
    optimizing((remote) => remote.apply([[1]])),
    "ValueError",
    "ERR_GRADIENT_SHAPE",
    'Cannot apply gradients to "w": expected 2 values, got 1.',
  ],
  [
    optimizing((remote) => remote.applyGradients([[[1], new Variable([1], { name: "v" })]])),
    "ValueError",
    "ERR_VARIABLE_UNKNOWN",
    'sgd: "v" is not a variable of the optimizer.',
  ],
];

export const hooks: Rows = [
  [
    // This one asks for no weights.
    afterwards(new callbacks.TerminateOnNaN(), (model) => model.getWeights()),
    "ValueError",
    "ERR_NOT_BUILT",
    "model: getWeights is for callbacks' own hooks: elsewhere, await the remote model's getWeights().",
  ],
  [
    afterwards(new Listening(), (model) => model.setWeights([[[1]]])),
    "ValueError",
    "ERR_NOT_BUILT",
    "model: setWeights is for callbacks' own hooks: elsewhere, await the remote model's setWeights().",
  ],
];

/** Sends a request over a port whose other end returns this answer. */
const overPort =
  (answer: () => unknown, question: object = { kind: "open", source: 0 }) =>
  async () => {
    const far = new AnsweringPort(async () => ({ answer: await answer() }));
    const asking = new AskingPort(far.far, () => {});
    try {
      await asking.ask(question as never);
      // The caller has the original error; the worker has a copy.
      if (far.failure !== undefined) throw far.failure.error;
    } finally {
      asking.close();
      far.close();
    }
  };

/** Asks over a port that this becomes. */
const onPort = (happens: (port: MessagePort) => void) => async () => {
  const { port1, port2 } = new MessageChannel();
  const asking = new AskingPort(port1, () => {});
  try {
    const asked = asking.ask({ kind: "open", source: 0 });
    happens(port1);
    await asked;
  } finally {
    asking.close();
    port2.close();
  }
};

export const lines: Rows = [
  [
    overPort(() => compiled().fit([[1]], [[1]], { epochs: -1 })),
    "ValueError",
    "ERR_OPTION_RANGE",
    'fit: "epochs" must be a whole number, 0 or above, got -1.',
  ],
  [
    overPort(() => 1, { kind: "hook", logs: { fn } }),
    "TypeError",
    "ERR_NOT_SENDABLE",
    `The numbers for a callback cannot be sent between threads: ${UNCLONED}. ${STAY}`,
  ],
  [
    overPort(() => ({ fn })),
    "TypeError",
    "ERR_NOT_SENDABLE",
    `A callback's change to its logs, or a batch, cannot be sent between threads: ${UNCLONED}. ${STAY}`,
  ],
  [
    onPort((port) => port.onmessageerror?.({} as never)),
    "TypeError",
    "ERR_NOT_SENDABLE",
    `An answer from the main thread cannot be sent between threads: it could not be read. ${STAY}`,
  ],
];

/** Packs for `fit` of two inputs. */
const packed = (name: string, given: unknown) => () => new Packing("fit", false).data(name, given, 2);
const weights =
  (...given: unknown[]) =>
  () =>
    new Packing("setWeights", false).weights(given as never);

/** Longer than what is copied at once. */
const LARGE = 2 ** 18;

export const data: Rows = [
  [
    packed("x", "text"),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'fit: "x": expected numbers (a typed array, a tensor, or nested lists), got "text". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
  ],
  [
    packed("x", { a: [1], b: "text" }),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'fit: "x" for "b": expected numbers (a typed array, a tensor, or nested lists), got "text". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
  ],
  [
    packed("y", [[1], "text"]),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'fit: "y"[1]: expected numbers (a typed array, a tensor, or nested lists), got "text". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
  ],
  [
    packed("y", [[1], [[1], [1, 2]]]),
    "ValueError",
    "ERR_VALUES_SHAPE",
    'fit: "y"[1]: nested arrays must have the same length along each axis: the first entries make the shape 2 x 1, others differ.',
  ],
  [
    packed("sampleWeight", [1, "text"]),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'fit: "sampleWeight": expected numbers, got "text". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
  ],
  [
    weights([1], "text"),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'setWeights: entry 1: expected numbers (a typed array, a tensor, or nested lists), got "text". Replace text with numbers first: a name of a class with its index, such as names.indexOf(name).',
  ],
  [
    async () => {
      const packing = new Packing("fit", false);
      const x = new Float32Array(LARGE);
      packing.data("x", x, 1);
      structuredClone(x, { transfer: [x.buffer] });
      await packing.finish(() => false);
    },
    "ValueError",
    "ERR_VALUES_DETACHED",
    "fit: an array of 262144 values was transferred, for instance to another worker, while it was being copied.",
  ],
  [
    async () => {
      const packing = new Packing("fit", false);
      const x = Array.from({ length: LARGE }, () => [1]);
      packing.data("x", x, 1);
      for (const row of x) row.push(3);
      await packing.finish(() => false);
    },
    "ValueError",
    "ERR_VALUES_SHAPE",
    'fit: "x": nested arrays must have the same length along each axis: the first entries make the shape 262144 x 1, others differ.',
  ],
];
