/**
 * The model that is saved or loaded.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import { TrainableModel } from "../models/trainable-model.js";
import { shown } from "../options.js";

/** A model of layers: `Sequential`, `Model`, or a subclass. */
export type SavableModel = TrainableModel;

/** The model. @throws TypeError for everything else */
export function checkedModel(owner: string, model: unknown): TrainableModel {
  if (model instanceof TrainableModel) return model;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner} takes a model, Sequential or Model, got ${shown(model)}. For a model in a worker: await remote.getWeights(), and set them in a model here.`,
  );
}
