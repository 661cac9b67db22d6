// A build step runs if its inputs changed, or if its output is missing or was changed: a stale or edited build is
// rebuilt, never trusted.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { localCache } from "../paths.mjs";
import { StepFailed } from "../steps.mjs";
import { hashFiles, sha256 } from "./hash.mjs";

/**
 * Runs `work` unless the stamp says that nothing changed. Returns "cached" or "built".
 * `inputs` and `outputs` are files or folders; `facts` are further strings that determine the result (flags, versions
 * of tools).
 */
export async function rebuildIfStale({ name, inputs, facts = [], outputs, work }) {
  const stampFile = join(localCache, "stamps", `${name}.json`);
  // Computed before the work: a source that is edited meanwhile makes the result stale.
  const inputHash = sha256(hashFiles(inputs), ...facts);
  const fingerprint = () => JSON.stringify({ inputs: inputHash, outputs: hashFiles(outputs) });
  const complete = outputs.every((path) => existsSync(path));
  if (complete && existsSync(stampFile) && readFileSync(stampFile, "utf8") === fingerprint()) return "cached";

  rmSync(stampFile, { force: true });
  await work();
  const missing = outputs.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new StepFailed(`The build step "${name}" ended without writing ${missing.join(", ")}.`);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, fingerprint());
  return "built";
}
