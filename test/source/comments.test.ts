/** Doc comments that editors show. Node only: it reads the source. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../ts/", import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !name.includes("generated"),
);
const CONSTRUCTOR = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:protected |private )?constructor\(/g;

it("no constructor's comment begins with a tag: it would hide its class's text", () => {
  const comments = files.flatMap((file) =>
    [...readFileSync(new URL(file, root), "utf8").matchAll(CONSTRUCTOR)].map(([, comment = ""]) => ({ file, comment })),
  );
  expect(comments.length).toBeGreaterThan(20);
  const tagged = comments.filter(({ comment }) => comment.replace(/^[\s*]*/, "").startsWith("@"));
  expect(tagged.map(({ file }) => file)).toEqual([]);
});
