/** apt-get runs only as root, after a line that says so, and never with GRADSTEP_NO_INSTALL=1. Node only: it starts programs. */

import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "gradstep-apt-"));
const log = join(folder, "log");
const script = JSON.stringify(new URL("../../scripts/toolchain/apt.mjs", import.meta.url).href);
const isRoot = process.getuid?.() === 0;

writeFileSync(join(folder, "apt-get"), `#!/bin/sh\necho "apt-get $*" >> "${log}"\n`);
chmodSync(join(folder, "apt-get"), 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lines that are noted, and calls of apt-get, in their order. */
function installing(env: Readonly<Record<string, string>>): readonly string[] {
  writeFileSync(log, "");
  const program = `
    import { appendFileSync } from "node:fs";
    import { aptInstall } from ${script};
    aptInstall(["mpich"], "MPI", (line) => appendFileSync(${JSON.stringify(log)}, line + "\\n"));`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    env: { ...process.env, GRADSTEP_NO_INSTALL: "", ...env, PATH: `${folder}${delimiter}${process.env.PATH}` },
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  return readFileSync(log, "utf8").split("\n").filter(Boolean);
}

it("as root, a line says what is installed, and how to forbid it", () => {
  const lines = [
    "apt-get installs Debian's MPI (GRADSTEP_NO_INSTALL=1 forbids it)",
    "apt-get update",
    "apt-get install -y --no-install-recommends mpich",
  ];
  expect(installing({})).toEqual(isRoot ? lines : []);
});

it("GRADSTEP_NO_INSTALL=1 forbids it", () => {
  expect(installing({ GRADSTEP_NO_INSTALL: "1" })).toEqual([]);
});
