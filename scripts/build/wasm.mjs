// Rust to WebAssembly: cargo and wasm-bindgen (through wasm-pack where it works), then binaryen's wasm-opt.

import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { inRoot, root } from "../paths.mjs";
import { capture } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { wasmBindgen, wasmTarget } from "../toolchain/versions.mjs";
import { rebuildIfStale } from "./stale.mjs";

const sources = ["crates", "Cargo.toml", "Cargo.lock", "scripts/build", "scripts/toolchain/versions.mjs"].map((path) =>
  inRoot(path),
);
// Spelled out: binaryen refuses a module whose features it is not told, and --all-features would let it use new ones.
const optFlags =
  "-O3 --enable-simd --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals --enable-reference-types --enable-multivalue".split(
    " ",
  );

/** No path of this machine goes into the module. */
const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
const remap = [`--remap-path-prefix=${root}=gradstep`, `--remap-path-prefix=${cargoHome}=cargo`];
const rustFlags = (simd) => [...(simd ? ["-C", "target-feature=+simd128"] : []), ...remap].join(" ");

function must(command, args, env = {}) {
  const { ok, stdout, stderr } = capture(command, args, { env });
  if (!ok)
    throw new StepFailed(
      `\`${command} ${args.slice(0, 3).join(" ")} ...\` failed (its output is above).`,
      stdout + stderr,
    );
}

/** The crate and the command-line tool speak a private protocol: a difference shows up late and unclear. */
function checkVersions() {
  const lock = readFileSync(inRoot("Cargo.lock"), "utf8");
  const locked = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock)?.[1];
  if (locked !== wasmBindgen.version) {
    throw new StepFailed(
      `Cargo.lock has wasm-bindgen ${locked}, scripts/toolchain/versions.mjs has ${wasmBindgen.version}: make them the same.`,
    );
  }
}

function cargoBuild(rust, simd, targetDir) {
  const buildStd = rust.buildStd ? ["-Z", "build-std=std,panic_abort"] : [];
  const env = { RUSTFLAGS: rustFlags(simd) };
  if (rust.buildStd)
    Object.assign(env, { RUSTC_BOOTSTRAP: "1", CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: "/usr/bin/wasm-ld" });
  const args = [
    "build",
    "-p",
    "gradstep-wasm",
    "--release",
    "--locked",
    "--target",
    wasmTarget,
    "--target-dir",
    inRoot(targetDir),
  ];
  must("cargo", [...args, ...buildStd], env);
  return inRoot(targetDir, wasmTarget, "release", "gradstep_wasm.wasm");
}

function bindgen(wasm, outDir) {
  must("wasm-bindgen", [
    "--target",
    "web",
    "--omit-default-module-path",
    "--out-dir",
    outDir,
    "--out-name",
    "gradstep",
    wasm,
  ]);
}

function wasmPack() {
  const args =
    "build crates/wasm --target web --mode no-install --no-pack --no-opt --out-dir ../../pkg --out-name gradstep -- --locked".split(
      " ",
    );
  must("wasm-pack", args, { RUSTFLAGS: rustFlags(true) });
  // It holds "*", and npm would follow it: the package would be empty.
  rmSync(inRoot("pkg/.gitignore"), { force: true });
}

function optimize(file) {
  must(process.execPath, [inRoot("node_modules/binaryen/bin/wasm-opt"), ...optFlags, file, "-o", file]);
}

function checkNoPaths(file) {
  const text = readFileSync(file, "latin1");
  const found = [root, homedir()].find((path) => path.length > 1 && text.includes(path));
  if (found) throw new StepFailed(`${file} has a path of this machine in it (${found}).`);
}

/** The module of the package: pkg/gradstep_bg.wasm and its glue. */
export function buildWasm(rust) {
  return rebuildIfStale({
    name: "wasm",
    inputs: sources,
    facts: [rust.release, optFlags.join(" "), rustFlags(true)],
    outputs: [inRoot("pkg/gradstep.js"), inRoot("pkg/gradstep.d.ts"), inRoot("pkg/gradstep_bg.wasm")],
    work: () => {
      checkVersions();
      if (rust.buildStd) bindgen(cargoBuild(rust, true, "target"), inRoot("pkg"));
      else wasmPack();
      optimize(inRoot("pkg/gradstep_bg.wasm"));
      checkNoPaths(inRoot("pkg/gradstep_bg.wasm"));
    },
  });
}

/** The same crate without SIMD128, for the tests that hold the two against each other bit for bit. */
export function buildScalar(rust) {
  return rebuildIfStale({
    name: "scalar",
    inputs: sources,
    facts: [rust.release, rustFlags(false)],
    outputs: [inRoot("pkg-scalar/gradstep_bg.wasm")],
    work: () => {
      const made = inRoot("target/scalar/bindgen");
      bindgen(cargoBuild(rust, false, "target/scalar"), made);
      mkdirSync(inRoot("pkg-scalar"), { recursive: true });
      copyFileSync(join(made, "gradstep_bg.wasm"), inRoot("pkg-scalar/gradstep_bg.wasm"));
    },
  });
}
