/**
 * LambdaCallback.
 *
 * @module
 */

import { checkCount, checkKnownOptions } from "../options.js";
import { Callback, type CallbackHooks, HOOKS } from "./callback.js";
import { checkHooks } from "./known-hooks.js";

/**
 * A callback made of functions.
 *
 * @see [Keras: LambdaCallback](https://keras.io/api/callbacks/lambda_callback/)
 * @example
 * ```ts
 * import { callbacks } from "gradstep";
 *
 * const printing = new callbacks.LambdaCallback({ onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) });
 * ```
 */
export class LambdaCallback extends Callback {
  /**
   * A callback made of functions.
   *
   * @param hooks - Functions by the names of hooks.
   * @throws ValueError ERR_OPTION_UNKNOWN for a name that is not a hook's; TypeError ERR_OPTION_TYPE for anything but
   * functions
   */
  constructor(hooks: CallbackHooks) {
    checkCount("LambdaCallback", arguments.length, 1);
    super();
    if (typeof hooks === "object" && hooks !== null) checkHooks("LambdaCallback", hooks);
    checkKnownOptions("LambdaCallback", hooks, HOOKS);
    Object.assign(this, hooks);
  }
}
