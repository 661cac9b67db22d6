// npm run generate: writes the generated files: parts of the pages of optimizers in docs/, hashes of new optimizers.

import { inRoot } from "./paths.mjs";
import { run } from "./process.mjs";
import { runScript } from "./steps.mjs";

await runScript(async () => {
  const args = [inRoot("node_modules/vitest/vitest.mjs"), "run", "--project", "node", "test/source/generated.test.ts"];
  const { code } = await run(process.execPath, args, { env: { GRADSTEP_GENERATE: "1" } });
  return code;
});
