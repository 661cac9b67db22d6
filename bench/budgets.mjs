// Promised speed and size of gradstep, compared with the measurements of this run.

import { BUDGETS } from "../scripts/build/sizes.mjs";

/** Budgets of times: `of` computes the number from a case's medians (in ms, by contestant), which `limit` bounds. */
const SPEED = [
  atMost("Adam 16M, against native C, march=native", "16M", (m) => m.gradstep / m.nativeFull, 1.05, "×"),
  atMost("Adam 1M, against native C, SSE2", "1M", (m) => m.gradstep / m.nativeBaseline, 1, "×"),
  atLeast("Adam 1M, faster than the plain JS loop", "1M", (m) => m.plainJs / m.gradstep, 6, "×"),
  atLeast("Adam 1M, faster than TensorFlow.js wasm", "1M", (m) => m.tfjsWasm / m.gradstep, 8, "×"),
  atMost("Adam 1,000 × 64, a step", "1000x64", (m) => m.gradstep * 1000, 60, "µs"),
];

function atMost(what, size, of, limit, unit) {
  return { what, size, of, limit, unit, sign: "≤", isMet: (value) => value <= limit };
}

function atLeast(what, size, of, limit, unit) {
  return { what, size, of, limit, unit, sign: "≥", isMet: (value) => value >= limit };
}

/** The slowest of the elementwise rules beyond Keras, by time per array that it reads or writes, relative to Adam's. */
function beyondRow(results) {
  const median = ({ measured }) => measured.get("gradstep")?.median;
  const adam = results.find(
    ({ case: one }) => one.optimizer === "Adam" && one.size === "1M" && one.gradients === "normal",
  );
  const each = (adam && median(adam)) / ADAM_TOUCHES;
  const ratios = results.flatMap((result) => {
    const { touched, optimizer } = result.case;
    return touched === undefined ? [] : [{ optimizer, ratio: median(result) / touched / each }];
  });
  const [slowest] = ratios.sort((a, b) => b.ratio - a.ratio);
  const name = slowest === undefined ? "" : ` (slowest: ${slowest.optimizer})`;
  return row(
    atMost(`Elementwise rules beyond Keras, per array, of Adam's${name}`, "", undefined, 1.3, "×"),
    slowest?.ratio,
  );
}

/** Parameters, gradients and two moments. */
const ADAM_TOUCHES = 4;

/**
 * Budgets of training steps, as fractions of TensorFlow.js wasm's step of the MLP in the same run: they are 0.05 ms,
 * 1.7 ms and 8 ms on a machine where that step takes 10 ms.
 */
const TRAINING_SPEED = [
  { model: "documented", label: "Documented model", limit: 0.005 },
  { model: "mlp", label: "MLP", limit: 0.17 },
  { model: "cnn", label: "CNN", limit: 0.8 },
].flatMap(({ label, ...budget }) => [
  { ...budget, id: "gradstepFit", what: `${label} through fit, of tfjs wasm's MLP step` },
  { ...budget, id: "gradstepTape", what: `${label} in a loop, of tfjs wasm's MLP step` },
]);

/** Rows like those of {@link budgetRows}. */
export function trainingBudgetRows(results) {
  if (results.length === 0) return [];
  const median = (model, id) => results.find(({ case: one }) => one.model === model)?.measured.get(id)?.median;
  // The faster of fit and loop.
  const [fit, loop] = ["tfjsWasmFit", "tfjsWasmLoop"].map((id) => median("mlp", id));
  const theirs = Math.min(fit ?? loop, loop ?? fit);
  return TRAINING_SPEED.map(({ what, model, id, limit }) =>
    row(atMost(what, "", undefined, limit, "×"), median(model, id) / theirs, 4),
  );
}

const KB = 1000;

/** Rows `{ what, budget, measured, met }`; `met` is undefined if a contestant was missing or a case was not run. */
export function budgetRows(results, { allocation, trainingAllocation, sequence, sizes }) {
  const speed = SPEED.map((budget) => {
    const found = results.find(
      ({ case: one }) => one.optimizer === "Adam" && one.size === budget.size && one.gradients === "normal",
    );
    const medians = Object.fromEntries([...(found?.measured ?? [])].map(([id, { median }]) => [id, median]));
    return row(budget, budget.of(medians));
  });
  return [
    ...speed,
    beyondRow(results),
    row(atMost("wasm file, raw", "", undefined, BUDGETS.wasm / KB, "kB"), sizes.wasm / KB),
    row(atMost("a page with Adam, gzip", "", undefined, BUDGETS.page / KB, "kB"), sizes.page / KB),
    row(atMost("wasm memory that a step allocates", "", undefined, 0, "bytes"), allocation.wasm),
    row(atMost("JS heap that a step leaves behind", "", undefined, 1, "bytes"), allocation.heap),
    row(atMost("wasm memory that a training step allocates", "", undefined, 0, "bytes"), trainingAllocation.wasm),
    row(atMost("JS heap that a training step leaves behind", "", undefined, 1, "bytes"), trainingAllocation.heap),
    row(atMost("wasm memory of a sequence's gradient, by parts", "", undefined, 12, "× the sequence"), sequence),
  ];
}

function row({ what, limit, unit, sign, isMet }, value, decimals = value < 10 ? 2 : 1) {
  const known = Number.isFinite(value);
  return {
    what,
    budget: `${sign} ${limit} ${unit}`,
    measured: known ? `${value.toFixed(decimals)} ${unit}` : "–",
    met: known ? isMet(value) : undefined,
  };
}
