// The ordinary build of the module: wasm-pack calls cargo and wasm-bindgen.

import { rmSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { captureOrStop } from "../process.mjs";
import { cargoEnv } from "./rust-flags.mjs";

export function wasmPackBuild({ outDir }) {
  // no-install: only the installed wasm-bindgen is used; no-pack: package.json is written by hand; no-opt: wasm-opt is
  // a separate step.
  const modes = ["--target", "web", "--mode", "no-install", "--no-pack", "--no-opt"];
  const output = ["--out-dir", inRoot(outDir), "--out-name", "gradstep"];
  captureOrStop("wasm-pack", ["build", inRoot("crates/wasm"), ...modes, ...output, "--", "--locked"], {
    env: cargoEnv({ simd: true, buildStd: false }),
    sentence: "wasm-pack could not build crates/wasm (its output is above).",
  });
  // wasm-pack writes `*`, which would exclude the files from an npm package.
  rmSync(inRoot(outDir, ".gitignore"), { force: true });
}
