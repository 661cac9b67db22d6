// The section of RESULTS.md about workers and replicas. It is written by itself when only it was measured.

import { range, time, times } from "../figures.mjs";

const HEADING = "## Workers and replicas";

/** What a row's median is of another's, as text. */
export function ratioOf({ measured, against }, rows) {
  const base = rows.find(({ label }) => label === against)?.measured?.median;
  return base === undefined || measured === undefined ? "" : times(measured.median / base);
}

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

/** The section: its date, since it may be younger than the page, then a table for each measurement. */
export function parallelSection(measured, machine) {
  const facts = machine.map(([what, value]) => `${what}: ${value}`).join("; ");
  return `${HEADING}\n\n${facts}.\n\n${measured.map(tableOf).join("\n\n")}\n`;
}

/** The page with this section in place of the one that it had. */
export function withSection(page, section) {
  const from = page.indexOf(`\n${HEADING}\n`);
  if (from < 0) return `${page.trimEnd()}\n\n${section}`;
  const next = page.indexOf("\n## ", from + 1);
  return `${page.slice(0, from + 1)}${section}${next < 0 ? "" : page.slice(next)}`;
}
