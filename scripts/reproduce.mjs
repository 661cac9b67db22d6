// npm run reproduce: two clean builds of the last commit, in two folders, must create the same package, byte for byte.

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, toolCache } from "./paths.mjs";
import { captureOrStop, run } from "./process.mjs";
import { runScript, StepFailed } from "./steps.mjs";

/** A clone of the last commit in `folder`, built from nothing; only the tools in the cache are shared. */
async function buildClone(folder) {
  captureOrStop("git", ["clone", "--quiet", "--no-hardlinks", root, folder], {
    sentence: "git could not clone the repository (its output is above).",
  });
  console.log(`\n${folder}`);
  const env = { GRADSTEP_CACHE: toolCache };
  const { code } = await run(process.execPath, ["scripts/build.mjs"], { cwd: folder, env });
  if (code !== 0) throw new StepFailed("The clone could not be built (its output is above).");
  return hashesOf(join(folder, "dist"));
}

/** As in the output of sha256sum. */
const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Path inside `folder` to SHA-256, for every file below it. */
function hashesOf(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.sort().map((name) => [name, sha256(join(folder, name))]));
}

await runScript(async () => {
  const parent = mkdtempSync(join(tmpdir(), "gradstep-"));
  try {
    // Names of different length: a path in the module would shift everything after it.
    mkdirSync(join(parent, "a folder further down"));
    const one = await buildClone(join(parent, "one"));
    const two = await buildClone(join(parent, "a folder further down", "two"));
    const names = [...new Set([...one.keys(), ...two.keys()])];
    const different = names.filter((name) => one.get(name) !== two.get(name));
    if (different.length > 0) {
      throw new StepFailed(
        `Two builds of one commit differ in ${different.join(", ")}: these files depend on the folder or on the time.`,
      );
    }
    console.log(`\nBoth builds have the same ${one.size} files in dist/. gradstep.wasm: ${one.get("gradstep.wasm")}`);
    return 0;
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
});
