/** The installed package in each runtime, without configuration. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FIRST_STEP, STEP, tool, useConsumer } from "./consumer.js";

const consumer = useConsumer();

const EMBEDDED = `import { Adam, Variable } from "gradstep";\n${STEP}`;

const SLIM = `
import { readFileSync } from "node:fs";
import { Adam, initSync, Variable } from "gradstep/slim";
initSync({ bytes: readFileSync(new URL(import.meta.resolve("gradstep/gradstep.wasm"))) });
${STEP}`;

/** Checks the last line that a program printed. */
function expectFirstStep(output: string) {
  const weights = JSON.parse(output.trim().split("\n").at(-1) ?? "") as number[];
  expect(weights).toHaveLength(FIRST_STEP.length);
  weights.forEach((weight, i) => expect(weight).toBeCloseTo(FIRST_STEP[i] ?? Number.NaN, 5));
}

test.each([
  ["Node", process.execPath, []],
  ["Deno, with no permission", tool(".bin/deno"), ["run", "--no-prompt", "--no-lock"]],
  ["Bun", tool(".bin/bun"), ["run"]],
])("gradstep in %s", (_, program, args) => {
  expectFirstStep(consumer.run(program, ...args, consumer.write("embedded.mjs", EMBEDDED)));
});

test("the example of a worker in Deno, with no permission", () => {
  const program = readFileSync(new URL("../../examples/deno-worker/main.ts", import.meta.url), "utf8");
  const file = consumer.write("deno-worker.ts", program);
  const printed = consumer.run(tool(".bin/deno"), "run", "--no-prompt", "--no-lock", file);
  expect(printed).toMatch(/this thread ran its timer[\s\S]*it gets the same weights/);
});

test.each([
  ["Node", process.execPath, []],
  ["Deno, which may read", tool(".bin/deno"), ["run", "--no-prompt", "--no-lock", "--allow-read"]],
  ["Bun", tool(".bin/bun"), ["run"]],
])("gradstep/slim with the file's bytes in %s", (_, program, args) => {
  expectFirstStep(consumer.run(program, ...args, consumer.write("slim.mjs", SLIM)));
});

test("gradstep/slim says what is missing before init", () => {
  const program = `
import { Adam, Variable } from "gradstep/slim";
try { ${STEP} } catch (error) { console.log(error.message); }`;
  const output = consumer.run(process.execPath, consumer.write("uninitialised.mjs", program));
  expect(output).toMatch(/init/);
});
