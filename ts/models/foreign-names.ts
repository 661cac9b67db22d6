/**
 * Names of Keras's and TensorFlow.js's that models and optimizers lack, and what to write instead.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { Optimizer } from "../optimizers/optimizer.js";

const SAVE = "Models are saved by saveModel of gradstep/saving: await saveModel(model, path).";
const SAVE_WEIGHTS = "Weights are saved by saveWeights of gradstep/saving: await saveWeights(model, path).";
const LOAD_WEIGHTS = "Weights are loaded by loadWeights of gradstep/saving: await loadWeights(model, path).";
const STREAM = (name: string) => `${name} takes batches too, from a (generator) function or an (async) iterable.`;
const CLASSES = "Classes are ops.argmax(await model.predict(x), -1).";

/** Cures by name: sentences that say what to write. */
export const CURES: Readonly<Record<string, string>> = {
  save: SAVE,
  export: SAVE,
  saveWeights: SAVE_WEIGHTS,
  save_weights: SAVE_WEIGHTS,
  loadWeights: LOAD_WEIGHTS,
  load_weights: LOAD_WEIGHTS,
  fitDataset: STREAM("fit"),
  fitGenerator: STREAM("fit"),
  fit_generator: STREAM("fit"),
  evaluateDataset: STREAM("evaluate"),
  evaluateGenerator: STREAM("evaluate"),
  evaluate_generator: STREAM("evaluate"),
  predictGenerator: STREAM("predict"),
  predict_generator: STREAM("predict"),
  predictClasses: CLASSES,
  predict_classes: CLASSES,
  predictProba: "Probabilities are the outputs of predict, behind a softmax or sigmoid.",
  predict_proba: "Probabilities are the outputs of predict, behind a softmax or sigmoid.",
  execute:
    "Outputs are those of predict, or of apply(x). A part of the model is new Model(model.inputs, layer.output).",
  executeAsync: "Outputs are those of predict.",
  stop_training: "It is called stopTraining.",
};

/** Names that people give the learning rate of an optimizer: it would be set without an error. */
const OTHER_RATES = ["lr", "learning_rate"] as const;

const otherRate = (optimizer: object) => OTHER_RATES.find((name) => Object.hasOwn(optimizer, name));

/** Whether an object has a rate by another name. */
export const hasOtherRate = (optimizer: object): boolean => otherRate(optimizer) !== undefined;

/** Refuses an optimizer whose rate was set by another name since it was compiled. @throws ValueError */
export function refuseOtherRates(optimizer: Optimizer): void {
  const name = otherRate(optimizer);
  if (name === undefined) return;
  throw new ValueError(
    "ERR_OPTION_UNKNOWN",
    `${optimizer.name}: nothing reads its "${name}", which was set. Set optimizer.learningRate, and delete optimizer.${name}.`,
  );
}
