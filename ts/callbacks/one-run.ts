/**
 * Callbacks that runs of two models cannot share: the built-in ones, and classes that extend them, have the state and the
 * model of one run, which the other would overwrite. Callbacks that extend `Callback` itself can be shared.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { Callback, type CallbackHooks } from "./callback.js";

/** A model, here or in a worker. */
interface Owner {
  readonly name: string;
}

/** The models whose runs use a callback now, and the number of these runs. */
const uses = new WeakMap<CallbackHooks, { readonly model: Owner; runs: number }>();

/** Refuses callbacks that a run of another model uses. @throws ValueError (`ERR_BUSY`) */
export function refuseUsed(call: string, callbacks: readonly CallbackHooks[], model: Owner): void {
  for (const callback of callbacks) {
    const use = uses.get(callback);
    if (use === undefined || use.model === model) continue;
    const name = (callback as Callback).statefulName;
    throw new ValueError(
      "ERR_BUSY",
      `${model.name}.${call}: this ${name} is in use by a run of ${use.model.name}, and has the state of one run. Make one for each run: new ${name}(...).`,
    );
  }
}

/**
 * Begins a run with these callbacks.
 *
 * @returns a function that ends it
 * @throws ValueError (`ERR_BUSY`)
 */
export function using(call: string, callbacks: readonly CallbackHooks[], model: Owner): () => void {
  refuseUsed(call, callbacks, model);
  const own = callbacks.filter((callback) => callback instanceof Callback && callback.statefulName !== undefined);
  for (const callback of own) uses.set(callback, { model, runs: (uses.get(callback)?.runs ?? 0) + 1 });
  return () => {
    for (const callback of own) {
      const use = uses.get(callback)!;
      use.runs--;
      if (use.runs === 0) uses.delete(callback);
    }
  };
}
