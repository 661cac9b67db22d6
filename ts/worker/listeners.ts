/**
 * Hooks that have listeners, and whether `fit` waits for them.
 *
 * @module
 */

import { Callback, type CallbackHooks, HOOKS, type HookName } from "../callbacks/callback.js";
import { CSVLogger } from "../callbacks/csv-logger.js";
import { EarlyStopping } from "../callbacks/early-stopping.js";
import { History } from "../callbacks/history.js";
import { LearningRateScheduler } from "../callbacks/learning-rate-scheduler.js";
import { ModelCheckpoint } from "../callbacks/model-checkpoint.js";
import { ProgressBar } from "../callbacks/progress-bar.js";
import { ReduceLROnPlateau } from "../callbacks/reduce-lr-on-plateau.js";
import { SwapEMAWeights, showsAveragesAt } from "../callbacks/swap-ema-weights.js";
import { TerminateOnNaN } from "../callbacks/terminate-on-nan.js";

/** Hooks by their requirements. */
export interface Listened {
  readonly hooks: readonly HookName[];
  readonly close: readonly HookName[];
  readonly weighted: readonly HookName[];
  /** Hooks that save the whole model. */
  readonly saving: readonly HookName[];
  /** Hooks before which the model switches to the averages of the weights, and hooks before which it switches back. */
  readonly averages: Readonly<Partial<Record<HookName, boolean>>>;
}

/** Built-in callbacks that change nothing. Their subclasses may. */
const ONLOOKERS: readonly unknown[] = [CSVLogger, History, ProgressBar];
/** Built-in callbacks that never read weights. */
const WEIGHTLESS: readonly unknown[] = [LearningRateScheduler, ReduceLROnPlateau, SwapEMAWeights, TerminateOnNaN];

/** Finds the hooks that callbacks listen to. */
export function listened(callbacks: readonly CallbackHooks[]): Listened {
  const by = (wanted: (callback: CallbackHooks, hook: HookName) => boolean) =>
    HOOKS.filter((hook) => callbacks.some((callback) => listens(callback, hook) && wanted(callback, hook)));
  return {
    hooks: by(() => true),
    close: by(isClose),
    weighted: by(readsWeights),
    saving: by(saves),
    averages: shown(callbacks),
  };
}

/** Exactly this class: the worker switches to averages before it copies weights for the other callbacks. */
function shown(callbacks: readonly CallbackHooks[]): Listened["averages"] {
  const averages: Partial<Record<HookName, boolean>> = {};
  for (const callback of callbacks) {
    if (!(callback instanceof SwapEMAWeights) || callback.constructor !== SwapEMAWeights) continue;
    for (const hook of HOOKS) {
      const on = showsAveragesAt(callback, hook);
      if (on !== undefined) averages[hook] = on;
    }
  }
  return averages;
}

function listens(callback: CallbackHooks, hook: HookName): boolean {
  // Anything but a callback is refused by the list that calls them.
  const own = (callback as CallbackHooks | null | undefined)?.[hook];
  return own !== undefined && own !== Callback.prototype[hook];
}

/** Plain objects have no reference to the model. */
function isClose(callback: CallbackHooks, hook: HookName): boolean {
  if (!(callback instanceof Callback) || ONLOOKERS.includes(callback.constructor)) return false;
  return callback.remoteNeeds(hook) !== "logs";
}

function saves(callback: CallbackHooks, hook: HookName): boolean {
  return callback instanceof Callback && callback.remoteNeeds(hook) === "model";
}

function readsWeights(callback: CallbackHooks, hook: HookName): boolean {
  if (saves(callback, hook)) return false;
  if (!isClose(callback, hook) || WEIGHTLESS.includes(callback.constructor)) return false;
  // Exactly these classes: subclasses may do anything.
  if (callback.constructor === EarlyStopping) {
    return (callback as EarlyStopping).restoreBestWeights && hook === "onEpochEnd";
  }
  if (callback.constructor === ModelCheckpoint) {
    return hook === ((callback as ModelCheckpoint).saveFreq === "epoch" ? "onEpochEnd" : "onTrainBatchEnd");
  }
  return true;
}
