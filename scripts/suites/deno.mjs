// The Vitest suites of Node, run by Deno.

import { inRoot } from "../paths.mjs";
import { everywhere, vitestSuite } from "./vitest.mjs";

/** Of test/worker, with Deno's own workers: all but those that take minutes on few cores. */
const workers =
  "callbacks call-arguments copying custom-objects errors expose fit fuzz lost optimizer runs-at-once strangers waits"
    .split(" ")
    .map((name) => `test/worker/${name}.test.ts`);

export function denoVitestSuite() {
  const command = [inRoot("node_modules/.bin/deno"), "run", "-A", "--node-modules-dir=manual"];
  return vitestSuite("deno", { project: "node", folders: [...everywhere, ...workers], command });
}
