// A copy of the working tree, for the mutants: the files of the checkout are never changed.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { flatten } from "../build/flat.mjs";
import { bundleWorkers } from "../build/typescript.mjs";
import { inRoot, localCache } from "../paths.mjs";
import { capture } from "../process.mjs";

export const tree = join(localCache, "mutants");

const write = (name, content) => {
  const path = join(tree, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

/** Recreates the copy, with `files` (`{ name, content }`) replacing those of the same names, and builds its dist/. */
export async function makeTree(files) {
  rmSync(tree, { recursive: true, force: true });
  const listed = capture("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).stdout;
  for (const name of listed.split("\0").filter(Boolean)) {
    cpSync(inRoot(name), join(tree, name), { recursive: true, filter: () => true, force: true });
  }
  for (const made of ["pkg", "pkg-scalar", "ts/runtime/generated"]) {
    cpSync(inRoot(made), join(tree, made), { recursive: true });
  }
  symlinkSync(inRoot("node_modules"), join(tree, "node_modules"));
  for (const { name, content } of files) write(name, content);
  await buildDist();
}

/** As `npm run build` does, by esbuild: mutants need not pass the type checker. */
async function buildDist() {
  const { transform } = await import("esbuild");
  const names = readdirSync(join(tree, "ts"), { recursive: true }).filter((name) => name.endsWith(".ts"));
  for (const name of names) {
    const { code } = await transform(readFileSync(join(tree, "ts", name), "utf8"), { loader: "ts", target: "es2022" });
    write(join("dist", name.replace(/\.ts$/, ".js")), code);
  }
  cpSync(join(tree, "ts/runtime/generated"), join(tree, "dist/runtime/generated"), { recursive: true });
  cpSync(join(tree, "pkg/gradstep.wasm"), join(tree, "dist/gradstep.wasm"));
  await bundleWorkers(join(tree, "dist"));
  await flatten(join(tree, "dist"));
}
