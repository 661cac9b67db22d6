// npm run format: fixes the findings of `npm run check` that a tool can fix.

import { inRoot } from "./paths.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";
import { runScript } from "./steps.mjs";

await runScript(async () => {
  await setUp({ checks: true });
  const rust = await run("cargo", ["fmt", "--all"]);
  const rest = await run(process.execPath, [inRoot("node_modules/@biomejs/biome/bin/biome"), "check", "--write", "."]);
  return rust.code || rest.code;
});
