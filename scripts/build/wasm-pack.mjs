// The ordinary build of the module: wasm-pack calls cargo and wasm-bindgen.

import { rmSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { run } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { cargoEnv } from "./rust-flags.mjs";

export async function wasmPackBuild({ outDir }) {
  // no-install: only our own wasm-bindgen; no-pack: our package.json is hand-written; no-opt: wasm-opt is a step of ours.
  const modes = ["--target", "web", "--mode", "no-install", "--no-pack", "--no-opt"];
  const args = [
    "--quiet",
    "build",
    inRoot("crates/wasm"),
    ...modes,
    "--out-dir",
    inRoot(outDir),
    "--out-name",
    "gradstep",
  ];
  const { code } = await run("wasm-pack", args, { env: cargoEnv({ simd: true, buildStd: false }) });
  if (code !== 0) throw new StepFailed("wasm-pack could not build crates/wasm (its output is above).");
  // wasm-pack writes `*` here, which would keep the files out of an npm package.
  rmSync(inRoot(outDir, ".gitignore"), { force: true });
}
