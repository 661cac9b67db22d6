// Rust to pkg/ and, on shared memory, to pkg-threads/ (both with SIMD128, shipped), and to pkg-scalar/ (without SIMD; the
// tests compare bit by bit).

import { readFileSync, rmSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { StepFailed } from "../steps.mjs";
import { wasmBindgen, wasmPack } from "../toolchain/versions.mjs";
import { cargoAndBindgen } from "./cargo-bindgen.mjs";
import { cargoEnv } from "./rust-flags.mjs";
import { rebuildIfStale } from "./stale.mjs";
import { wasmPackBuild } from "./wasm-pack.mjs";

const sources = [
  "Cargo.toml",
  "Cargo.lock",
  "crates/core/Cargo.toml",
  "crates/core/src",
  "crates/nn/Cargo.toml",
  "crates/nn/src",
  "crates/wasm",
];
const scripts = ["wasm.mjs", "wasm-pack.mjs", "cargo-bindgen.mjs", "rust-flags.mjs"].map(
  (file) => `scripts/build/${file}`,
);
const inputs = [...sources, ...scripts].map((path) => inRoot(path));

/**
 * The crate and the CLI must have the same version; checked first, because wasm-bindgen only reports it after
 * compiling.
 */
function checkVersions() {
  const lock = readFileSync(inRoot("Cargo.lock"), "utf8");
  const crate = /^name = "wasm-bindgen"\nversion = "(.+)"/m.exec(lock)?.[1];
  if (crate === wasmBindgen.version) return;
  throw new StepFailed(
    `Cargo.lock has the crate wasm-bindgen ${crate ?? "(missing)"}, scripts/toolchain/versions.mjs has its CLI ` +
      `${wasmBindgen.version}: the two must be equal. Correct the version in Cargo.toml or in versions.mjs.`,
  );
}

/** One of the modules; `facts` are what determines its bytes in addition to the sources. */
function build({ name, rust, simd, threads = false, folder, work }) {
  checkVersions();
  const bindings = rust.buildStd ? "by hand" : wasmPack.version;
  const facts = [rust.release, wasmBindgen.version, bindings, JSON.stringify(cargoEnv({ simd, threads, ...rust }))];
  const outputs = ["gradstep.js", "gradstep.d.ts", "gradstep_bg.wasm"].map((file) => inRoot(folder, file));
  const fromNothing = () => {
    rmSync(inRoot(folder), { recursive: true, force: true });
    work();
  };
  return rebuildIfStale({ name, inputs, facts, outputs, work: fromNothing });
}

/** The module of the package, not yet optimised. */
export function buildWasm(rust) {
  const work = () => {
    if (rust.buildStd) cargoAndBindgen({ simd: true, buildStd: true, targetDir: "target", outDir: "pkg" });
    else wasmPackBuild({ outDir: "pkg" });
  };
  return build({ name: "wasm", rust, simd: true, folder: "pkg", work });
}

/**
 * The module of gradstep/threads, not yet optimised. A separate file, because the memory of all others must stay
 * unshared.
 */
export function buildThreads(rust) {
  const { buildStd } = rust;
  const output = { targetDir: "target/threads", outDir: "pkg-threads" };
  const work = () => cargoAndBindgen({ simd: true, threads: true, buildStd, ...output, features: ["threads"] });
  return build({ name: "wasm-threads", rust, simd: true, threads: true, folder: "pkg-threads", work });
}

/** The same crate without SIMD128, and with allocations that fail on request. A separate target folder: in a shared one, each build would undo the other. */
export function buildScalar(rust) {
  const { buildStd } = rust;
  const output = { targetDir: "target/scalar", outDir: "pkg-scalar" };
  const work = () => cargoAndBindgen({ simd: false, buildStd, ...output, features: ["failing"] });
  return build({ name: "wasm-scalar", rust, simd: false, folder: "pkg-scalar", work });
}
