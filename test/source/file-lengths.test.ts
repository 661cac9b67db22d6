/** Files have 300 lines at most, or a reason in their header. Node only: it reads the source. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const LONGEST = 300;
/** The reason begins like this. */
const REASON = /^( \*|\/\/).* Over 300 lines/;
/** Folders, and the endings of files in them. */
const PLACES = { ts: [".ts"], test: [".ts"], crates: [".rs"], scripts: [".mjs"] };
/** Lines that a header has at most. */
const HEADER = 40;

const root = new URL("../../", import.meta.url);
const files = Object.entries(PLACES).flatMap(([folder, endings]) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => endings.some((ending) => name.endsWith(ending)) && !name.includes("generated/")),
);

it("a file over 300 lines says why in its header", () => {
  const wrong = files.flatMap((file) => {
    const lines = readFileSync(new URL(file, root), "utf8").trimEnd().split("\n");
    const hasReason = lines.slice(0, HEADER).some((line) => REASON.test(line));
    const { length } = lines;
    const isLong = length > LONGEST;
    if (isLong === hasReason) return [];
    return [isLong ? `${file}: ${length} lines, no "Over 300 lines"` : `${file}: "Over 300 lines", has ${length}`];
  });
  expect(files.length).toBeGreaterThan(400);
  expect(wrong).toEqual([]);
});
