// A build step runs when its inputs changed, and also when its output is missing or is not what the step wrote:
// a stale or edited build is rebuilt, never trusted.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { localCache } from "../paths.mjs";
import { StepFailed } from "../steps.mjs";
import { hashFiles, sha256 } from "./hash.mjs";

/**
 * Runs `work` unless the stamp says that nothing changed. Returns "cached" or "built".
 * `inputs` and `outputs` are files or folders; `facts` are strings that matter too (flags, versions of tools).
 */
export async function rebuildIfStale({ name, inputs, facts = [], outputs, work }) {
  const stampFile = join(localCache, "stamps", `${name}.json`);
  // Taken before the work: a source that is edited meanwhile makes the result stale.
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
