/** Workers of programs that were bundled without the worker's file: they start from the script that the package embeds. */

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build } from "esbuild";
import { rollup } from "rollup";
import { expect, test } from "vitest";
import webpack from "webpack";
import { tool, useConsumer } from "./consumer.js";
import { FILES, REPORT, WORKERS } from "./worker-programs.js";

const consumer = useConsumer();

const DENO = tool(".bin/deno");
const BUN = tool(".bin/bun");
const NODE = process.execPath;

/** Writes the program, which also saves a model, into a folder without any packages, and returns the path for its bundle. */
function paths(name: string, extension = "mjs", program = FILES) {
  mkdirSync(consumer.path(`apart/${name}`), { recursive: true });
  return {
    entry: consumer.write(`${name}.entry.mjs`, program),
    output: consumer.path(`apart/${name}/program.${extension}`),
  };
}

/** Runs a bundle. @returns what it reported */
function reported(program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: consumer.path("apart"),
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stderr: status === 0 ? "" : stderr, report: REPORT.exec(stdout)?.[1] };
}

const RAN = { status: 0, stderr: "", report: "same weights, replicas learn, no warnings" };

test.each(["esm", "cjs"] as const)("esbuild, %s, in Node", async (format) => {
  const { entry, output } = paths(`esbuild-${format}`, format === "esm" ? "mjs" : "cjs");
  const options = { bundle: true, platform: "node", logLevel: "silent", target: "es2022" } as const;
  await build({ entryPoints: [entry], outfile: output, format, ...options });
  expect(reported(NODE, output)).toEqual(RAN);
});

test("esbuild, minified, in Bun and in Deno without permissions", async () => {
  const { entry, output } = paths("esbuild-browser", "mjs", WORKERS);
  const options = { bundle: true, minify: true, platform: "browser", logLevel: "silent" } as const;
  await build({ entryPoints: [entry], outfile: output, format: "esm", ...options });
  expect(reported(BUN, "run", output)).toEqual(RAN);
  expect(reported(DENO, "run", "--no-prompt", "--no-lock", output)).toEqual(RAN);
});

test("Rollup, in Node", async () => {
  const { entry } = paths("rollup");
  const bundle = await rollup({ input: entry, plugins: [nodeResolve({ exportConditions: ["node"] })] });
  await bundle.write({
    dir: consumer.path("apart/rollup"),
    entryFileNames: "program.mjs",
    chunkFileNames: "[name].mjs",
  });
  expect(reported(NODE, consumer.path("apart/rollup/program.mjs"))).toEqual(RAN);
});

test("webpack, in Node", async () => {
  const { entry, output } = paths("webpack", "cjs");
  const compiler = webpack({
    mode: "production",
    target: "node",
    entry,
    optimization: { minimize: false },
    output: { path: consumer.path("apart/webpack"), filename: "program.cjs" },
  });
  const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) =>
    compiler?.run((error, stats) => (error ? reject(error) : resolve(stats))),
  );
  expect(stats?.toString({ all: false, errors: true, warnings: true })).toBe("");
  expect(reported(NODE, output)).toEqual(RAN);
});

test.each([
  ["bun", BUN, "run"],
  ["node", NODE],
] as const)("bun build --target %s", (target, program, ...args) => {
  const { entry, output } = paths(`bun-${target}`, "js");
  consumer.run(BUN, "build", entry, "--target", target, "--outfile", output);
  expect(reported(program, ...args, output)).toEqual(RAN);
});

test("bun build --compile", () => {
  const { entry, output } = paths("bun-compiled", "exe");
  consumer.run(BUN, "build", "--compile", entry, "--outfile", output);
  expect(reported(output)).toEqual(RAN);
});

test("deno bundle", () => {
  const { entry, output } = paths("deno-bundle", "js", WORKERS);
  consumer.run(DENO, "bundle", "--quiet", "--no-lock", "--output", output, entry);
  expect(reported(DENO, "run", "--no-prompt", "--no-lock", output)).toEqual(RAN);
});
