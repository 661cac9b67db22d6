// A classifier learns handwritten digits; then the same run with five optimizers.

import { Adam, Lamb, Lion, RMSprop, SGD, schedules } from "gradstep";
import { loadDigits } from "./data.mjs";
import { progress } from "./progress.mjs";
import { EPOCHS, stepsFor, train } from "./train.mjs";

const digits = loadDigits();
const percent = (part) => `${(part * 100).toFixed(1)} %`;

/** A cosine decay from the initial rate to a hundredth of it. */
const cosine = (initialLearningRate) =>
  new schedules.CosineDecay({ initialLearningRate, decaySteps: stepsFor(digits.train), alpha: 0.01 });

console.log(`Softmax regression on ${digits.train.count} handwritten digits, tested on ${digits.test.count} others\n`);
const shown = progress("Adam", EPOCHS);
const { accuracy } = train(new Adam({ learningRate: cosine(0.02) }), digits, shown.onEpoch);
shown.stop();
console.log(`Test accuracy: ${percent(accuracy)}\n`);

const candidates = [
  ["SGD, momentum 0.9", new SGD({ learningRate: cosine(0.2), momentum: 0.9 })],
  ["RMSprop", new RMSprop({ learningRate: cosine(0.01) })],
  ["Adam", new Adam({ learningRate: cosine(0.02) })],
  ["Lion", new Lion({ learningRate: cosine(0.005) })],
  ["Lamb", new Lamb({ learningRate: cosine(0.05) })],
];

console.log("The same run with five optimizers, each with a cosine decay from its rate");
console.log(row("optimizer", "test accuracy", "steps/s", "µs in the optimizer"));
for (const [name, optimizer] of candidates) {
  const result = train(optimizer, digits);
  const speed = Math.round(result.stepsPerSecond).toLocaleString("en");
  console.log(row(name, percent(result.accuracy), speed, result.optimizerMicroseconds.toFixed(1)));
}
console.log("\nNext: npm test checks everything against Keras, npm run bench measures; README.md shows the API.");

function row(name, ...cells) {
  return `  ${name.padEnd(20)}${cells.map((cell) => cell.padStart(21)).join("")}`;
}
