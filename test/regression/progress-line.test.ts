/**
 * The progress line to the letter, as the source of Keras 3.15.1 (utils/progbar.py) draws it. Elapsed time was
 * truncated to whole seconds, and written as a clock; Keras rounds it.
 */

import { describe, expect, it } from "vitest";
import { type Progress, progressLine, summaryLine } from "../../ts/callbacks/progress-line.js";

const middle: Progress = { step: 5, target: 10, elapsed: 1.6, perStep: 0.2, done: false };
const bar = "━".repeat(10);

describe("the line of an epoch", () => {
  const rest = "─".repeat(10);
  it.each<[string, Partial<Progress>, string]>([
    ["in the middle", {}, ` 5/10 ${bar}${rest} 1s 200ms/step`],
    ["at its start", { step: 0 }, ` 0/10 ${rest}${rest} 2s 200ms/step`],
    ["at its end", { step: 10, done: true }, `10/10 ${bar}${bar} 2s 200ms/step`],
    ["a minute left", { perStep: 12 }, ` 5/10 ${bar}${rest} 60s 12s/step`],
    ["more than a minute left", { perStep: 13 }, ` 5/10 ${bar}${rest} 1:05 13s/step`],
    ["an hour left", { perStep: 720 }, ` 5/10 ${bar}${rest} 60:00 720s/step`],
    ["more than an hour left", { perStep: 732.2 }, ` 5/10 ${bar}${rest} 1:01:01 732s/step`],
    ["a minute and more passed", { step: 10, elapsed: 75.6, done: true }, `10/10 ${bar}${bar} 76s 200ms/step`],
    ["an hour and more passed", { step: 10, elapsed: 3700, done: true }, `10/10 ${bar}${bar} 3700s 200ms/step`],
    ["of an unknown number of steps", { target: null, elapsed: 75.6 }, "      5/Unknown 76s 200ms/step"],
    ["a step of 1 s", { perStep: 1 }, ` 5/10 ${bar}${rest} 5s 1s/step`],
    ["a step of no time", { perStep: 0 }, ` 5/10 ${bar}${rest} 0s 0s/step`],
    ["a step of 1 ms", { perStep: 1e-3 }, ` 5/10 ${bar}${rest} 0s 1ms/step`],
    ["a step of less", { perStep: 2e-4 }, ` 5/10 ${bar}${rest} 0s 200us/step`],
  ])("%s", (_, progress, expected) => {
    expect(progressLine({ ...middle, ...progress }, {}, false)).toBe(expected);
  });

  it("in colours", () => {
    const line = (progress: Partial<Progress>) => progressLine({ ...middle, ...progress }, {}, true);
    const bold = (text: string) => `\u001b[1m${text}\u001b[0m`;
    const done = `\u001b[32m${bar}\u001b[0m`;
    expect(line({})).toBe(`${bold(" 5/10")} ${done}\u001b[37m${bar}\u001b[0m ${bold("1s")} 200ms/step`);
    expect(line({ step: 0 })).toBe(`${bold(" 0/10")} \u001b[37m${bar}${bar}\u001b[0m ${bold("2s")} 200ms/step`);
    expect(line({ target: null })).toBe(`      5/Unknown ${bold("2s")} 200ms/step`);
  });
});

it("numbers have four decimals, or an exponent if at most 1e-3", () => {
  const logs = { a: 0.5, b: -12.34567, c: 0.001, d: 0.0011, e: -5e-12, f: 0, g: Number.POSITIVE_INFINITY };
  const shown = " - a: 0.5000 - b: -12.3457 - c: 1.0000e-03 - d: 0.0011 - e: -5.0000e-12 - f: 0.0000e+00 - g: Infinity";
  expect(progressLine({ ...middle, target: null }, logs, false)).toBe(`      5/Unknown 2s 200ms/step${shown}`);
  expect(summaryLine(middle, { scores: [0.5, 1e-4] })).toBe(" 5/10 - 2s - 200ms/step - scores: 0.5000, 1.0000e-04");
});

it("the summary of an epoch", () => {
  const end: Progress = { step: 10, target: 10, elapsed: 75.6, perStep: 2e-3, done: true };
  expect(summaryLine(end, { loss: 0.25 })).toBe("10/10 - 76s - 2ms/step - loss: 0.2500");
  expect(summaryLine({ ...end, target: null }, {})).toBe("10/10 - 76s - 2ms/step");
});
