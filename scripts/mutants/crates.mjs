// Mutants of a crate: cargo-mutants makes them and runs the crate's own tests against each.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inRoot, localCache } from "../paths.mjs";
import { capture, run } from "../process.mjs";
import { StepFailed, step } from "../steps.mjs";
import { installTool } from "../toolchain/cargo-tools.mjs";
import { prepareRust } from "../toolchain/rust.mjs";
import { cargoMutants } from "../toolchain/versions.mjs";
import { drawSample } from "./sample.mjs";

const output = join(localCache, "mutants-of-crates");

/** A regular expression that matches these names and nothing else. */
const exactly = (names) => `^(${names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})$`;

/** A mutant that no test catches is a survivor: it is printed with its location, and the exit code is 0, as for ts/. */
export async function mutateCrate(folder, { sample, seed }) {
  await step("rust", prepareRust);
  await step(`cargo-mutants ${cargoMutants.version}`, (note) => installTool(cargoMutants, note));
  const [crate] = /^crates\/\w+/.exec(folder);
  const manifest = ["--manifest-path", inRoot(crate, "Cargo.toml")];
  const files = folder === crate ? [] : ["--file", `${folder}${folder.endsWith(".rs") ? "" : "/**"}`];
  const listed = capture("cargo", ["mutants", ...manifest, ...files, "--list", "--json"]);
  if (!listed.ok) throw new StepFailed("cargo-mutants could not list the mutants.", listed.stdout + listed.stderr);
  const names = JSON.parse(listed.stdout).map(({ name }) => name);
  if (names.length === 0) throw new StepFailed(`There is no Rust to change in "${folder}".`);
  const chosen = drawSample(names, sample, seed);
  console.log(`  ${chosen.length} of ${names.length} mutants; each is compiled and tested, which takes about a minute`);

  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const which = ["--re", exactly(chosen), "--output", output, "--no-shuffle", "--colors", "never"];
  // Without debug information it compiles faster.
  const env = { CARGO_PROFILE_DEV_DEBUG: "0", CARGO_PROFILE_TEST_DEBUG: "0" };
  await run("cargo", ["mutants", ...manifest, ...files, ...which], { env });
  printOutcomes();
}

function printOutcomes() {
  const outcomes = JSON.parse(readFileSync(join(output, "mutants.out/outcomes.json"), "utf8"));
  const { caught, missed, timeout, unviable } = outcomes;
  const tried = caught + missed + timeout;
  console.log("\nCaught");
  const share = tried > 0 ? `${((100 * (caught + timeout)) / tried).toFixed(1)} %` : "";
  console.log(`  ${"behaviour".padEnd(28)} ${`${caught + timeout} of ${tried}`.padEnd(34)} ${share.padStart(6)}`);
  console.log(`  ${"do not compile".padEnd(28)} ${unviable}`);
}
