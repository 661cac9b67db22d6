/** Files have 300 lines at most, or a reason in their header. Node only: it reads the source. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const LONGEST = 300;
/** The reason begins like this. */
const REASON = " * Over 300 lines";
/** Lines that a header has at most. */
const HEADER = 10;

const root = new URL("../../", import.meta.url);
const files = ["ts", "test"].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".ts") && !name.includes("generated/")),
);

it("a file over 300 lines says why in its header", () => {
  const wrong = files.flatMap((file) => {
    const lines = readFileSync(new URL(file, root), "utf8").trimEnd().split("\n");
    const hasReason = lines.slice(0, HEADER).some((line) => line.startsWith(REASON));
    const isLong = lines.length > LONGEST;
    if (isLong === hasReason) return [];
    return [isLong ? `${file}: ${lines.length} lines, no "${REASON}"` : `${file}: "${REASON}", has ${lines.length}`];
  });
  expect(files.length).toBeGreaterThan(400);
  expect(wrong).toEqual([]);
});
