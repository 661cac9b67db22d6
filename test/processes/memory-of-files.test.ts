/** Hostile files that claim gigabytes: an error, and no more memory than four times the file, or 16 MB. */

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const PROGRAM = resolve(import.meta.dirname, "reading.mjs");

function run(...args: string[]): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Memory that every file may allocate, plus the process's own growth meanwhile: both are small next to a gigabyte. */
const FREE = 2 ** 24 + 2 ** 25;

const REFUSED = /^ERR_(FILE_INVALID|WEIGHTS_SHAPE|WEIGHTS_NAMES)$/;

it.each(run() as string[])("%s", (name) => {
  const { code, length, grown } = run(name) as { code: string; length: number; grown: number };
  // The state of another optimizer is left out, and the weights are loaded.
  expect(code).toMatch(name === "an .npz with huge state" ? /^read$/ : REFUSED);
  expect(grown).toBeLessThanOrEqual(4 * length + FREE);
});
