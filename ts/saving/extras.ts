/**
 * Entries of a file that Python's Keras does not read: JSON by name.
 *
 * @module
 */

import type { TrainableModel } from "../models/trainable-model.js";
import type { Extras } from "./formats/model-file.js";

/** The entries that are saved with a model. */
export function extrasOf(_model: TrainableModel): Extras {
  return {};
}

/** Puts what was saved into force; unknown entries are left alone. */
export function restoreExtras(_model: TrainableModel, _extras: Extras): void {}
