// The usual setup: rustup's toolchain, with the wasm32 target added. Installed toolchains are used before downloading.

import { capture } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { hasWasmTarget, isNewEnough, rustVersion } from "./rustc.mjs";
import { minimumRust, wasmTarget } from "./versions.mjs";

/** The installed toolchains that are new enough: releases before nightlies, newest first. */
function usableToolchains() {
  const list = capture("rustup", ["toolchain", "list"]).stdout;
  const names = list.split("\n").map((line) => line.split(" ")[0]);
  const isRelease = (name) => Number(!/^(nightly|beta)/.test(name));
  const byVersion = (a, b) => rustVersion(b).localeCompare(rustVersion(a), "en", { numeric: true });
  return names
    .filter((name) => name && isNewEnough(name))
    .sort((a, b) => isRelease(b) - isRelease(a) || byVersion(a, b));
}

/**
 * rust-toolchain.toml asks for "stable". If that is missing or too old, and another installed one is suitable,
 * RUSTUP_TOOLCHAIN, which overrides the file, is set for all started programs. Returns the reason if there is none.
 */
function chooseToolchain(note) {
  if (isNewEnough()) return undefined;
  const wanted = `Rust ${minimumRust().join(".")} or newer`;
  const [installed] = usableToolchains();
  if (installed) {
    note(`the selected toolchain is missing or older than ${minimumRust().join(".")}: using ${installed}`);
    process.env.RUSTUP_TOOLCHAIN = installed;
    return undefined;
  }
  note("rustup downloads stable");
  process.env.RUSTUP_TOOLCHAIN = "stable";
  const components = ["--profile", "minimal", "--component", "rustfmt,clippy"];
  const download = capture("rustup", ["toolchain", "install", "stable", ...components]);
  return isNewEnough() ? undefined : `rustup has no ${wanted} and could not download it: ${cause(download)}`;
}

/** Returns `{ outcome }`, or `{ reason }` if rustup cannot provide a Rust with the wasm32 target. */
export function prepareRustup(note) {
  if (!capture("rustup", ["--version"]).ok) return { reason: "rustup is not installed (https://rustup.rs)" };
  const reason = chooseToolchain(note);
  if (reason) return { reason };
  if (hasWasmTarget()) return { outcome: "ok" };
  // Even if RUSTUP_AUTO_INSTALL=0: that forbids implicit installation, not installation on request.
  const download = capture("rustup", ["target", "add", wasmTarget]);
  if (!hasWasmTarget()) return { reason: `rustup could not download the target ${wasmTarget}: ${cause(download)}` };
  return { outcome: "wasm32 target added" };
}

/** rustfmt and clippy, which rustup's minimal profile omits. */
export function prepareCheckTools() {
  const missing = () => ["fmt", "clippy"].filter((subcommand) => !capture("cargo", [subcommand, "--version"]).ok);
  if (missing().length === 0) return "ok";
  const download = capture("rustup", ["component", "add", "rustfmt", "clippy"]);
  if (missing().length === 0) return "added by rustup";
  throw new StepFailed(
    `cargo ${missing().join(" and cargo ")} cannot be run, and rustup could not add rustfmt and clippy (${cause(download)}): install them, or name the suites to run, as in \`npm test -- node rust\`.`,
  );
}

/** The line of rustup's output with the reason. */
function cause({ stderr }) {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => line.startsWith("error")) ?? lines.at(-1) ?? "no message";
}
