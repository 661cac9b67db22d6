// test/deno/ in a project that installed the packed package, under Deno without any permission, and under Bun.

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { makeConsumer } from "../packed-package.mjs";
import { inRoot } from "../paths.mjs";
import { run } from "../process.mjs";

/** Runs `program args tests` there and reads the counts out of its output. */
async function inConsumer(program, args, counts) {
  const cwd = makeConsumer();
  try {
    cpSync(inRoot("test/deno"), join(cwd, "tests"), { recursive: true });
    const { code, output } = await run(inRoot("node_modules/.bin", program), [...args, "tests"], { cwd, tee: true });
    const [passed, failed] = counts.map((pattern) => Number(pattern.exec(stripVTControlCharacters(output))?.[1] ?? 0));
    return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** No permission is granted and none may be asked for; types are checked by test/packaging/. */
export const denoPackageSuite = () =>
  inConsumer("deno", ["test", "--no-prompt", "--no-check", "--no-lock"], [/(\d+) passed/, /(\d+) failed/]);

export const bunPackageSuite = () => inConsumer("bun", ["test"], [/^\s*(\d+) pass$/m, /^\s*(\d+) fail$/m]);
