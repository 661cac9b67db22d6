/** A project that installed the packed package: shared by the suites of this folder. */

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { makeConsumer } from "../../scripts/packed-package.mjs";

/** A program in our node_modules. */
export const tool = (path: string) => resolve(import.meta.dirname, "../../node_modules", path);

/** Output of the programs below: Adam's first step moves each weight by the learning rate. */
export const FIRST_STEP = [0.5, 1.5, 2.5, 3.5];

/** A step of Adam from `[1, 2, 3, 4]`, printed as JSON. */
export const STEP = `
const w = new Variable([1, 2, 3, 4], { shape: [4], name: "w" });
const optimizer = new Adam({ learningRate: 0.5 });
optimizer.applyGradients([[new Float32Array([1, 6, 7, 2]), w]]);
console.log(JSON.stringify([...w.array()]));
`;

/** Registers the making and removing of a consumer; the returned object is usable inside of tests. */
export function useConsumer() {
  let folder = "";
  beforeAll(() => {
    folder = makeConsumer();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  /** Runs a program in the project and returns what it printed; throws with its output when it fails. */
  const run = (program: string, ...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
    return stdout;
  };
  /** Output of strict TypeScript for modules that use the package, by name; throws if it finds errors. */
  const typeErrors = (
    programs: Readonly<Record<string, string>>,
    moduleResolution: string,
    skipLibCheck = false,
  ): string => {
    const files = Object.entries(programs).map(([name, program]) => write(`types-${name}.ts`, program));
    const compilerOptions = {
      target: "es2022",
      lib: ["es2022", "dom", "esnext.disposable"],
      module: moduleResolution === "nodenext" ? "nodenext" : "esnext",
      moduleResolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck,
      noEmit: true,
      types: [],
    };
    const config = write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
    return run(process.execPath, tool("typescript/bin/tsc"), "-p", config);
  };
  const folderOf = (name: string): void => {
    mkdirSync(join(folder, name), { recursive: true });
  };
  const copy = (from: string, name: string): void => copyFileSync(from, join(folder, name));
  return { copy, folder: folderOf, path: (name: string) => join(folder, name), write, run, typeErrors };
}
