// Panics that trap immediately. In a page nothing prints their messages: JavaScript only sees the trap (`reportTrap` in
// ts/runtime/module.ts). Without messages, call sites need no locations, and formatting code has no caller.

import { readdirSync, readFileSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { StepFailed } from "../steps.mjs";

/**
 * Functions of std that never return, in wasm-bindgen's spelling: the crate's name is followed by its hash; with an
 * older Rust the function's hash is at the end.
 */
const PANICS =
  /^(core|alloc)(\[\w+\])?::(panicking::.+|.+::(panic_\w+|\w+_fail|\w+_failed|handle_error|handle_alloc_error|capacity_overflow)(::h[0-9a-f]{16})?)$/;

/** Paths of Rust's source files: gradstep's, and std's. */
const SOURCE = /(?:crates|\/rust\w*)\/[\w./-]+?\.rs(?![\w.])/g;

/** Literals that only panics show; those of errors stay. */
const MESSAGES = /(?:expect\(|panic!\(|unreachable!\(|assert\w*!\([^;"]*?)\s*"([^"\\{}\n]{7,})"/g;

const ASSERTION = "assertion failed: ";

/** Texts of std, long enough to be nothing else. */
const TEXTS = [
  "slice index starts at ",
  " but ends at ",
  "index out of bounds: the len is ",
  " but the index is ",
  "range start index ",
  "range end index ",
  " out of range for slice of length ",
  "assertion `left ",
  " right` failed\n  left: ",
  "copy_from_slice: source slice length (",
  ") does not match destination slice length (",
  "capacity overflow",
  "attempt to divide by zero",
  "chunk size must be non-zero",
  "mid > len",
  "assertion failed: psize >= size + min_overhead",
  "assertion failed: psize <= size + max_overhead",
];

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
  // Their texts and the paths of their source files would stay as data; zeros take no space.
  const data = silent.toString("latin1");
  for (const { index, 0: path } of data.matchAll(SOURCE)) silent.fill(0, index, index + path.length);
  for (const text of textsIn(data)) {
    for (let at = data.indexOf(text); at >= 0; at = data.indexOf(text, at + 1)) silent.fill(0, at, at + text.length);
  }
  return silent;
}

/** The texts of panics in the module: those of std, the sources' messages with a space, and their assertions. */
function textsIn(data) {
  const files = readdirSync(inRoot("crates"), { recursive: true, encoding: "utf8" }).filter((file) =>
    /src.*\.rs$/.test(file),
  );
  const code = files.map((file) => readFileSync(inRoot("crates", file), "utf8")).join("\n");
  const literals = [...code.matchAll(MESSAGES)].map(([, text]) => text).filter((text) => text.includes(" "));
  const bare = code.replaceAll(/\s/g, "");
  const isAsserted = (text) => /[,)]/.test(bare[bare.indexOf(text) + text.length] ?? "");
  const asserted = [...data.matchAll(/assertion failed: [ -~]+/g)].flatMap(([run]) => {
    // A number may follow in the data, as letters.
    for (let end = run.length; end > ASSERTION.length; end--) {
      const text = `assert!(${run.slice(ASSERTION.length, end).replaceAll(" ", "")}`;
      if (bare.includes(text) && isAsserted(text)) return [run.slice(0, end)];
    }
    return [];
  });
  return [...TEXTS, ...literals, ...asserted];
}
