/**
 * The TypeScript in README.md and in the doc comments of ts/: every block runs, gives what its comments say, and
 * has the types it should have.
 */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { optimizers } from "../../ts/index.js";
import { fromKeras } from "../../ts/keras-names.js";
import { BASE_OPTION_NAMES } from "../../ts/optimizers/options.js";
import { builtInOptimizers } from "../../ts/optimizers/registry.js";
import { blocksOfMarkdown, blocksOfSources, runnable, typeErrors } from "./code-blocks.js";
import { nodeModule, root } from "./program.js";

const blocks = [...blocksOfMarkdown("README.md"), ...blocksOfSources("ts")];

it.each(blocks)("$file:$line", async ({ code }) => {
  const { code: exit, stderr } = await nodeModule(runnable(code));
  expect(exit, stderr).toBe(0);
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

it("README.md's table has every optimizer, with its arguments and defaults", () => {
  const readme = readFileSync(`${root}/README.md`, "utf8");
  for (const className of builtInOptimizers.keys()) {
    const [, cell = ""] = new RegExp(`^\\| \`${className}\` \\| (.*?) \\| `, "m").exec(readme) ?? [];
    const written = [...cell.matchAll(/`(\w+)` ([^,|]+)/g)].map(([, name, value = ""]) => [name, JSON.parse(value)]);
    const inner = className === "LossScaleOptimizer" ? { inner_optimizer: { class_name: "SGD", config: {} } } : {};
    const { inner_optimizer: _, ...config } = optimizers
      .deserialize({ class_name: className, config: inner })
      .getConfig();
    // Base options stand in a table of their own, unless the optimizer's default is its own.
    const own = Object.entries(config)
      .map(([key, value]) => [fromKeras(key), value] as const)
      .filter(
        ([name, value]) =>
          name === "learningRate" || (name === "weightDecay" && value !== null) || !BASE_OPTION_NAMES.includes(name),
      )
      .map(([name, value]) => [name, name === "learningRate" ? Number((value as number).toPrecision(7)) : value]);
    expect(Object.fromEntries(written), className).toEqual(Object.fromEntries(own));
  }
});
