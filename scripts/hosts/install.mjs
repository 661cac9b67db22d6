// Hosts of the suite `hosts`, installed once by npm, with its configuration, outside of the repository: in a folder
// below it every host would find the repository's node_modules.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { capture } from "../process.mjs";
import { hosts } from "./table.mjs";

const userCache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
const cache = join(process.env.GRADSTEP_CACHE ?? join(userCache, "gradstep"), "hosts");

/** Returns the folder of an installed host, and installs it if it is not there; throws with npm's output if that fails. */
export function installHost(name) {
  const { packages, megabytes } = hosts[name];
  const folder = join(cache, name);
  const stamp = join(folder, "installed.json");
  const wanted = JSON.stringify({ packages, platform: process.platform, arch: process.arch });
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const list = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  console.log(`hosts: npm fetches ${list.join(", ")} (about ${megabytes} MB) into ${folder}`);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "host", private: true, dependencies: packages }));
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error"];
  const { ok, stdout, stderr } = capture("npm", args, { cwd: folder });
  if (!ok) throw new Error(`npm could not install the host ${name}, ${list.join(", ")}:\n${stdout}${stderr}`);
  writeFileSync(stamp, wanted);
  return folder;
}
