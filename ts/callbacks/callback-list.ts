/**
 * All callbacks of a run, called in their order.
 *
 * @module
 */

import {
  Callback,
  type CallbackHooks,
  type CallbackModel,
  type Hook,
  type HookName,
  type Logs,
  type RunParams,
} from "./callback.js";
import { heard } from "./waiting.js";

/** Calls the hooks of several callbacks; only overridden hooks have a cost. */
export class CallbackList {
  readonly callbacks: readonly CallbackHooks[];
  readonly #listeners = new Map<HookName, readonly CallbackHooks[]>();

  readonly #signal: AbortSignal | undefined;

  /**
   * Calls the hooks of several callbacks; only overridden hooks have a cost.
   *
   * @param callbacks - Checked ones.
   * @param signal - Ends the wait for a hook's promise: the call rejects with its reason.
   */
  constructor(callbacks: readonly CallbackHooks[], model: CallbackModel, params: RunParams, signal?: AbortSignal) {
    this.callbacks = callbacks;
    this.#signal = signal;
    for (const callback of callbacks) {
      if (!(callback instanceof Callback)) continue;
      callback.setModel(model);
      callback.setParams(params);
    }
  }

  /** Calls a hook without a number. */
  async call(
    hook: "onTrainBegin" | "onTrainEnd" | "onTestBegin" | "onTestEnd" | "onPredictBegin" | "onPredictEnd",
    logs: Logs,
  ): Promise<void> {
    for (const callback of this.#of(hook)) await heard(callback[hook]?.(logs), this.#signal);
  }

  /** Calls a hook of an epoch. */
  async epoch(hook: "onEpochBegin" | "onEpochEnd", epoch: number, logs: Logs): Promise<void> {
    for (const callback of this.#of(hook)) await heard(callback[hook]?.(epoch, logs), this.#signal);
  }

  /** Whether a callback needs the logs of a batch. */
  listens(hook: HookName): boolean {
    return this.#of(hook).length > 0;
  }

  /** Calls a batch hook. Returns a promise only if a callback does, because a batch may take microseconds. */
  batch(
    hook:
      | "onTrainBatchBegin"
      | "onTrainBatchEnd"
      | "onTestBatchBegin"
      | "onTestBatchEnd"
      | "onPredictBatchBegin"
      | "onPredictBatchEnd",
    batch: number,
    logs: Logs,
  ): Hook {
    let pending: Promise<void> | undefined;
    for (const callback of this.#of(hook)) {
      if (pending !== undefined) {
        pending = pending.then(() => heard(callback[hook]?.(batch, logs), this.#signal));
        continue;
      }
      const result = callback[hook]?.(batch, logs);
      if (result !== undefined) pending = heard(result, this.#signal);
    }
    return pending;
  }

  /** Ends a failed run. Errors in it must not hide the cause. */
  async failed(): Promise<void> {
    for (const callback of this.callbacks) {
      try {
        if (callback instanceof Callback) await callback.runFailed();
      } catch {}
    }
  }

  #of(hook: HookName): readonly CallbackHooks[] {
    const known = this.#listeners.get(hook);
    if (known !== undefined) return known;
    const listeners = this.callbacks.filter((callback) => {
      const own = callback[hook];
      return own !== undefined && own !== Callback.prototype[hook];
    });
    this.#listeners.set(hook, listeners);
    return listeners;
  }
}
