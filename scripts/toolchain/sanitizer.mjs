// AddressSanitizer, which finds reads and writes outside of what was allocated. Its runtime comes with rustup's Rust
// (Linux and macOS), not with every distribution's.

import { existsSync, readdirSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { capture } from "../process.mjs";

/**
 * Arguments and environment of `cargo test` under AddressSanitizer: `{ args, env }`; or `{ reason }`.
 * `release` is what `rustc -vV` says.
 */
export function addressSanitizer({ release }) {
  const host = /^host: (.+)$/m.exec(release)?.[1] ?? "an unknown machine";
  const libraries = capture("rustc", ["--print", "target-libdir", "--target", host]).stdout.trim();
  const hasRuntime = existsSync(libraries) && readdirSync(libraries).some((file) => /_rt\.asan\.(a|dylib)$/.test(file));
  if (!hasRuntime)
    return { reason: `this Rust has no AddressSanitizer for ${host} (rustup's has, on Linux and macOS)` };
  const flag = "-Zsanitizer=address";
  // With --target, build scripts and macros stay as they are. A separate folder, or each plain build would undo it.
  const args = ["--target", host, "--target-dir", inRoot("target/sanitizer")];
  const env = {
    RUSTC_BOOTSTRAP: "1",
    CARGO_ENCODED_RUSTFLAGS: flag,
    CARGO_ENCODED_RUSTDOCFLAGS: flag,
    // Looking for leaks takes ptrace, which containers forbid; and the core counts its memory itself.
    ASAN_OPTIONS: "detect_leaks=0",
  };
  return { args, env };
}
