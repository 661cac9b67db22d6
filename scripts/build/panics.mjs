// Panics that trap at once. Nothing prints their messages in a page: all that JavaScript sees is the trap (`reportTrap`
// in ts/runtime/module.ts). Without messages, call sites need not say where they are, and formatting has no caller.

import { StepFailed } from "../steps.mjs";

/**
 * Functions of std that never return, as wasm-bindgen writes their names: behind the crate stands its hash, with an older
 * Rust the function's at the end.
 */
const PANICS =
  /^(core|alloc)(\[\w+\])?::(panicking::.+|.+::(panic_\w+|\w+_fail|\w+_failed|handle_error|handle_alloc_error|capacity_overflow)(::h[0-9a-f]{16})?)$/;

/** Paths of Rust's source files: gradstep's, and std's. */
const SOURCE = /(?:crates|\/rust\w*)\/[\w./-]+?\.rs(?![\w.])/g;

/** The same module, where each of them is one `unreachable`. One on shared memory copies its data in by code. */
export async function withoutPanics(bytes, { isShared }) {
  // Not at the top: this file is loaded before the npm packages are there.
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
  // The paths of their source files stay as data; zeros take no room.
  for (const { index, 0: path } of silent.toString("latin1").matchAll(SOURCE))
    silent.fill(0, index, index + path.length);
  return silent;
}
