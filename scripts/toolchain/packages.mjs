// npm packages, exactly as in package-lock.json.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { sha256 } from "../build/hash.mjs";
import { inRoot } from "../paths.mjs";
import { run } from "../process.mjs";
import { StepFailed } from "../steps.mjs";

const stamp = inRoot("node_modules/.gradstep-lock");

export async function installPackages(note) {
  // Native parts differ by platform: a node_modules copied from another clone is stale too.
  const wanted = sha256(readFileSync(inRoot("package-lock.json")), process.platform, process.arch);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return "cached";
  note("npm ci, about half a minute");
  const { code } = await run("npm", ["ci", "--loglevel=error"]);
  if (code !== 0) throw new StepFailed("`npm ci` failed (its output is above): it needs a reachable npm registry.");
  writeFileSync(stamp, wanted);
  return "installed";
}
