// Flags of rustc for all modules: the two that are shipped, and the scalar one of the tests.

import { homedir } from "node:os";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { capture } from "../process.mjs";

/** Keeps paths of the build machine out of the module: panics name files. The last match counts. */
function remappedPaths() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const sysroot = capture("rustc", ["--print", "sysroot"]).stdout.trim();
  const paths = [
    [cargoHome, "cargo"],
    [join(sysroot, "lib/rustlib/src/rust"), "rust"],
    [root, "gradstep"],
  ];
  return paths.map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
}

/**
 * LLVM's inlining threshold is 225 by default. 137 makes the module 2 % smaller and no kernel slower. Below 100 the
 * module grows again.
 */
const inlineThreshold = ["-C", "llvm-args=-inline-threshold=137"];

/**
 * Function names are kept until panics.mjs has read them. Without `strip` in Cargo.toml the section of target features
 * would stay too: wasm-bindgen would use reference types then, which Chrome 91 to 95 and Node 16 do not have.
 */
const keepNames = ["-C", "link-arg=--keep-section=name"];

/**
 * A module on a shared memory that it imports. std is precompiled, and its allocator has no lock: helpers never
 * allocate. wasm-bindgen requires the exports.
 */
const sharedMemory = [
  "-C",
  "target-feature=+atomics,+bulk-memory,+mutable-globals",
  ...["shared-memory", "import-memory", "max-memory=4294967296"].flatMap((arg) => ["-C", `link-arg=--${arg}`]),
  ...["__wasm_init_tls", "__tls_size", "__tls_align", "__tls_base", "__stack_pointer", "__heap_base"].flatMap(
    (name) => ["-C", `link-arg=--export=${name}`],
  ),
];

/** The environment of a wasm build. The encoded form replaces all other settings of flags and allows spaces in paths. */
export function cargoEnv({ simd, buildStd, threads = false }) {
  const flags = [
    ...(simd ? ["-C", "target-feature=+simd128"] : []),
    ...(threads ? sharedMemory : []),
    ...inlineThreshold,
    ...keepNames,
    ...remappedPaths(),
  ];
  const env = { CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  // The wait and notify instructions are not stable.
  if (threads) env.RUSTC_BOOTSTRAP = "1";
  if (!buildStd) return env;
  // -Z build-std on a stable compiler; and Debian's rustc has no linker for wasm.
  return { ...env, RUSTC_BOOTSTRAP: "1", CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: "/usr/bin/wasm-ld" };
}

export const buildStdArgs = ["-Z", "build-std=std,panic_abort"];
