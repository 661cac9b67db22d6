// npm run check: format, lint and types of everything.

import { build } from "./build.mjs";
import { runChecks } from "./checks.mjs";
import { setUp } from "./setup.mjs";
import { runScript } from "./steps.mjs";

await runScript(async () => {
  const { rust } = await setUp({ checks: true });
  await build({ rust });
  console.log("Check");
  const { failed } = await runChecks(rust);
  return failed > 0 ? 1 : 0;
});
