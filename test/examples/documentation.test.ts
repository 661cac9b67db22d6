/**
 * The TypeScript in README.md, docs/ and the doc comments of ts/: every block runs, has the results in its comments,
 * and has no type errors. And the tables are complete.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import {
  activations,
  callbacks,
  constraints,
  initializers,
  layers,
  losses,
  metrics,
  ops,
  optimizers,
  random,
  regularizers,
} from "../../ts/index.js";
import { fromKeras } from "../../ts/keras-names.js";
import { BASE_OPTION_NAMES } from "../../ts/optimizers/options.js";
import { builtInOptimizers } from "../../ts/optimizers/registry.js";
import { allBlocks, pages, typeErrors } from "./code-blocks.js";
import { blockRunner } from "./many-blocks.js";
import { root } from "./program.js";

const blocks = allBlocks();

const run = blockRunner(blocks);

it.each(blocks)("$file:$line", async (block) => {
  expect(await run(block)).toBe("");
});

it("has no type errors, and an added one is noticed", { timeout: 300_000 }, () => {
  const code = 'import { SGD } from "gradstep";\nconsole.log(new SGD({ momentum: "0" }).momentum);\n';
  const mistyped = { file: "mistyped", line: 7, code };
  expect(typeErrors([...blocks, mistyped])).toEqual([
    expect.stringContaining("mistyped:9: Type 'string' is not assignable"),
  ]);
});

it("notices a wrong comment, alone and among other blocks", async () => {
  const code = 'import { SGD } from "gradstep";\nconsole.log(new SGD({ momentum: 0 }).momentum); // 0.5\n';
  const wrong = { file: "wrong", line: 1, code };
  const right = { ...wrong, code: code.replace("0.5", "0") };
  const runOne = blockRunner([right, wrong, right]);
  expect(await runOne(right)).toBe("");
  expect(await runOne(wrong)).toContain('The comment says "0.5", the line gives [0].');
  expect(await runOne({ ...wrong })).toContain('The comment says "0.5", the line gives [0].');
});

it("every optimizer and every schedule has an example", () => {
  const documented = new Set(blocks.map(({ file }) => file));
  for (const registry of ["optimizers", "schedules"]) {
    const source = readFileSync(`${root}/ts/${registry}/${registry === "optimizers" ? "rules" : "classes"}.ts`, "utf8");
    const files = [...source.matchAll(/^export \{ [A-Z]\w+,? .* from "\.\/(.*)\.js";$/gm)].map(([, stem]) => stem);
    expect(files.length).toBeGreaterThan(5);
    for (const stem of files) expect(documented).toContain(`ts/${registry}/${stem}.ts`);
  }
});

it("the documents have every optimizer, with its arguments and defaults, and a section", () => {
  const read = (...pages: string[]) => pages.map((page) => readFileSync(`${root}/docs/${page}.md`, "utf8")).join("\n");
  const page = read("using-optimizers", "optimizers-beyond-keras");
  const sections = read("optimizers", "formulas-beyond-keras", "formulas-beyond-keras-n-to-z");
  for (const className of builtInOptimizers.keys()) {
    const [, cell = ""] = new RegExp(`^\\| \`${className}\` \\| (.*?) \\| `, "m").exec(page) ?? [];
    const written = [...cell.matchAll(/`(\w+)` ([^,|]+)/g)].map(([, name, value = ""]) => [name, JSON.parse(value)]);
    const inner = className === "LossScaleOptimizer" ? { inner_optimizer: { class_name: "SGD", config: {} } } : {};
    const { inner_optimizer: _, ...config } = optimizers
      .deserialize({ class_name: className, config: inner })
      .getConfig();
    // Base options are in a separate table, unless the optimizer has a different default.
    const own = Object.entries(config)
      .map(([key, value]) => [fromKeras(key), value] as const)
      .filter(
        ([name, value]) =>
          name === "learningRate" || (name === "weightDecay" && value !== null) || !BASE_OPTION_NAMES.includes(name),
      )
      .map(([name, value]) => [name, name === "learningRate" ? Number((value as number).toPrecision(7)) : value]);
    expect(Object.fromEntries(written), className).toEqual(Object.fromEntries(own));
    expect(sections).toContain(`\n## ${className}\n`);
  }
});

/** Exports that the tables need not name: bases of classes, and what every registry has. */
const UNLISTED = new Set(["Layer", "InputLayer", "SymbolicTensor", "Loss", "FunctionLoss", "Metric", "numbersOf"]);
for (const name of ["Initializer", "RandomInitializer", "Regularizer", "Constraint", "Callback"]) UNLISTED.add(name);
for (const name of ["get", "serialize", "deserialize"]) UNLISTED.add(name);

it.each([
  ["docs/layers.md", { ...layers, ...activations, ...initializers, ...regularizers, ...constraints }],
  ["docs/losses.md", losses],
  ["docs/metrics.md", metrics],
  ["docs/training.md", callbacks],
  ["docs/operations.md", { ...ops, ...random }],
])("%s leaves nothing out", (page, listed) => {
  const text = readFileSync(`${root}/${page}`, "utf8");
  // `name`, `name(x, axis)`, or Keras's spelling of a function.
  const named = new Set([...text.matchAll(/`(\w+)/g)].flatMap(([, name = ""]) => [name, fromKeras(name)]));
  const missing = Object.keys(listed).filter((name) => !named.has(name) && !UNLISTED.has(name));
  expect(missing).toEqual([]);
});

const markdown = [...pages, "CONTRIBUTING.md", "bench/README.md"];

/** GitHub's anchor of a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .trim()
    .replace(/\s/g, "-");

it.each(markdown)("links of %s have targets", (page) => {
  const text = readFileSync(`${root}/${page}`, "utf8").replace(/^```[\s\S]*?^```$/gm, "");
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
  for (const [link, path = "", fragment] of links) {
    const target = path === "" ? `${root}/${page}` : join(root, dirname(page), path);
    expect(existsSync(target), link).toBe(true);
    if (fragment === undefined) continue;
    const headings = [...readFileSync(target, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      anchor(heading),
    );
    expect(headings, link).toContain(fragment);
  }
});

it.each(pages)("%s has at most 10 kB", (page) => {
  expect(Buffer.byteLength(readFileSync(`${root}/${page}`, "utf8"))).toBeLessThanOrEqual(10_000);
});

it("README.md leads to every page and every example", () => {
  const readme = readFileSync(`${root}/README.md`, "utf8");
  const examples = readdirSync(`${root}/examples`).filter((name) => name !== "data");
  for (const path of [...pages.slice(1), ...examples.map((name) => `examples/${name}`)]) {
    expect(readme).toContain(`](${path})`);
  }
});
