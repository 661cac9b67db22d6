// The Vitest suites of Node, run by Deno.

import { inRoot } from "../paths.mjs";
import { everywhere, vitestSuite } from "./vitest.mjs";

export function denoVitestSuite() {
  const command = [inRoot("node_modules/.bin/deno"), "run", "-A", "--node-modules-dir=manual"];
  return vitestSuite("deno", { project: "node", folders: everywhere, command });
}
