// The compact table on standard output: medians, and their ratio to gradstep's.

import { WAYS } from "../contestants/index.mjs";
import { megabytes, range, ratioOf, time, times } from "./figures.mjs";

const FIRST = 32;
const COLUMN = 17;

const HEADS = {
  gradstep: "gradstep",
  gradstepArrays: "…Float32Array",
  plainJs: "plain JS",
  tfjsCpu: "tfjs cpu",
  tfjsWasm: "tfjs wasm",
  jaxJs: "jax-js",
  nativeBaseline: "C baseline",
  nativeFull: "C native",
  pytorch: "PyTorch",
  optax: "optax",
};

const line = (first, cells) => console.log(first.padEnd(FIRST) + cells.map((cell) => cell.padStart(COLUMN)).join(""));

export function printHead(contestants) {
  console.log("\nMedian of a step, and its ratio to gradstep's († computes another variant)");
  line(
    "",
    contestants.map(({ id }) => HEADS[id]),
  );
}

export function printCase({ case: one, measured, notes }, contestants) {
  const base = measured.get(contestants[0].id)?.median;
  line(
    `${one.optimizer} ${one.sizeLabel}`,
    contestants.map(({ id }) => {
      const found = measured.get(id);
      if (found === undefined) return one.bounded ? "left out" : "–";
      return `${time(found.median)}${base ? ` ${times(found.median / base)}` : ""}${found.other ? "†" : ""}`;
    }),
  );
  for (const [id, note] of notes ?? []) console.log(`  ${HEADS[id]}: ${note}`);
}

export function printTrainingHead() {
  console.log("\nMedian, minimum and maximum of a training step, and the ratio to gradstep's median");
}

/** A line for each contestant, because there are few cases, and reasons why a contestant cannot train a model. */
export function printTraining({ case: one, measured, notes }, trainers) {
  console.log(`\n${one.label}`);
  for (const { way, label: words } of WAYS) {
    const own = trainers.filter((trainer) => trainer.way === way && trainer.missing === undefined);
    const base = measured.get(own[0]?.id)?.median;
    for (const { id, label } of own) {
      const found = measured.get(id);
      const first = `  ${`${label}, ${words.replaceAll("`", "")}`.padEnd(46)}`;
      if (found === undefined) {
        if (notes.has(id)) console.log(`${first}cannot: ${notes.get(id)}`);
        continue;
      }
      const ratio = base === undefined ? "" : times(found.median / base);
      const cells = [time(found.median), range(found), ratio].map((cell, i) => cell.padStart([12, 24, 10][i]));
      console.log(`${first}${cells.join("")}${found.other ? " †" : ""}`);
    }
  }
}

/** A measurement of workers or replicas. */
export function printParallel({ title, rows }) {
  console.log(`\n${title}`);
  for (const row of rows) {
    const { label, measured, note = "" } = row;
    const figures = measured === undefined ? ["not measured", "", ""] : [time(measured.median), range(measured)];
    const cells = [...figures, ...(measured === undefined ? [] : [ratioOf(row, rows)])];
    console.log(
      `  ${label.padEnd(46)}${cells.map((cell, i) => cell.padStart([12, 24, 10][i])).join("")} ${note}`.trimEnd(),
    );
  }
}

/** A part of an engine. */
export function printEngines({ engine, part, measured, seconds }) {
  console.log(`\n${engine.label}, ${part.label} (${seconds.toFixed(0)} s)`);
  const rows = measured.rows ?? [{ label: "start to end", measured }];
  for (const { label, measured: found } of rows) {
    const cells = Object.entries(found).map(([id, figure]) => {
      return `${id} ${figure.median === undefined ? megabytes(figure) : time(figure.median)}`.padEnd(24);
    });
    console.log(`  ${label.padEnd(46)}${cells.join("")}`.trimEnd());
  }
}

export function printBudgets(budgets) {
  console.log("\nBudgets");
  for (const { what, budget, measured, met } of budgets) {
    const verdict = met === undefined ? "not measured" : met ? "met" : "NOT MET";
    console.log(`  ${what.padEnd(56)} ${budget.padEnd(12)} ${measured.padStart(12)}  ${verdict}`);
  }
}
