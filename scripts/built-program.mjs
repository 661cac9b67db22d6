// The frame of `npm start` and `npm run bench`: set-up, build, then a program that imports dist/.

import { buildAll } from "./build/all.mjs";
import { inRoot } from "./paths.mjs";
import { run } from "./process.mjs";
import { setUp } from "./setup.mjs";
import { runScript } from "./steps.mjs";

/** Runs the program with this script's arguments, and ends with its exit code. */
export function runBuilt(program) {
  return runScript(async () => {
    await buildAll(await setUp());
    console.log("");
    const { code } = await run(process.execPath, [inRoot(program), ...process.argv.slice(2)]);
    return code;
  });
}
