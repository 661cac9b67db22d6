// Plain JavaScript: loops over typed arrays, as one would write them by hand.

import { gradientOf, startOf } from "../data.mjs";
import { timed } from "../measure/rounds.mjs";
import { adafactor, adam, lamb, lion, muon, sgd } from "./plain-rules.mjs";

const RULES = { Adam: adam, SGD: sgd, Lion: lion, Adafactor: adafactor, Lamb: lamb, Muon: muon };

function make(problem) {
  const rule = RULES[problem.optimizer](problem);
  if (rule === undefined) return undefined;
  const tensors = Array.from({ length: problem.count }, (_, i) => ({
    w: startOf(problem, i),
    g: gradientOf(problem, i),
    slots: rule.slots.map((length) => new Float32Array(length)),
  }));
  let t = 0;
  const step = () => {
    rule.begin(++t);
    for (const { w, g, slots } of tensors) rule.update(w, g, slots);
  };
  return { run: (steps) => timed(step, steps), weights: (n) => tensors[0].w.slice(0, n), dispose() {} };
}

export const plainJs = {
  id: "plainJs",
  label: "plain JS loop",
  open: () => ({ version: `V8 ${process.versions.v8}`, make, close() {} }),
};
