// Fits y = slope * x + offset to five points near y = 3x - 1.

import { Adam, Variable, zip } from "gradstep";

const x = [-2, -1, 0, 1, 2];
const y = [-7.1, -3.9, -1.0, 2.1, 4.9];

const slope = new Variable(0, { name: "slope" });
const offset = new Variable(0, { name: "offset" });
const optimizer = new Adam({ learningRate: 0.1 });

for (let step = 1; step <= 300; step++) {
  // The mean squared error and its gradients, which can come from any source.
  const errors = x.map((at, i) => slope.value[0] * at + offset.value[0] - y[i]);
  const loss = mean(errors.map((error) => error * error));
  const gradients = [mean(errors.map((error, i) => 2 * error * x[i])), mean(errors.map((error) => 2 * error))];
  optimizer.applyGradients(zip(gradients, [slope, offset]));
  if (step % 100 === 0) console.log(`step ${optimizer.iterations}: loss ${loss.toFixed(4)}`);
}

console.log(`y = slope * x + offset, with slope ${slope.value[0].toFixed(2)} and offset ${offset.value[0].toFixed(2)}`);

function mean(list) {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}
