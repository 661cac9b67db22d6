// npm run bench: set up, build, then measure. `npm run bench -- adam 1M` measures only what matches.

import { build } from "./build.mjs";
import { inRoot } from "./paths.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";
import { runScript } from "./steps.mjs";

await runScript(async () => {
  await build(await setUp());
  const { code } = await run(process.execPath, ["--expose-gc", inRoot("bench/main.mjs"), ...process.argv.slice(2)]);
  return code;
});
