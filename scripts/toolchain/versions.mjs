// Every version that npm and Cargo.lock don't pin.

import { readFileSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { StepFailed } from "../steps.mjs";

export const wasmTarget = "wasm32-unknown-unknown";

/** The oldest Node for Vite 8 and Vitest 4; the package itself runs on every Node from 20.0. */
export const minimumNode = [20, 19];

/** The same version as the wasm-bindgen crate: their private protocol changes with each release. */
export const wasmBindgen = { crate: "wasm-bindgen-cli", program: "wasm-bindgen", version: "0.2.129" };

export const wasmPack = { crate: "wasm-pack", program: "wasm-pack", version: "0.15.1" };

/** Only for `npm run mutants -- crates/...`. It only runs as cargo's subcommand. */
export const cargoMutants = {
  crate: "cargo-mutants",
  program: "cargo-mutants",
  version: "27.1.0",
  asks: ["mutants", "--version"],
};

/** The oldest Rust that works, from `rust-version` in Cargo.toml, as [major, minor]. */
export function minimumRust() {
  const match = /^rust-version\s*=\s*"(\d+)\.(\d+)/m.exec(readFileSync(inRoot("Cargo.toml"), "utf8"));
  if (!match)
    throw new StepFailed(
      'Cargo.toml names no `rust-version = "x.y"`; the set-up needs it to judge the installed Rust.',
    );
  return [Number(match[1]), Number(match[2])];
}

/** Whether `text` (the output of `--version`) names a version of at least [major, minor]. */
export function isAtLeast(text, [major, minor]) {
  const match = /(\d+)\.(\d+)/.exec(text);
  if (!match) return false;
  const found = [Number(match[1]), Number(match[2])];
  return found[0] > major || (found[0] === major && found[1] >= minor);
}
