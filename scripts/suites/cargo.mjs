// The Rust tests, natively.

import { run } from "../process.mjs";

/** Adds up the `test result:` lines of all test binaries. */
export async function cargoSuite() {
  const { code, output } = await run(
    "cargo",
    ["test", "--quiet", "--locked", "-p", "gradstep-core", "-p", "gradstep-nn"],
    { tee: true },
  );
  let passed = 0;
  let failed = 0;
  for (const [, good, bad] of output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)) {
    passed += Number(good);
    failed += Number(bad);
  }
  return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
}
