// npm start: set up, build, then train on the digits.

import { build } from "./build.mjs";
import { inRoot } from "./paths.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";
import { runScript } from "./steps.mjs";

await runScript(async () => {
  await build(await setUp());
  console.log();
  const { code } = await run(process.execPath, [inRoot("examples/digits/main.mjs"), ...process.argv.slice(2)]);
  return code;
});
