// npm run sanitize: the Rust tests under AddressSanitizer, or a sentence that says why they can't be.

import { runScript, StepFailed, step } from "./steps.mjs";
import { cargoSuite } from "./suites/cargo.mjs";
import { prepareRust } from "./toolchain/rust.mjs";
import { addressSanitizer } from "./toolchain/sanitizer.mjs";

await runScript(async () => {
  const rust = await step("rust", prepareRust);
  const { reason } = addressSanitizer(rust);
  if (reason) throw new StepFailed(`The tests cannot run under AddressSanitizer: ${reason}.`);
  const { passed, failed } = await cargoSuite(rust);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});
