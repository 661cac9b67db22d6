/** scripts/suites/lost-browser.mjs: what runs again when a browser dies, and what never does. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { afterLoss, LOST } from "../../scripts/suites/lost-browser.mjs";

const file = (path: string, ended: boolean, { passed = 0, failed = 0, skipped = 0 } = {}) => ({
  path,
  ended,
  passed,
  failed,
  skipped,
});
const files = [
  file("passed", true, { passed: 3 }),
  file("failed", true, { passed: 2, failed: 1 }),
  file("skipped", true, { skipped: 1 }),
  file("interrupted", false, { passed: 2, skipped: 4 }),
  file("interrupted after a failure", false, { passed: 1, failed: 1, skipped: 1 }),
  file("never started", false),
];
const paths = (outcomes: readonly { path: string }[]) => outcomes.map(({ path }) => path);
const loss = ["Failed to run the test interrupted.", LOST, '[birpc] rpc is closed, cannot call "createTesters"'];

it("files without a result run again; those with one, or with a failure, do not", () => {
  const { lost, kept, again } = afterLoss({ errors: [loss], files });
  expect(lost).toBe(true);
  expect(again).toEqual(["interrupted", "never started"]);
  expect(paths(kept)).toEqual(["passed", "failed", "skipped", "interrupted after a failure"]);
});

it.each([
  ["no error", []],
  ["an error of the tests", [["boom"]]],
  ["an error of the tests beside the loss", [loss, ["boom"]]],
  ["an error that only mentions the loss", [[`boom: ${LOST}`]]],
  ["an error without a message", [[""]]],
])("nothing runs again after %s", (_case, errors) => {
  expect(afterLoss({ errors, files })).toEqual({ lost: false, kept: files, again: [] });
});

it("the sentence is that of the installed Vitest", () => {
  const source = resolve(import.meta.dirname, "../../node_modules/@vitest/browser/dist/index.js");
  expect(readFileSync(source, "utf8")).toContain(LOST);
});
