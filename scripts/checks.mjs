// Format, lint and types: what `npm run check` runs, and `npm test` first.

import { inRoot } from "./paths.mjs";
import { run } from "./process.mjs";
import { wasmTarget } from "./toolchain/versions.mjs";

const node = (script, ...args) => [process.execPath, [inRoot("node_modules", script), ...args]];

/**
 * Name and command of each check, in lanes that run in parallel: Cargo's commands wait for each other.
 */
export function checks({ buildStd }) {
  const clippy = ["clippy", "--quiet", "--locked"];
  const strict = ["--", "-D", "warnings"];
  const rust = [
    ["rustfmt", ["cargo", ["fmt", "--all", "--check"]]],
    ["clippy, native", ["cargo", [...clippy, "--workspace", "--all-targets", ...strict]]],
  ];
  // Debian's clippy has no compiled library for wasm32.
  if (!buildStd) {
    const wasm = [...clippy, "-p", "gradstep-wasm", "--target", wasmTarget, ...strict];
    rust.push(["clippy, wasm32", ["cargo", wasm]]);
  }
  const typescript = [
    ["biome", node("@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".")],
    // Version 7, compiled to machine code, takes a fourth of the time of version 6, which the build uses: other tools of
    // this repository need the API that 7 does not have yet.
    ["tsc", node("typescript-native/bin/tsc", "--noEmit")],
  ];
  return [rust, typescript];
}

/** Runs a check and prints its line; whether it passed. */
async function passes(name, [command, args]) {
  const start = performance.now();
  const { code, output } = await run(command, args, { silent: true });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`  ${name.padEnd(28)} ${(code === 0 ? "ok" : "FAILED").padEnd(34)} ${seconds.padStart(6)} s`);
  if (code !== 0) console.log(output);
  return code === 0;
}

/** Runs all checks; each is one passed or failed test. */
export async function runChecks(rust) {
  const results = await Promise.all(
    checks(rust).map(async (lane) => {
      const outcomes = [];
      for (const [name, command] of lane) outcomes.push(await passes(name, command));
      return outcomes;
    }),
  );
  const passed = results.flat().filter(Boolean).length;
  return { passed, failed: results.flat().length - passed };
}
