/**
 * Import it before a suite, and the models of that suite train, evaluate and predict in a worker. What they are
 * afterwards, weights, optimizer's state and random generators, is brought home.
 *
 * Models that cannot be sent, such as those with functions for losses, stay here; so do calls while `fit` runs, which
 * a model refuses.
 *
 * @module
 */

import { callbacks, type FitOptions, Model } from "../../../ts/index.js";
import { placedCompileOptions } from "../../../ts/models/compile-options.js";
import type { Client } from "../../../ts/worker/client.js";
import { applyState, movable } from "../../../ts/worker/data/model-state.js";
import { argsOf } from "../../../ts/worker/offload.js";
import { RemoteModel } from "../../../ts/worker/remote-model.js";
import { workers } from "./worker.js";

/** Calls that went to a worker, by name. */
export const sent: Record<string, number> = {};

const fitting = new WeakSet<Model>();

/** Does something with a copy of the model in a worker. */
async function away<T>(name: string, model: Model, work: (remote: RemoteModel) => Promise<T>): Promise<T> {
  const args = argsOf(name, model);
  const client: Client = await workers.take();
  try {
    const remote = new RemoteModel(client, await client.call("makeModel", args, movable(args.state)), false);
    sent[name] = (sent[name] ?? 0) + 1;
    model.whenStopped(() => {
      remote.stopTraining = true;
    });
    try {
      return await work(remote);
    } finally {
      model.whenStopped(undefined);
      applyState(model, await client.call("getModelState", null));
    }
  } finally {
    workers.giveBack(client);
  }
}

/** Plain objects, which training in a worker does not wait for, as callbacks, which it does. */
function closely(hooks: callbacks.CallbackHooks): callbacks.CallbackHooks {
  const isPlain = typeof hooks === "object" && hooks !== null && !(hooks instanceof callbacks.Callback);
  return isPlain ? Object.assign(new callbacks.Callback(), hooks) : hooks;
}

/** For `compile`: trains there. */
const strategy = {
  async fit(model: Model, x: never, y: never, options: FitOptions) {
    fitting.add(model);
    model.stopTraining = false;
    try {
      return await away("fit", model, (remote) => {
        const running = remote.fit(x, y, { ...options, callbacks: [options.callbacks ?? []].flat().map(closely) });
        // It was requested before there was a run to stop.
        if (model.stopTraining) remote.stopTraining = true;
        return running;
      });
    } finally {
      fitting.delete(model);
    }
  },
};

function maySend(model: Model): boolean {
  if (model.optimizer === null || fitting.has(model)) return false;
  try {
    JSON.stringify(model);
    return true;
  } catch {
    return false;
  }
}

const own = Model.prototype;
const { compile } = own;
own.compile = function (this: Model, ...given) {
  compile.apply(this, given);
  const options = placedCompileOptions(given);
  if (options.distribute === undefined && maySend(this)) compile.call(this, { ...options, distribute: strategy });
};

for (const name of ["evaluate", "predict", "predictAll", "trainOnBatch", "testOnBatch"] as const) {
  const here = own[name] as (...given: unknown[]) => Promise<unknown>;
  const there = async function (this: Model, ...given: unknown[]): Promise<unknown> {
    if (!maySend(this)) return here.apply(this, given);
    return away(name, this, (remote) =>
      (remote[name] as (...given: unknown[]) => Promise<unknown>).apply(remote, given),
    );
  };
  Object.defineProperty(own, name, { value: there, configurable: true, writable: true });
}
