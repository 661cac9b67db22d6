/** Lines that docs/hosts.md tells users to write: the tests run exactly these. */

import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../docs/hosts.md", import.meta.url), "utf8");

/** The first block of code below a heading. */
export function documented(heading: string): string {
  const block = text.split(new RegExp(`^#+ ${heading}$`, "m"))[1]?.match(/```\w+\n([\s\S]*?)```/)?.[1];
  if (block === undefined) throw new Error(`docs/hosts.md has no block of code below "${heading}".`);
  return block;
}
