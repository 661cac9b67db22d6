// npm run bench: set up, build, then measure. `npm run bench -- adam 1M` measures only what matches; `npm run bench -- check`
// counts instructions of kernels instead, and fails if one has become slower.

import { build } from "./build.mjs";
import { checkCosts, writeCosts } from "./costs/check.mjs";
import { inRoot } from "./paths.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";
import { runScript } from "./steps.mjs";

await runScript(async () => {
  const [word, ...more] = process.argv.slice(2);
  const setup = await setUp();
  await build(setup);
  if (word !== "check") {
    const { code } = await run(process.execPath, ["--expose-gc", inRoot("bench/main.mjs"), ...process.argv.slice(2)]);
    return code;
  }
  if (more[0] === "write") {
    writeCosts(setup.rust);
    return 0;
  }
  console.log("\nCosts of kernels");
  const { passed, failed } = checkCosts(setup.rust);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});
