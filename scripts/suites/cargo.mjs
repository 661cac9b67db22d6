// The Rust tests, natively; under AddressSanitizer when available.

import { run } from "../process.mjs";
import { addressSanitizer } from "../toolchain/sanitizer.mjs";

/** Adds up the `test result:` lines of all test binaries. */
export async function cargoSuite(rust) {
  const { reason, args = [], env = {} } = addressSanitizer(rust);
  console.log(reason ? `  Without AddressSanitizer: ${reason}.` : "  Under AddressSanitizer.");
  // Includes the pool, which has one thread until a test adds helpers.
  const crates = ["-p", "gradstep-core", "-p", "gradstep-nn", "--features", "gradstep-core/threads"];
  const { code, output } = await run("cargo", ["test", "--quiet", "--locked", ...crates, ...args], { env, tee: true });
  let passed = 0;
  let failed = 0;
  for (const [, good, bad] of output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)) {
    passed += Number(good);
    failed += Number(bad);
  }
  return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
}
