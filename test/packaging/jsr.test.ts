/** JSR takes the package: a dry run of `deno publish`, without a network. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tool } from "./consumer.js";

const root = new URL("../../", import.meta.url).pathname;
const read = (name: string) => JSON.parse(readFileSync(`${root}${name}`, "utf8"));
const [jsr, npm] = [read("jsr.json"), read("package.json")];

test("jsr.json says what package.json says", () => {
  expect(jsr.version).toBe(npm.version);
  expect(jsr.license).toBe(npm.license);
  expect(jsr.name).toBe(`@${npm.author.toLowerCase()}/${npm.name}`);
  for (const [entry, file] of Object.entries(jsr.exports)) expect(npm.exports[entry].default, entry).toBe(file);
});

test("deno publish finds no fault", { timeout: 120_000 }, () => {
  const cache = mkdtempSync(join(tmpdir(), "gradstep-jsr-"));
  try {
    const { status, stdout, stderr } = spawnSync(
      tool(".bin/deno"),
      ["publish", "--dry-run", "--allow-dirty", "--token", "none"],
      { cwd: root, encoding: "utf8", env: { ...process.env, DENO_DIR: cache, NO_COLOR: "1" } },
    );
    const report = stdout + stderr;
    expect(status, report).toBe(0);
    const sent = [...report.matchAll(/^ +file:\/\/(\S+)/gm)].map(([, path = ""]) => decodeURI(path).slice(root.length));
    for (const file of ["README.md", "LICENSE", "dist/gradstep.wasm", "dist/index.js"]) expect(sent).toContain(file);
    expect(sent.filter((path) => !/^(dist\/|jsr\.json$|[A-Z]+(\.md)?$)/.test(path))).toEqual([]);
    expect(sent.filter((path) => /^dist\/(flat|worker)\/|\.map$/.test(path))).toEqual([]);
  } finally {
    rmSync(cache, { recursive: true });
  }
});
