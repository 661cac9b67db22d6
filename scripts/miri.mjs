// npm run miri: the tests of the core and of the kernels under Miri, which interprets them and finds undefined behavior
// in executed code: two `&mut` of one number, reads of freed or uninitialized memory, wrong alignment. It needs
// rustup's nightly Rust, and takes about ten minutes. `npm run miri -- --test plan` runs a part.

import { inRoot } from "./paths.mjs";
import { capture, run } from "./process.mjs";
import { runScript, StepFailed, step } from "./steps.mjs";

const hasMiri = () => capture("cargo", ["+nightly", "miri", "--version"]).ok;

function prepareMiri(note) {
  if (hasMiri()) return "ok";
  note("rustup downloads Miri");
  capture("rustup", ["toolchain", "install", "nightly", "--profile", "minimal", "--component", "miri,rust-src"]);
  if (hasMiri()) return "installed";
  throw new StepFailed(
    "There is no Miri, and rustup could not download it: rustup toolchain install nightly --component miri,rust-src. `npm run sanitize` finds some of the same faults.",
  );
}

await runScript(async () => {
  await step("miri", prepareMiri);
  const chosen = process.argv.slice(2);
  const what = chosen.length > 0 ? chosen : ["--lib", "--tests"];
  const crates = ["-p", "gradstep-core", "-p", "gradstep-nn"];
  // Square roots of libm are inline assembly on x86-64, which Miri cannot interpret: its portable ones round the same.
  const portable = ["--features", "libm/force-soft-floats"];
  // The caller's memory is passed as addresses, so provenance is exposed; a separate build folder, because flags
  // differ.
  const env = { MIRIFLAGS: "-Zmiri-permissive-provenance" };
  const target = ["--target-dir", inRoot("target/miri")];
  const { code } = await run(
    "cargo",
    ["+nightly", "miri", "test", "--locked", ...target, ...crates, ...portable, ...what],
    { env },
  );
  return code;
});
