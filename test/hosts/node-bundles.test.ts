/** Bundles for Node, as servers build them: they train, start workers from the embedded script, save and load. */

import { expect, test } from "vitest";
import { FILES } from "../packaging/worker-programs.js";
import { outcome, type Project, project, works } from "./project.js";

/** A project with a program, `program.mjs`. */
function program(host: string): Project {
  const made = project(host);
  made.write("program.mjs", FILES);
  return made;
}

/** Runs a bundle in this Node, where its project has no packages. */
function expectWorks({ run, remove }: Project, bundle: string): void {
  remove("node_modules");
  expect(outcome(run(process.execPath, [bundle]))).toEqual(works());
}

test.each(["webpack", "rspack"])("%s, without a warning", async (host) => {
  const made = program(host);
  const { folder, path } = made;
  const loaded = await made.load(host === "webpack" ? "webpack" : "@rspack/core");
  const bundler = loaded.default?.rspack ?? loaded.rspack ?? loaded.default;
  const output = { path: path("out"), filename: "bundle.cjs" };
  const compiler = bundler({ context: folder, mode: "production", target: "node", entry: "./program.mjs", output });
  const stats = await new Promise<{ toString(options: object): string }>((resolve, reject) =>
    compiler.run((error: unknown, all: { toString(options: object): string }) =>
      error ? reject(error) : resolve(all),
    ),
  );
  expect(stats.toString({ all: false, errors: true, warnings: true })).toBe("");
  await new Promise((closed) => compiler.close(closed));
  expectWorks(made, path("out/bundle.cjs"));
});

test.each(["vite-5", "vite-6", "vite-7", "vite-8"])("%s, SSR with everything in it", (host) => {
  const made = program(host);
  const { path, run, tool, write } = made;
  write("vite.config.mjs", "export default { ssr: { noExternal: true } };");
  run(process.execPath, [tool("vite/bin/vite.js"), "build", "--ssr", "program.mjs", "--logLevel", "warn"]);
  expectWorks(made, made.isThere("dist/program.mjs") ? path("dist/program.mjs") : path("dist/program.js"));
});

test("rollup", () => {
  const made = program("rollup");
  const { path, run, tool, write } = made;
  const config = write(
    "rollup.config.mjs",
    `import { nodeResolve } from "@rollup/plugin-node-resolve";
export default {
  input: "program.mjs",
  output: { dir: "out", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" },
  plugins: [nodeResolve({ exportConditions: ["node"] })],
};`,
  );
  run(process.execPath, [tool("rollup/dist/bin/rollup"), "--config", config, "--silent"]);
  expectWorks(made, path("out/program.mjs"));
});

test.each(["esm", "cjs"])("esbuild, %s", async (format) => {
  const made = program("esbuild");
  const { build } = (await made.load("esbuild")).default;
  const outfile = made.path(`out/bundle.${format === "esm" ? "mjs" : "cjs"}`);
  const entryPoints = ["program.mjs"];
  await build({ absWorkingDir: made.folder, entryPoints, bundle: true, platform: "node", outfile, format });
  expectWorks(made, outfile);
});
