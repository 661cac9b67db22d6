// Survivors that a person has judged to have no observable effect, each with the reason. If its code changes, a mutant
// gets another key, and must be judged again.

import { existsSync, readFileSync } from "node:fs";
import { inRoot } from "../paths.mjs";

const file = inRoot("scripts/mutants/judged.json");

/** `{ key: reason }`. */
export const judged = () => {
  const entries = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  return new Map(entries.map(({ key, reason }) => [key, reason]));
};
