// Format, lint and types: what `npm run check` runs, and `npm test` first.

import { inRoot } from "./paths.mjs";
import { capture } from "./process.mjs";
import { wasmTarget } from "./toolchain/versions.mjs";

const node = (script, ...args) => [process.execPath, [inRoot("node_modules", script), ...args]];

/** Name and command of each check. */
export function checks({ buildStd }) {
  const clippy = ["clippy", "--quiet", "--locked", "--workspace", "--all-targets"];
  const list = [
    ["rustfmt", ["cargo", ["fmt", "--all", "--check"]]],
    ["clippy, native", ["cargo", [...clippy, "--", "-D", "warnings"]]],
    ["biome", node("@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".")],
    ["tsc", node("typescript/bin/tsc", "--noEmit")],
  ];
  // Debian's clippy has no compiled library for wasm32.
  if (!buildStd) {
    const wasm = [
      "clippy",
      "--quiet",
      "--locked",
      "-p",
      "gradstep-wasm",
      "--target",
      wasmTarget,
      "--",
      "-D",
      "warnings",
    ];
    list.splice(2, 0, ["clippy, wasm32", ["cargo", wasm]]);
  }
  return list;
}

/** Runs all checks; each is one passed or failed test. */
export function runChecks(rust) {
  let passed = 0;
  let failed = 0;
  for (const [name, [command, args]] of checks(rust)) {
    const start = performance.now();
    const { ok, stdout, stderr } = capture(command, args);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`  ${name.padEnd(28)} ${(ok ? "ok" : "FAILED").padEnd(34)} ${seconds.padStart(6)} s`);
    if (ok) passed++;
    else {
      failed++;
      console.log(stdout + stderr);
    }
  }
  return { passed, failed };
}
