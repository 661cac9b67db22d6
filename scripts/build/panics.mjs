// Panics that trap immediately. In a page nothing prints their messages: JavaScript only sees the trap (`reportTrap` in
// ts/runtime/module.ts). Without messages, call sites need no locations, and formatting code has no caller.

import { StepFailed } from "../steps.mjs";

/**
 * Functions of std that never return, in wasm-bindgen's spelling: the crate's name is followed by its hash; with an
 * older Rust the function's hash is at the end.
 */
const PANICS =
  /^(core|alloc)(\[\w+\])?::(panicking::.+|.+::(panic_\w+|\w+_fail|\w+_failed|handle_error|handle_alloc_error|capacity_overflow)(::h[0-9a-f]{16})?)$/;

/** Paths of Rust's source files: gradstep's, and std's. */
const SOURCE = /(?:crates|\/rust\w*)\/[\w./-]+?\.rs(?![\w.])/g;

/**
 * The same module, with each of them replaced by one `unreachable`. A module on shared memory copies its data by code.
 */
export async function withoutPanics(bytes, { isShared }) {
  // Not at the top: this file is loaded before the npm packages are installed.
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.readBinary(bytes);
  if (isShared) module.setFeatures(module.getFeatures() | binaryen.Features.BulkMemory | binaryen.Features.Atomics);
  const found = Array.from({ length: module.getNumFunctions() }, (_, i) => module.getFunctionByIndex(i)).filter((f) => {
    const { name, results } = binaryen.getFunctionInfo(f);
    return PANICS.test(name) && results === binaryen.none;
  });
  if (found.length === 0) {
    throw new StepFailed(
      "The module names no panic: it was built without names, or scripts/build/panics.mjs does not know them.",
    );
  }
  for (const f of found) binaryen.Function(f).body = module.unreachable();
  const silent = Buffer.from(module.emitBinary());
  module.dispose();
  // The paths of their source files would stay as data; zeros take no space.
  for (const { index, 0: path } of silent.toString("latin1").matchAll(SOURCE))
    silent.fill(0, index, index + path.length);
  return silent;
}
