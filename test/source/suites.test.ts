/** scripts/suites/table.mjs: every test is in a suite, and test/README.md has the suites as they are. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { all, isIn, partsOf, suites } from "../../scripts/suites/table.mjs";

const root = resolve(import.meta.dirname, "../..");
const files = readdirSync(`${root}/test`, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => `test/${file}`);

interface Holder {
  readonly paths?: readonly string[];
  readonly without?: readonly string[];
}

const isHeldBy = ({ paths = [], without = [] }: Holder, file: string) => isIn(file, paths) && !isIn(file, without);
const holds = (name: string, file: string) => isHeldBy(suites[name] ?? {}, file);

it("every path of the table exists", () => {
  const paths = Object.values(suites).flatMap(({ paths = [], without = [] }) => [...paths, ...without]);
  expect(paths.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
});

it("every test is in a suite that `npm test -- all` runs, but those of test/deno, which run in the packed package, and of hosts", () => {
  const left = files.filter((file) => !/^test\/(deno|hosts)\//.test(file) && !all.some((name) => holds(name, file)));
  expect(left).toEqual([]);
});

it.each(["browser", "deno"])("%s and %s-rest leave out nothing that runs everywhere", (name) => {
  const everywhere = files.filter((file) => isIn(file, suites.firefox?.paths ?? []) && !/worker|distribute/.test(file));
  const missing = everywhere.filter((file) => !holds(name, file) && !holds(`${name}-rest`, file));
  expect(missing.filter((file) => name === "browser" || !file.startsWith("test/browser/"))).toEqual([]);
});

it.each(Object.entries(suites).filter(([, { paths }]) => paths !== undefined))(
  "the parts of %s run each of its files once",
  (name, suite) => {
    const times = files.map((file) => partsOf(suite).filter((part) => isHeldBy(part, file)).length);
    expect(times).toEqual(files.map((file) => Number(holds(name, file))));
  },
);

it("files that share their modules do not measure memory, and set no threads, which must come before the first tensor", () => {
  const parts = partsOf(suites.node ?? { question: "", minutes: 0 });
  const held = (isolate: boolean) =>
    parts.filter((part) => part.isolate === isolate).flatMap((part) => files.filter((file) => isHeldBy(part, file)));
  expect(held(false).length).toBeGreaterThan(180);
  expect(held(true)).toContain("test/gradients/step-memory.test.ts");
  const alone = held(false).filter((file) => /memoryUse\(|setThreads\(/.test(readFileSync(`${root}/${file}`, "utf8")));
  expect(alone).toEqual([]);
});

it("no test that pages run replaces a module: Vitest may answer the page of another file with the replacement", () => {
  const inPages = files.filter((file) => isIn(file, suites.firefox?.paths ?? []));
  expect(inPages.length).toBeGreaterThan(100);
  const replacing = inPages.filter((file) => /\bvi\s*\.\s*(do)?mock\b/i.test(readFileSync(`${root}/${file}`, "utf8")));
  expect(replacing).toEqual([]);
});

it("test/README.md has every suite, with its question and its minutes", () => {
  const rows = Object.entries(suites).map(
    ([name, { question, minutes }]) => `| \`${name}\` | ${question} | ${minutes} |`,
  );
  const readme = readFileSync(`${root}/test/README.md`, "utf8");
  expect([...readme.matchAll(/^\| `[a-z-]+` \| .*\?.* \| [\d.]+ \|$/gm)].map(([row]) => row)).toEqual(rows);
});
