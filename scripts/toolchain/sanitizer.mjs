// AddressSanitizer, which detects reads and writes outside of allocations. Its runtime is part of rustup's Rust (Linux
// and macOS), but not of every distribution's.

import { existsSync, readdirSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { capture } from "../process.mjs";

/**
 * Arguments and environment of `cargo test` under AddressSanitizer: `{ args, env }`; or `{ reason }`.
 * `release` is the output of `rustc -vV`.
 */
export function addressSanitizer({ release }) {
  const host = /^host: (.+)$/m.exec(release)?.[1] ?? "an unknown machine";
  const libraries = capture("rustc", ["--print", "target-libdir", "--target", host]).stdout.trim();
  const hasRuntime = existsSync(libraries) && readdirSync(libraries).some((file) => /_rt\.asan\.(a|dylib)$/.test(file));
  if (!hasRuntime)
    return { reason: `this Rust has no AddressSanitizer for ${host} (rustup's has, on Linux and macOS)` };
  const flag = "-Zsanitizer=address";
  // With --target, build scripts and macros are not instrumented. A separate folder, because otherwise each plain build
  // would undo it.
  const args = ["--target", host, "--target-dir", inRoot("target/sanitizer")];
  const env = {
    RUSTC_BOOTSTRAP: "1",
    CARGO_ENCODED_RUSTFLAGS: flag,
    CARGO_ENCODED_RUSTDOCFLAGS: flag,
    // Leak detection needs ptrace, which containers forbid; the core counts its memory anyway.
    ASAN_OPTIONS: "detect_leaks=0",
  };
  return { args, env };
}
