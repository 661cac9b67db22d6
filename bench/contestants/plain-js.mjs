// Plain JavaScript: handwritten loops over typed arrays.

import { gradientOf, startOf } from "../data.mjs";
import { timed } from "../measure/rounds.mjs";
import * as rules from "./plain-rules.mjs";

/** Rules by the names of their classes in lower case. */
const named = new Map(Object.entries(rules).map(([name, rule]) => [name.toLowerCase(), rule]));
// The same rule.
named.set("schedulefree", rules.scheduleFreeSGD);

function make(problem) {
  const rule = named.get(problem.optimizer.toLowerCase())(problem);
  if (rule === undefined) return undefined;
  const tensors = Array.from({ length: problem.count }, (_, i) => ({
    w: startOf(problem, i),
    g: gradientOf(problem, i),
    slots: rule.slots.map((length) => new Float32Array(length).fill(rule.start ?? 0)),
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
