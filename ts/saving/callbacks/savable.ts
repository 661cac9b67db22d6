/**
 * The model of a callback: the trained one, or a copy of a model in a worker.
 *
 * @module
 */

import type { CallbackModel } from "../../callbacks/callback.js";
import { ArgumentTypeError } from "../../errors.js";
import { type RunPosition, whileRunning } from "../../models/resuming.js";
import { TrainableModel } from "../../models/trainable-model.js";

/** A model in a worker, as needed for copying it. */
interface Remote {
  /** A copy of the model, whose memory the caller frees, and the progress of its run. */
  copy(): { readonly model: TrainableModel; readonly position: RunPosition | null };
}

/** Saves the model of a hook. @throws TypeError for anything but a model */
export async function withSavable(
  seen: CallbackModel,
  save: (model: TrainableModel) => Promise<unknown>,
): Promise<void> {
  if (seen instanceof TrainableModel) {
    await save(seen);
    return;
  }
  if (typeof (seen as Partial<Remote>).copy !== "function") {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${seen.name}: only a model of gradstep can be saved.`);
  }
  const { model, position } = (seen as unknown as Remote).copy();
  try {
    if (position === null) await save(model);
    else
      await whileRunning(
        model,
        () => position,
        () => save(model),
      );
  } finally {
    model.optimizer?.dispose();
    for (const weight of model.weights) weight.dispose();
  }
}
