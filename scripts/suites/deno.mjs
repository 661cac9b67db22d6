// Deno: the same Vitest suites, then the built package without any permission.

import { stripVTControlCharacters } from "node:util";
import { inRoot } from "../paths.mjs";
import { run } from "../process.mjs";
import { everywhere, vitestSuite } from "./vitest.mjs";

const deno = inRoot("node_modules/.bin/deno");

export function denoVitestSuite() {
  const command = [deno, "run", "-A", "--node-modules-dir=manual", "--v8-flags=--expose-gc"];
  return vitestSuite("deno", { project: "node", folders: everywhere, command });
}

/** `deno test` on the package as it is built: no permission is granted, so none may be needed. */
export async function denoPackageSuite() {
  const { code, output } = await run(deno, ["test", "--no-prompt", "--no-check", "--no-lock", "test/deno/"], {
    tee: true,
  });
  const plain = stripVTControlCharacters(output);
  const [, passed = "0", failed = "0"] = /(\d+) passed.*\| (\d+) failed/.exec(plain) ?? [];
  return { passed: Number(passed), failed: code === 0 ? Number(failed) : Math.max(1, Number(failed)) };
}
