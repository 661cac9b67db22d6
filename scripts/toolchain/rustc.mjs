// Questions to the Rust compiler in PATH, or of a named rustup toolchain.

import { existsSync } from "node:fs";
import { capture } from "../process.mjs";
import { isAtLeast, minimumRust, wasmTarget } from "./versions.mjs";

/** "rustc 1.95.0 (…)", or "" without one. */
export const rustVersion = (toolchain) =>
  capture("rustc", ["--version"], toolchain ? { env: { RUSTUP_TOOLCHAIN: toolchain } } : {}).stdout.trim();

export const isNewEnough = (toolchain) => isAtLeast(rustVersion(toolchain), minimumRust());

/** Whether the wasm32 standard library is installed for the active rustc. */
export function hasWasmTarget() {
  const { ok, stdout } = capture("rustc", ["--print", "target-libdir", "--target", wasmTarget]);
  return ok && existsSync(stdout.trim());
}
