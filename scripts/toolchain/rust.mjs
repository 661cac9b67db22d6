// Rust for wasm32: from PATH, otherwise from rustup, otherwise from Debian's packages.

import { capture } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { prepareDebian } from "./debian.mjs";
import { hasWasmTarget, isNewEnough, rustVersion } from "./rustc.mjs";
import { prepareRustup } from "./rustup.mjs";

function prepareInstalled() {
  const usable = capture("cargo", ["--version"]).ok && isNewEnough() && hasWasmTarget();
  return usable ? { outcome: "ok" } : { reason: "PATH has no cargo with the wasm32 target" };
}

/**
 * Returns `{ outcome, value: { buildStd, release } }`: whether the standard library must be built too (Debian has no
 * compiled one for wasm32, and wasm-pack refuses to work without it), and the output of `rustc -vV`.
 */
export async function prepareRust(note) {
  const reasons = [];
  for (const prepare of [prepareInstalled, prepareRustup, prepareDebian]) {
    const { outcome, buildStd = false, reason } = await prepare(note);
    if (reason) reasons.push(reason);
    else {
      const release = capture("rustc", ["-vV"]).stdout;
      return { outcome: `${outcome}, ${rustVersion().split(" (")[0]}`, value: { buildStd, release } };
    }
  }
  throw new StepFailed(`There is no usable Rust here:\n  - ${reasons.join("\n  - ")}`);
}
