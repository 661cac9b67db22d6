// Descent in Rosenbrock's valley, (1 - x)^2 + 100 (y - x^2)^2, from (-1.2, 1) to its lowest point at (1, 1).

import { Adam, Nadam, type Optimizer, RMSprop, Variable } from "gradstep";

/**
 * The gradient with respect to x and y. Only +, - and *: every engine rounds these in the same way, so the hashes are
 * equal everywhere.
 */
function gradient([x, y]: readonly [number, number]): [number, number] {
  const off = y - x * x;
  return [-2 * (1 - x) - 400 * x * off, 200 * off];
}

function descend(optimizer: Optimizer): Variable {
  const position = new Variable([-1.2, 1], { name: "position" });
  for (let step = 0; step < 4000; step++) {
    const [x = 0, y = 0] = position.value;
    optimizer.applyGradients([[gradient([x, y]), position]]);
  }
  return position;
}

/** FNV-1a over the bytes: equal hashes mean equal bits. */
function hash(values: Float32Array): string {
  let state = 0x811c9dc5;
  for (const byte of new Uint8Array(values.buffer)) state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  return state.toString(16).padStart(8, "0");
}

for (const optimizer of [
  new Adam({ learningRate: 0.02 }),
  new Nadam({ learningRate: 0.02 }),
  new RMSprop({ learningRate: 0.002, momentum: 0.9 }),
]) {
  const values = descend(optimizer).array();
  const [x = 0, y = 0] = values;
  console.log(`${optimizer.className.padEnd(8)} x ${x.toFixed(4)}  y ${y.toFixed(4)}  hash ${hash(values)}`);
}
