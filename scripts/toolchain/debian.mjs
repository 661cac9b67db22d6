// Debian's recent Rust (the packages that build its browsers), used if rustup is missing or cannot download. They
// contain the standard library for wasm32 only as source code, which the build compiles too (-Z build-std).

import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { toolCache } from "../paths.mjs";
import { capture, prependPath, which } from "../process.mjs";
import { aptCommand, aptInstall } from "./apt.mjs";
import { isAtLeast, minimumRust } from "./versions.mjs";

// gcc links build scripts and the tools that cargo installs; rustfmt and clippy are for `npm run check`.
const packages = "rustc-web cargo-web rust-web-src lld gcc libc6-dev rustfmt-web rust-web-clippy".split(" ");
const programs = ["cargo", "rustc", "rustdoc", "rustfmt", "cargo-fmt", "cargo-clippy", "clippy-driver"];
const inUsrBin = (program) => join("/usr/bin", program);

function isInstalled() {
  if (![...programs, "wasm-ld"].every((program) => existsSync(inUsrBin(program)))) return false;
  if (!isAtLeast(capture(inUsrBin("rustc"), ["--version"]).stdout, minimumRust())) return false;
  const sysroot = capture(inUsrBin("rustc"), ["--print", "sysroot"]).stdout.trim();
  return existsSync(join(sysroot, "lib/rustlib/src/rust/library/Cargo.lock"));
}

/** PATH may start with rustup's programs, which were found unusable: Debian's are put before them. */
function putFirstInPath() {
  const folder = join(toolCache, "tools", "debian-rust");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const program of programs) symlinkSync(inUsrBin(program), join(folder, program));
  prependPath(folder);
}

/** Returns `{ outcome, buildStd }`, or `{ reason }` with what the user can do about it. */
export function prepareDebian(note) {
  if (!existsSync("/etc/debian_version") || !which("apt-get"))
    return { reason: "this is not Debian, whose packages would do" };
  let outcome = "Debian's packages";
  if (!isInstalled()) {
    const command = aptCommand(packages);
    const stderr = aptInstall(packages, "Rust", note);
    if (stderr === undefined) return { reason: `Debian's packages are not installed; run as root: ${command}` };
    if (!isInstalled())
      return {
        reason: `Debian's packages could not be installed by \`${command}\`: ${stderr.trim().split("\n").at(-1)}`,
      };
    outcome = "installed Debian's packages";
  }
  putFirstInPath();
  return { outcome, buildStd: true };
}
