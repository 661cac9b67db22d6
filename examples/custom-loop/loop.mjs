// Trains 600 updates in one go, then again with a checkpoint after 300, and compares the bits.

import { AdamW, schedules } from "gradstep";
import { restore, save } from "./checkpoint.mjs";
import { freshVariables, lossAndGradients, spirals } from "./model.mjs";

const UPDATES = 600;
const PARTS = 4; // Small batches per update.

const points = spirals();
const part = (index) => points.filter((_, i) => Math.floor(i / 2) % PARTS === index);

function newOptimizer() {
  // A schedule counts calls, and each update takes PARTS calls.
  const learningRate = new schedules.CosineDecay({
    initialLearningRate: 0,
    warmupTarget: 0.05,
    warmupSteps: 20 * PARTS,
    decaySteps: (UPDATES - 20) * PARTS,
  });
  const optimizer = new AdamW({
    learningRate,
    weightDecay: 0.001,
    globalClipnorm: 1,
    gradientAccumulationSteps: PARTS,
    useEma: true,
  });
  optimizer.excludeFromWeightDecay({ varNames: ["bias"] });
  return optimizer;
}

/** Trains until the optimizer has made this many updates. `apply` clips; applyGradients would not. */
function trainUntil(updates, optimizer, variables) {
  while (optimizer.iterations < updates) {
    let loss = 0;
    for (let index = 0; index < PARTS; index++) {
      const batch = lossAndGradients(variables, part(index));
      optimizer.apply(batch.gradients, variables);
      loss += batch.loss / PARTS;
    }
    if (optimizer.iterations % 100 === 0) {
      console.log(`update ${optimizer.iterations}  rate ${optimizer.learningRate.toFixed(4)}  loss ${loss.toFixed(4)}`);
    }
  }
}

const accuracy = (variables) => (100 * lossAndGradients(variables, points).right) / points.length;

console.log("In one go");
const whole = { optimizer: newOptimizer(), variables: freshVariables() };
trainUntil(UPDATES, whole.optimizer, whole.variables);

console.log("With a checkpoint");
const first = { optimizer: newOptimizer(), variables: freshVariables() };
trainUntil(UPDATES / 2, first.optimizer, first.variables);
const text = save(first.optimizer, first.variables);
const second = restore(text);
// Exclusions from weight decay are not part of Keras's configuration.
second.optimizer.excludeFromWeightDecay({ varNames: ["bias"] });
trainUntil(UPDATES, second.optimizer, second.variables);

const same = whole.variables.every((variable, i) =>
  Buffer.from(variable.array().buffer).equals(Buffer.from(second.variables[i].array().buffer)),
);
console.log(`Checkpoint: ${text.length} characters; the resumed run has ${same ? "the same bits" : "OTHER BITS"}`);
console.log(`Accuracy: ${accuracy(whole.variables).toFixed(1)} %`);
whole.optimizer.finalizeVariableValues(whole.variables);
console.log(`Accuracy of the averaged weights: ${accuracy(whole.variables).toFixed(1)} %`);
