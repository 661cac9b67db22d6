// Durations of the suites: the last one on this machine, otherwise that of the table.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { inRoot } from "../paths.mjs";
import { suites } from "./table.mjs";

const file = inRoot(".cache/durations.json");

/** Seconds by suite. A damaged file is not an error: it is rewritten. */
function measured() {
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  } catch {
    return {};
  }
}

/** Seconds that the suites will take together. */
export function expectedSeconds(names) {
  const known = measured();
  return names.reduce((sum, name) => sum + (known[name] ?? suites[name].minutes * 60), 0);
}

export function rememberDuration(name, seconds) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...measured(), [name]: Math.round(seconds) }, null, 2));
}

/** "about 4 minutes", "about 20 seconds". */
export function inWords(seconds) {
  if (seconds < 55) return `about ${Math.max(5, Math.round(seconds / 5) * 5)} seconds`;
  const minutes = Math.round(seconds / 60);
  return `about ${minutes} minute${minutes === 1 ? "" : "s"}`;
}
