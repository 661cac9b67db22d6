/**
 * TerminateOnNaN.
 *
 * @module
 */

import { checkCount } from "../options.js";
import { Callback, type Logs } from "./callback.js";

/** Stops training when the loss is NaN or infinite. */
export class TerminateOnNaN extends Callback {
  constructor() {
    super();
    checkCount("TerminateOnNaN", arguments.length, 0);
  }
  override onTrainBatchEnd(batch: number, logs: Logs): void {
    const { loss } = logs;
    if (typeof loss !== "number" || Number.isFinite(loss)) return;
    console.warn(`Batch ${batch}: Invalid loss, terminating training`);
    this.model.stopTraining = true;
  }
}
