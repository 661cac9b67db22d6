// Stryker's mutators, which only `npm run mutants` needs: npm installs them into the tool cache, in a folder named by
// the version, which keeps `npm ci` small.

import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toolCache } from "../paths.mjs";
import { run } from "../process.mjs";
import { StepFailed } from "../steps.mjs";

/** The last major version that runs on Node 20. */
const version = "9.6.1";
const packages = { "@stryker-mutator/instrumenter": version, "typed-inject": "5.0.0" };
const folder = join(toolCache, "tools", `stryker-${version}`);

const load = (name) => import(pathToFileURL(createRequire(join(folder, "package.json")).resolve(name)).href);

const findStryker = async () => {
  try {
    const [{ createInstrumenter }, { createInjector }] = await Promise.all(Object.keys(packages).map(load));
    return { createInstrumenter, createInjector };
  } catch {
    return undefined;
  }
};

/** Returns `{ outcome, value: { createInstrumenter, createInjector } }`. */
export async function installStryker(note) {
  const found = await findStryker();
  if (found) return { outcome: "cached", value: found };
  note("npm downloads it, about ten seconds");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: packages }));
  const { code } = await run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error"]);
  const value = code === 0 ? await findStryker() : undefined;
  if (!value)
    throw new StepFailed("npm could not install Stryker (its output is above): it needs a reachable registry.");
  return { outcome: "installed", value };
}
