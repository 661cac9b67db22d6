// Formatting of numbers, and the description of the machine.

import { cpus, totalmem } from "node:os";

/** Three digits, without exponent. */
function digits(x) {
  if (x >= 100) return Math.round(x).toLocaleString("en-US");
  return x >= 10 ? x.toFixed(1) : x.toFixed(2);
}

/** Milliseconds in the unit that suits them. */
export function time(ms) {
  if (ms >= 1000) return `${digits(ms / 1000)} s`;
  return ms >= 1 ? `${digits(ms)} ms` : `${digits(ms * 1000)} µs`;
}

/** Least and most in one unit. */
export function range({ min, max }) {
  return `${time(min)}–${time(max)}`;
}

/** Nanoseconds per element. */
export function perElement(ms, elements) {
  return digits((ms * 1e6) / elements);
}

/** A ratio. */
export const times = (ratio) => `${digits(ratio)}×`;

/** `[what, value]` lines for the page of results. No names. */
export function machine() {
  const [cpu] = cpus();
  return [
    ["Date", new Date().toISOString().slice(0, 10)],
    ["Processor", `${cpu?.model.trim() ?? "unknown"}, ${cpus().length} cores visible`],
    ["Memory", `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ["System", `${process.platform} ${process.arch}`],
    ["Node", `${process.versions.node} (V8 ${process.versions.v8})`],
  ];
}

/** Ratio of a row's median to another's, as text. */
export function ratioOf({ measured, against }, rows) {
  const base = rows.find(({ label }) => label === against)?.measured?.median;
  return base === undefined || measured === undefined ? "" : times(measured.median / base);
}

/** The most memory that was held, "–" where nothing was measured. */
export const megabytes = (found) => (found?.most === undefined ? "–" : `${(found.most / 1e6).toFixed(0)} MB`);
