// Survivors that a person has looked at and found to change nothing that a test could see, each with the reason. A mutant
// whose code changes gets another key, and is looked at again.

import { existsSync, readFileSync } from "node:fs";
import { inRoot } from "../paths.mjs";

const file = inRoot("scripts/mutants/judged.json");

/** `{ key: reason }`. */
export const judged = () => {
  const entries = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  return new Map(entries.map(({ key, reason }) => [key, reason]));
};
