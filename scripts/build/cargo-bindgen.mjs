// The two steps of wasm-pack, called directly: for Debian's Rust, which wasm-pack refuses, for the scalar module, and
// for the module with threads.

import { inRoot } from "../paths.mjs";
import { captureOrStop } from "../process.mjs";
import { wasmTarget } from "../toolchain/versions.mjs";
import { buildStdArgs, cargoEnv } from "./rust-flags.mjs";

export function cargoAndBindgen({ simd, buildStd, targetDir, outDir, threads = false, features = [] }) {
  const target = ["--target", wasmTarget, "--target-dir", inRoot(targetDir), ...(buildStd ? buildStdArgs : [])];
  const chosen = features.flatMap((feature) => ["--features", feature]);
  captureOrStop("cargo", ["build", "--release", "--locked", "--package", "gradstep-wasm", ...chosen, ...target], {
    env: cargoEnv({ simd, buildStd, threads }),
    sentence: "cargo could not build crates/wasm (its output is above).",
  });
  // The same option as in crates/wasm/Cargo.toml, which only wasm-pack reads.
  const options = ["--target", "web", "--omit-default-module-path"];
  const output = ["--out-dir", inRoot(outDir), "--out-name", "gradstep"];
  const module = inRoot(targetDir, wasmTarget, "release", "gradstep_wasm.wasm");
  captureOrStop("wasm-bindgen", [...options, ...output, module], {
    sentence: "wasm-bindgen could not process the compiled module (its output is above).",
  });
}
