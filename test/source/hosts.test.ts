/** docs/hosts.md has every host that the suite `hosts` installs, no other, and each has a test. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { hosts } from "../../scripts/hosts/table.mjs";

const root = new URL("../../", import.meta.url);
const docs = readFileSync(new URL("docs/hosts.md", root), "utf8");
const section = docs.split("## Every host\n")[1]?.split("\n## ")[0] ?? "";
const labels = Object.values(hosts).map(({ label }) => label);

it("has a row for each host, with what works and the lines to write", () => {
  const rows = [...section.matchAll(/^\| (.+?) \| (.+?) \| (.+?) \|$/gm)].slice(2);
  expect(rows.map(([, host]) => host)).toEqual(labels);
});

it("has a section for each link in the table", () => {
  const anchors = [...docs.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  for (const [, anchor] of section.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
});

it("each host is named in a test", () => {
  const folder = new URL("test/hosts/", root);
  const tests = readdirSync(folder).filter((file) => file.endsWith(".test.ts"));
  const text = tests.map((file) => readFileSync(new URL(file, folder), "utf8")).join("\n");
  expect(Object.keys(hosts).filter((name) => !text.includes(`"${name}"`))).toEqual([]);
});
