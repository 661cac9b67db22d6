/**
 * What is generated from the code is up to date: parts of two pages of docs/, and hashes of optimizers. `npm run generate`
 * runs this file with GRADSTEP_GENERATE=1, which writes them. Node only: it reads and writes files.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { fingerprint } from "../support/fingerprint.js";
import { CLASS_NAMES } from "../support/optimizers.js";
import { generatedParts } from "./optimizer-pages.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Missing gradients are part of the hashes.

const writes = process.env.GRADSTEP_GENERATE === "1";
const PAGES = { table: "using-optimizers", sections: "optimizers" } as const;
const HASHES = new URL("../golden/fingerprints.json", import.meta.url);

/** Compares a file with what it should be, or writes it. */
function settle(url: URL, expected: string): void {
  if (writes) writeFileSync(url, expected);
  else expect(readFileSync(url, "utf8"), "npm run generate brings it up to date").toBe(expected);
}

it.each(Object.entries(PAGES))("the %s of all optimizers, in docs/%s.md", (name, page) => {
  const url = new URL(`../../docs/${page}.md`, import.meta.url);
  const text = readFileSync(url, "utf8");
  const mark = new RegExp(`(<!-- ${name}: made by npm run generate -->\n)[\\s\\S]*?(\n<!-- end -->)`);
  expect(text).toMatch(mark);
  const part = generatedParts()[name];
  settle(
    url,
    text.replace(mark, (_, begin: string, end: string) => `${begin}\n${part}\n${end}`),
  );
});

it("test/golden/fingerprints.json has a hash of each optimizer, in the order of their names", async () => {
  const committed = JSON.parse(readFileSync(HASHES, "utf8")) as Record<string, string>;
  const hashes: [string, string][] = [];
  // One that is there stays: its own test compares it.
  for (const name of CLASS_NAMES) hashes.push([name, committed[name] ?? (await fingerprint(name))]);
  settle(HASHES, `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`);
});
