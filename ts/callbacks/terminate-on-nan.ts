/**
 * TerminateOnNaN.
 *
 * @module
 */

import { checkCount, checkObject, shown } from "../options.js";
import { Callback, type Logs } from "./callback.js";
import { givenLogs } from "./hook-arguments.js";

/**
 * Stops training when the loss is NaN or infinite.
 *
 * @see [Keras: TerminateOnNaN](https://keras.io/api/callbacks/terminate_on_nan/)
 * @example
 * ```ts
 * import { callbacks, layers, Sequential } from "gradstep";
 *
 * const model = new Sequential([new layers.Dense(1)]);
 * model.compile({ optimizer: "sgd", loss: "mse" });
 * const stopping = new callbacks.TerminateOnNaN();
 * const history = await model.fit([[1], [2]], [[2], [NaN]], { epochs: 3, verbose: 0, callbacks: [stopping] });
 * console.log(history.epoch); // [0]
 * ```
 */
export class TerminateOnNaN extends Callback {
  constructor() {
    super();
    checkCount("TerminateOnNaN", arguments.length, 0);
  }

  /** @internal */
  override get statefulName(): string {
    return "TerminateOnNaN";
  }

  override onTrainBatchEnd(batch: number, logs: Logs): void {
    checkObject(this, "onTrainBatchEnd");
    const { loss } = givenLogs("TerminateOnNaN", logs);
    if (typeof loss !== "number" || Number.isFinite(loss)) return;
    console.warn(`Batch ${shown(batch)}: Invalid loss, terminating training`);
    this.model.stopTraining = true;
  }
}
