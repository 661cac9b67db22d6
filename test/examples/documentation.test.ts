/**
 * The TypeScript in README.md and in the doc comments of ts/: every block runs, gives what its comments say, and
 * has the types it should have.
 */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { blocksOfMarkdown, blocksOfSources, runnable, typeErrors } from "./code-blocks.js";
import { nodeModule, root } from "./program.js";

const blocks = [...blocksOfMarkdown("README.md"), ...blocksOfSources("ts")];

it.each(blocks)("$file:$line", async ({ code }) => {
  const { code: exit, stderr } = await nodeModule(runnable(code));
  expect(stderr).toBe("");
  expect(exit).toBe(0);
});

it("has no type errors", () => {
  expect(typeErrors(blocks)).toEqual([]);
});

it("notices a comment that is wrong, and a type that is", async () => {
  const code = 'import { SGD } from "gradstep";\nconsole.log(new SGD({ momentum: 0 }).momentum); // 0.5\n';
  expect((await nodeModule(runnable(code))).stderr).toContain('The comment says "0.5", the line gives [0].');
  const mistyped = { file: "README.md", line: 7, code: code.replace("momentum: 0", 'momentum: "0"') };
  expect(typeErrors([mistyped])).toEqual([expect.stringContaining("README.md:9: Type 'string' is not assignable")]);
});

it("every optimizer and every schedule has an example", () => {
  const documented = new Set(blocks.map(({ file }) => file));
  for (const registry of ["optimizers", "schedules"]) {
    const source = readFileSync(`${root}/ts/${registry}/classes.ts`, "utf8");
    const files = [...source.matchAll(/^export \{ [A-Z]\w+, .* from "\.\/(.*)\.js";$/gm)].map(([, stem]) => stem);
    expect(files.length).toBeGreaterThan(5);
    for (const stem of files) expect(documented).toContain(`ts/${registry}/${stem}.ts`);
  }
});
