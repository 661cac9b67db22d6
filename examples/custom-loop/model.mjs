// Two spirals, classified by one hidden layer of tanh units, with handwritten gradients.

import { Variable } from "gradstep";

const HIDDEN = 24;

/** A small generator with a seed, from -1 to 1. */
function seeded(state) {
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** 200 points `{ x, y, label }` on two arms, 0 and 1. */
export function spirals() {
  return Array.from({ length: 200 }, (_, i) => {
    const [label, along] = [i % 2, i / 200];
    const angle = along * 5 + label * Math.PI;
    return { x: along * Math.cos(angle), y: along * Math.sin(angle), label };
  });
}

/** The model's variables, freshly drawn. */
export function freshVariables() {
  const random = seeded(7);
  const drawn = (length, scale) => Float32Array.from({ length }, () => random() * scale);
  return [
    new Variable(drawn(2 * HIDDEN, 2), { shape: [2, HIDDEN], name: "hidden/kernel" }),
    new Variable(drawn(HIDDEN, 1), { name: "hidden/bias" }),
    new Variable(drawn(HIDDEN, 0.5), { shape: [HIDDEN, 1], name: "out/kernel" }),
    new Variable(0, { shape: [1], name: "out/bias" }),
  ];
}

/** The mean loss of some points, the number of correct ones, and one gradient per variable. */
export function lossAndGradients(variables, points) {
  const [kernel, bias, outKernel, outBias] = variables.map((variable) => variable.value);
  const gradients = variables.map((variable) => new Float32Array(variable.size));
  const [dKernel, dBias, dOutKernel, dOutBias] = gradients;
  let loss = 0;
  let right = 0;
  for (const { x, y, label } of points) {
    const units = bias.map((b, h) => Math.tanh(b + x * kernel[h] + y * kernel[HIDDEN + h]));
    const score = units.reduce((sum, unit, h) => sum + unit * outKernel[h], outBias[0]);
    const probability = 1 / (1 + Math.exp(-score));
    loss -= Math.log(label === 1 ? probability : 1 - probability) / points.length;
    if (probability > 0.5 === (label === 1)) right += 1;
    const slope = (probability - label) / points.length;
    dOutBias[0] += slope;
    for (let h = 0; h < HIDDEN; h++) {
      dOutKernel[h] += slope * units[h];
      const inner = slope * outKernel[h] * (1 - units[h] * units[h]);
      dBias[h] += inner;
      dKernel[h] += inner * x;
      dKernel[HIDDEN + h] += inner * y;
    }
  }
  return { loss, right, gradients };
}
