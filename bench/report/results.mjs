// RESULTS.md from what was measured. Its section about workers and replicas can be written alone.

import { WAYS } from "../contestants/index.mjs";
import { ENGINES } from "../engines/index.mjs";
import { LABELS } from "../engines/inside.mjs";
import { megabytes, perElement, range, ratioOf, time, times } from "./figures.mjs";

const table = (head, rows) =>
  [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

function machineTable(machine, contestants) {
  const versions = contestants.map(({ label, version, missing }) => [label, version ?? `not measured: ${missing}`]);
  return table(["", ""], [...machine, ...versions]);
}

function budgetTable(budgets) {
  const verdict = (met) => (met === undefined ? "not measured" : met ? "met" : "**not met**");
  return table(
    ["Budget", "limit", "measured", ""],
    budgets.map(({ what, budget, measured, met }) => [what, budget, measured, verdict(met)]),
  );
}

function cell({ case: one, measured }, id, baseId) {
  const found = measured.get(id);
  if (one.bounded) return "left out";
  if (found === undefined) return "–";
  const base = measured.get(baseId)?.median;
  const ratio = base === undefined ? [] : [times(found.median / base)];
  const second = [...ratio, `${perElement(found.median, one.elements)} ns/element`].join(", ");
  return `**${time(found.median)}**${found.other ? "†" : ""}<br>${range(found)}<br>${second}`;
}

function optimizerTable(results, contestants) {
  const head = ["", ...results.map(({ case: one }) => one.sizeLabel)];
  const present = contestants.filter(({ id }) => results.some(({ measured }) => measured.has(id)));
  return table(
    head,
    present.map(({ id, label }) => [label, ...results.map((result) => cell(result, id, contestants[0].id))]),
  );
}

/** Optimizers of one size each: a row for each of them. */
const nameOf = ({ optimizer, size, sizeLabel }) => (size === "1M" ? optimizer : `${optimizer}, ${sizeLabel}`);

function beyondTable(results, contestants) {
  const present = contestants.filter(({ id }) => results.some(({ measured }) => measured.has(id)));
  return table(
    ["1M", ...present.map(({ label }) => label)],
    results.map((result) => [nameOf(result.case), ...present.map(({ id }) => cell(result, id, contestants[0].id))]),
  );
}

function trainingCell({ measured, notes }, id, baseId) {
  const found = measured.get(id);
  if (found === undefined) return notes.has(id) ? `cannot: ${notes.get(id)}` : "–";
  const base = measured.get(baseId)?.median;
  const ratio = base === undefined ? "" : `<br>${times(found.median / base)}`;
  return `**${time(found.median)}**${found.other ? "†" : ""}<br>${range(found)}${ratio}`;
}

function trainingTable(trained, trainers, { way, label }) {
  const own = trainers.filter((trainer) => trainer.way === way && trainer.missing === undefined);
  return table(
    [`Step ${label}`, ...trained.map(({ case: one }) => one.label)],
    own.map((trainer) => [trainer.label, ...trained.map((result) => trainingCell(result, trainer.id, own[0].id))]),
  );
}

/** The page. `results` and `trained` are all cases in their order. */
export function resultsPage({ machine, contestants, results, trainers, trained, budgets }) {
  const beyond = results.filter(({ case: one }) => one.isBeyond);
  const optimizers = [...new Set(results.flatMap(({ case: one }) => (one.isBeyond ? [] : [one.optimizer])))];
  const sections = optimizers.map((name) => {
    const own = results.filter(({ case: one }) => one.optimizer === name);
    const bounded = own.flatMap(({ case: one }) =>
      one.bounded ? [`Size ${one.sizeLabel} is left out: ${one.bounded}.\n`] : [],
    );
    return [`## ${name}\n`, `${optimizerTable(own, contestants)}\n`, ...bounded].join("\n");
  });
  return `# Benchmark results

Written by \`npm run bench\`; [README.md](README.md) explains the measurements and how to read them. All contestants take turns in
one run, on one thread each. A cell has the **median**, minimum and maximum of a step, the ratio to gradstep's median,
and the time per parameter. "–": the contestant lacks the optimizer, or needs seconds for a step. †: it computes another variant.

${machineTable(machine, [...contestants, ...trainers.filter(({ label }) => !contestants.some((one) => one.label === label))])}

## Budgets

${budgetTable(budgets)}

${sections.join("\n")}
## Optimizers beyond Keras

${beyondTable(beyond, contestants)}

## Training

Whole steps: forward, loss, gradients, Adam. A cell has the **median**, minimum and maximum of a step, and the ratio to
gradstep's median. "cannot": the library threw an error, which is quoted. †: its loss after four steps differs.

${WAYS.map((way) => trainingTable(trained, trainers, way)).join("\n\n")}
`;
}

const HEADING = "## Workers and replicas";

function tableOf({ title, means, rows }) {
  const cells = rows.map((row) => {
    const { label, measured, note = "" } = row;
    const figures =
      measured === undefined ? ["not measured", "", ""] : [`**${time(measured.median)}**`, range(measured)];
    const against = row.against === undefined ? "" : `${ratioOf(row, rows)} of ${row.against}`;
    return `| ${[label, ...figures, ...(measured === undefined ? [] : [against]), note].join(" | ")} |`;
  });
  const head = ["|  | median | least–most |  |  |", "| --- | ---: | ---: | --- | --- |"];
  return `### ${title}\n\n${means}\n\n${[...head, ...cells].join("\n")}`;
}

/** The section: its date, since it may be newer than the page, then a table for each measurement. */
export function parallelSection(measured, machine) {
  const facts = machine.map(([what, value]) => `${what}: ${value}`).join("; ");
  return `${HEADING}\n\n${facts}.\n\n${measured.map(tableOf).join("\n\n")}\n`;
}

const ENGINES_HEADING = "## Engines and threads";
const NOT_YET = "not measured";

/** A median, its ratio to gradstep's, and for a product the billions of operations per second. */
function engineCell({ operations }, found, base) {
  if (found === undefined) return "–";
  const rate = operations && `${(operations / found.median / 1e6).toFixed(1)} GFLOP/s`;
  const ratio = base === undefined || base === found ? [] : [times(found.median / base.median)];
  return [`**${time(found.median)}**`, ...(rate ? [rate] : []), ...ratio].join("<br>");
}

/** Steps in one engine: a column for each contestant of each part. */
function engineTable({ id, label }, labels, parts) {
  const [one, all, relaxed] = ["oneThread", "allThreads", "relaxed"].map((part) => parts[`${id} ${part}`]);
  const columns = [
    ["gradstep", one, "gradstep"],
    ["TensorFlow.js wasm", one, "tensorflow"],
    [`gradstep, ${all?.threads ?? "all"} threads`, all, "gradstep", "oneThread"],
    [all?.tensorflowThreads ? `TensorFlow.js, threads: ${all.tensorflowThreads}` : "", all, "tensorflow", "gradstep"],
    ["gradstep, relaxed SIMD", relaxed, "gradstep", "tensorflow"],
  ].filter(([head, part]) => head !== "" && part !== undefined);
  if (columns.length === 0) return `${label}: ${NOT_YET}.`;
  const isMeasured = (name) => columns.some(([, part]) => part.rows.some((row) => row.label === name));
  const rows = labels.filter(isMeasured).map((name) => [
    name,
    ...columns.map(([, part, contestant, against = "gradstep"]) => {
      const row = part.rows.find((each) => each.label === name);
      return row === undefined ? "–" : engineCell(row, row.measured[contestant], row.measured[against]);
    }),
  ]);
  return table([`${columns[0][1].version}`, ...columns.map(([head]) => head)], rows);
}

function startTable(engines, parts) {
  const rows = engines.map(({ id, label }) => {
    const found = parts[`${id} startUp`];
    const cell = (summary) => (summary === undefined ? NOT_YET : `**${time(summary.median)}**<br>${range(summary)}`);
    return [label, ...["empty", "gradstep", "tensorflow"].map((contestant) => cell(found?.[contestant]))];
  });
  return table(["", "empty program", "gradstep", "TensorFlow.js wasm"], rows);
}

function memoryTable({ id }, parts) {
  const found = parts[`${id} memory`];
  if (found === undefined || found.rows.length === 0) return undefined;
  const rows = found.rows.map(({ label, measured: { gradstep, allThreads, tensorflow } }) => [
    label,
    ...[gradstep, allThreads, tensorflow].map(megabytes),
    gradstep.wasm === undefined ? "–" : `${(gradstep.wasm / 1e6).toFixed(1)} MB`,
  ]);
  const head = `${found.version}; empty: ${megabytes({ most: found.empty })}`;
  return table([head, "gradstep", "all threads", "TensorFlow.js wasm", "of gradstep in WebAssembly"], rows);
}

/** The section about engines, with what is measured of it. */
export function enginesSection({ parts }, machine) {
  const facts = machine.filter(([what]) => what !== "Node").map(([what, value]) => `${what}: ${value}`);
  return `${ENGINES_HEADING}

${facts.join("; ")}. Measured by \`npm run bench -- engines\`, one engine at a time; contestants in adjacent columns take turns.

Matrix products, optimizer steps, and steps through \`fit\`. Ratios are relative to gradstep's median on as many threads in the same
run; with several threads, to gradstep's on one; with relaxed SIMD, to TensorFlow.js's. TensorFlow.js has no threads in Node; in a page it has
as many as half of the logical cores.

${ENGINES.map((engine) => engineTable(engine, LABELS, parts)).join("\n\n")}

### Start-up

Time from the start of a process to its end, in Chromium from the navigation: an empty program, and one that imports a library and takes one Adam step.

${startTable(ENGINES, parts)}

### Memory

The most memory that a process held at once: a process for each case and four steps. "empty" is the same program without a case.

${ENGINES.flatMap((engine) => memoryTable(engine, parts) ?? []).join("\n\n") || `Memory: ${NOT_YET}.`}
`;
}

/** The page with this section in place of the one that it had. */
export function withSection(page, section) {
  const [heading] = section.split("\n", 1);
  const from = page.indexOf(`\n${heading}\n`);
  if (from < 0) return `${page.trimEnd()}\n\n${section}`;
  const next = page.indexOf("\n## ", from + 1);
  return `${page.slice(0, from + 1)}${section}${next < 0 ? "" : page.slice(next)}`;
}
