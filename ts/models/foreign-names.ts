/**
 * Names of Keras's and TensorFlow.js's that models and optimizers lack, and what to write instead. Those of optimizers are
 * answered here, because a page with an optimizer alone has no room for them.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { answerForeignNames, type Cures, type Setting } from "../foreign-names.js";
import { refuseAssignments } from "../getters.js";
import { Optimizer } from "../optimizers/optimizer.js";
import { allOptimizers, builtInOptimizers } from "../optimizers/registry.js";

const SAVE = "Models are saved by saveModel of gradstep/saving: await saveModel(model, path).";
const STREAM = (name: string) => `${name} takes batches too, from a (generator) function or an (async) iterable.`;
const OUTPUTS = "Outputs are those of predict";

/** Cures by name: sentences that say what to write. */
export const CURES: Cures = {
  save: SAVE,
  export: SAVE,
  saveWeights: "Weights are saved by saveWeights of gradstep/saving: await saveWeights(model, path).",
  loadWeights: "Weights are loaded by loadWeights of gradstep/saving: await loadWeights(model, path).",
  fitDataset: STREAM("fit"),
  fitGenerator: STREAM("fit"),
  evaluateDataset: STREAM("evaluate"),
  evaluateGenerator: STREAM("evaluate"),
  predictGenerator: STREAM("predict"),
  predictClasses: "Classes are ops.argmax(await model.predict(x), -1).",
  predictProba: "Probabilities are the outputs of predict, behind a softmax or sigmoid.",
  execute: `${OUTPUTS}, or of apply(x). A part of the model is new Model(model.inputs, layer.output).`,
  executeAsync: `${OUTPUTS}.`,
  // A switch, which a callback sets.
  stop_training: { cure: "It is called stopTraining.", refuses: () => true },
};

/** Names that people give the learning rate of an optimizer: it would be set without an error. */
const OTHER_RATES = ["lr", "learning_rate"] as const;

const RATE: Setting = {
  cure: "It is called learningRate.",
  // A custom class may mean its own field.
  refuses: (owner) => builtInOptimizers.get((owner as Optimizer).className)?.prototype === Object.getPrototypeOf(owner),
};

const FORGOTTEN = "Each call of applyGradients uses only the gradients that it is given.";

answerForeignNames(Optimizer.prototype, {
  computeGradients:
    "Gradients are tape.gradient(loss, variables); minimize(loss, variables) computes and applies them.",
  getGradients: "Gradients are tape.gradient(loss, variables); minimize(loss, variables) computes and applies them.",
  zeroGrad: FORGOTTEN,
  ...Object.fromEntries(OTHER_RATES.map((name) => [name, RATE])),
});

for (const { prototype } of allOptimizers()) refuseAssignments(prototype);

const otherRate = (optimizer: object) => OTHER_RATES.find((name) => Object.hasOwn(optimizer, name));

/** Whether an object has a rate by another name. */
export const hasOtherRate = (optimizer: object): boolean => otherRate(optimizer) !== undefined;

/** Refuses an optimizer of a custom class whose rate was set by another name since it was compiled. @throws ValueError */
export function refuseOtherRates(optimizer: Optimizer): void {
  const name = otherRate(optimizer);
  if (name === undefined) return;
  throw new ValueError(
    "ERR_OPTION_UNKNOWN",
    `${optimizer.name}: nothing reads its "${name}", which was set. Set optimizer.learningRate, and delete optimizer.${name}.`,
  );
}
