/**
 * LambdaCallback.
 *
 * @module
 */

import { checkCount, checkKnownOptions } from "../options.js";
import { Callback, type CallbackHooks, HOOKS } from "./callback.js";
import { checkHooks } from "./known-hooks.js";

/**
 * A callback of functions.
 *
 * @example
 * ```ts
 * import { callbacks } from "gradstep";
 *
 * const printing = new callbacks.LambdaCallback({ onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) });
 * ```
 */
export class LambdaCallback extends Callback {
  /**
   * A callback of functions.
   *
   * @param hooks - Functions by the names of hooks.
   * @throws ValueError for other names
   */
  constructor(hooks: CallbackHooks) {
    checkCount("LambdaCallback", arguments.length, 1);
    super();
    if (typeof hooks === "object" && hooks !== null) checkHooks("LambdaCallback", hooks);
    checkKnownOptions("LambdaCallback", hooks, HOOKS);
    Object.assign(this, hooks);
  }
}
