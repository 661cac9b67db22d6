/** Contents of the tarball: npm's rules about ignored files have emptied packages like this one. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUDGETS } from "../../scripts/build/sizes.mjs";
import { packInto } from "../../scripts/packed-package.mjs";
import { unpacked } from "../../ts/runtime/unpacked.js";

const root = resolve(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

let folder = "";
let tarball = "";
/** Paths of the files that npm publishes. */
let packedFiles: readonly string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gradstep-packed-"));
  tarball = packInto(folder);
  const paths = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
  packedFiles = paths.map((path) => path.replace(/^package\//, ""));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the tarball has the built package and nothing else", () => {
  const files = packedFiles;
  expect(files).toEqual(expect.arrayContaining(["package.json", "README.md", "CHANGELOG.md", "LICENSE"]));
  expect(files).toEqual(
    expect.arrayContaining(["dist/runtime/generated/bytes.js", "dist/runtime/generated/gradstep.js"]),
  );
  const foreign = files.filter((path) => !path.startsWith("dist/") && !/^(package\.json|[A-Z]+(\.md)?)$/.test(path));
  expect(foreign).toEqual([]);
  // The flat files have the types of the modules that they are made of.
  const modules = files.filter((path) => path.endsWith(".js") && !path.startsWith("dist/flat/"));
  const untyped = modules.filter((path) => !files.includes(path.replace(/\.js$/, ".d.ts")));
  expect(untyped).toEqual([]);
  expect(files.filter((path) => path.endsWith(".wasm"))).toEqual(["dist/gradstep.wasm"]);
});

test("no large file is there twice, and each map has its sources", () => {
  const files = packedFiles.map((path) => ({ path, bytes: readFileSync(join(root, path)) }));
  const large = files.filter(({ bytes }) => bytes.length > 20_000);
  expect(large.length).toBeGreaterThan(10);
  const seen = new Map<string, string>();
  for (const { path, bytes } of large) {
    const text = bytes.toString("latin1");
    expect(seen.get(text), path).toBeUndefined();
    seen.set(text, path);
  }
  const maps = files.filter(({ path }) => path.endsWith(".map"));
  const bare = maps.filter(({ bytes }) => {
    const { sources, sourcesContent = [] } = JSON.parse(bytes.toString());
    return sources.length === 0 || sources.some((_: string, i: number) => typeof sourcesContent[i] !== "string");
  });
  expect(bare.map(({ path }) => path)).toEqual([]);
  expect(maps.length).toBeGreaterThan(300);
});

test("every path in package.json is in the tarball", () => {
  const entries = Object.values<string | Record<string, string>>(manifest.exports);
  const paths = entries.flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)));
  const { main, module, types, typesVersions, alias, unpkg, jsdelivr } = manifest;
  const fields = [main, module, types, unpkg, jsdelivr, Object.values(typesVersions["*"]).flat(), Object.values(alias)];
  const wanted = [...paths, ...manifest.sideEffects, ...fields.flat()].map((path: string) => path.replace("./", ""));
  expect(packedFiles).toEqual(expect.arrayContaining(wanted));
});

test("bundlers keep the files that embed the module, which each host may have", () => {
  const embedding = packedFiles.filter((path) => /(^|\/)embedded\.js$/.test(path));
  expect(embedding.length).toBeGreaterThan(1);
  expect(manifest.sideEffects).toEqual(expect.arrayContaining(embedding.map((path) => `./${path}`)));
});

test("homepage and bugs are those of the repository, which npm's page resolves the documents' links by", () => {
  const address = manifest.repository.url.replace(/^git\+|\.git$/g, "");
  expect(address).toMatch(/^https:/);
  expect([manifest.homepage, manifest.bugs]).toEqual([`${address}#readme`, `${address}/issues`]);
});

test("no file names a path of the machine that built it", () => {
  const found = packedFiles.filter((path) => {
    const text = readFileSync(join(root, path), "latin1");
    // With a slash behind it: "./root-mean-squared-error.js" is not in root's home.
    return [root, homedir()].some((folder) => folder.length > 1 && text.includes(`${folder}/`));
  });
  expect(found).toEqual([]);
});

test("the module fits its budget, and the embedded text is the module", async () => {
  const wasm = readFileSync(join(root, "dist/gradstep.wasm"));
  expect(wasm.length).toBeLessThanOrEqual(BUDGETS.wasm);
  const { text, size } = await import("../../dist/runtime/generated/bytes.js" as string);
  expect(Buffer.from(unpacked(text, size)).equals(wasm)).toBe(true);
  // The text encoding must not lose the bytes that the compression saves over gzip.
  expect(gzipSync(text).length).toBeLessThan(gzipSync(wasm).length * 0.86);
});

test("the module imports nothing: with reference types, which older engines lack, it would import a table's start", () => {
  const wasm = new WebAssembly.Module(readFileSync(join(root, "dist/gradstep.wasm")));
  expect(WebAssembly.Module.imports(wasm)).toEqual([]);
});

test("publint has no complaint", async () => {
  const { buffer } = new Uint8Array(readFileSync(tarball));
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: buffer } });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("attw finds the types of every entry", () => {
  const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
  // The package is ESM only, and two of its entries are not code.
  const options = ["--profile", "esm-only", "--exclude-entrypoints", "./gradstep.wasm", "./package.json"];
  const args = [attw, tarball, ...options, "--format", "ascii", "--no-color", "--no-emoji"];
  // It ends with an error, which fails the test, when an entry has a problem.
  const report = execFileSync(process.execPath, args, { encoding: "utf8" });
  expect(report).toMatch(/"gradstep\/slim"/);
});
