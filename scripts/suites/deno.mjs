// The Vitest suites of Node, run by Deno.

import { inRoot } from "../paths.mjs";
import { vitestSuite } from "./vitest.mjs";

export function denoVitestSuite(name, options) {
  const command = [inRoot("node_modules/.bin/deno"), "run", "-A", "--node-modules-dir=manual"];
  return vitestSuite(name, { ...options, command });
}
