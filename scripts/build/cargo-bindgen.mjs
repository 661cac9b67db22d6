// The two steps of wasm-pack, done by hand: for Debian's Rust, which wasm-pack refuses, and for the scalar module.

import { join } from "node:path";
import { inRoot } from "../paths.mjs";
import { run } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { wasmTarget } from "../toolchain/versions.mjs";
import { buildStdArgs, cargoEnv } from "./rust-flags.mjs";

export async function cargoAndBindgen({ simd, buildStd, targetDir, outDir }) {
  const target = ["--target", wasmTarget, "--target-dir", inRoot(targetDir), ...(buildStd ? buildStdArgs : [])];
  const args = ["build", "--quiet", "--release", "--package", "gradstep-wasm", ...target];
  const compiled = await run("cargo", args, { env: cargoEnv({ simd, buildStd }) });
  if (compiled.code !== 0) throw new StepFailed("cargo could not build crates/wasm (its output is above).");

  const module = join(inRoot(targetDir), wasmTarget, "release", "gradstep_wasm.wasm");
  // The same options as in crates/wasm/Cargo.toml, which only wasm-pack reads.
  const options = [
    "--target",
    "web",
    "--omit-default-module-path",
    "--out-dir",
    inRoot(outDir),
    "--out-name",
    "gradstep",
  ];
  const bound = await run("wasm-bindgen", [...options, module]);
  if (bound.code !== 0)
    throw new StepFailed("wasm-bindgen could not process the compiled module (its output is above).");
}
