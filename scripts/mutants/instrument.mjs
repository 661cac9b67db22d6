// Stryker's mutants: all small changes that it can make in a file, and copies of files in which selected ones can be
// switched on by an environment variable.

import { readFileSync } from "node:fs";
import { sha256 } from "../build/hash.mjs";
import { inRoot } from "../paths.mjs";

const options = { plugins: null, excludedMutations: [], ignorers: [] };
const silent = { isDebugEnabled: () => false, debug() {}, info() {}, warn() {} };

const instrument = (stryker, files) =>
  stryker
    .createInjector()
    .provideValue("logger", silent)
    .injectFunction(stryker.createInstrumenter)
    .instrument(files, options);

const fileOf = (name, mutate) => ({ name, content: readFileSync(inRoot(name), "utf8"), mutate });

/** A mutant's identity, independent of its number: Stryker renumbers mutants in each call. */
const placeOf = ({ fileName, location: { start, end }, mutatorName, replacement }) =>
  [fileName, start.line, start.column, end.line, end.column, mutatorName, replacement].join("\0");

/** The part of `text` between two places, both counted from 0. */
export function textBetween(text, { start, end }) {
  const lines = text.split("\n").slice(start.line, end.line + 1);
  lines.push(lines.pop().slice(0, end.column));
  lines[0] = lines[0].slice(start.column);
  return lines.join("\n");
}

/** Eight digits that identify a mutant while its line, its code and its file's name do not change. */
function keyOf({ fileName, location, mutatorName, replacement }, text) {
  const line = text.split("\n")[location.start.line].trim();
  return sha256(fileName, line, textBetween(text, location), mutatorName, replacement).slice(0, 8);
}

/** All mutants of the files, in their order, each with its `key`, `original` and the number of its line. */
export async function listMutants(stryker, names) {
  const files = names.map((name) => fileOf(name, true));
  const text = new Map(files.map(({ name, content }) => [name, content]));
  const { mutants } = await instrument(stryker, files);
  return mutants.map((mutant) => ({
    ...mutant,
    key: keyOf(mutant, text.get(mutant.fileName)),
    original: textBetween(text.get(mutant.fileName), mutant.location),
    line: mutant.location.start.line + 1,
  }));
}

/**
 * The files that the chosen mutants are in, with these in them: `{ files: [{ name, content }], numbers }`, where
 * `numbers.get(mutant)` switches it on. Others inside the same code are included, and stay off.
 */
export async function withSwitches(stryker, chosen) {
  const ranges = new Map();
  for (const { fileName, location } of chosen) ranges.set(fileName, [...(ranges.get(fileName) ?? []), location]);
  const files = [...ranges].map(([name, locations]) => fileOf(name, locations));
  const instrumented = await instrument(stryker, files);
  const byPlace = new Map(instrumented.mutants.map((mutant) => [placeOf(mutant), mutant.id]));
  const numbers = new Map(chosen.map((mutant) => [mutant, byPlace.get(placeOf(mutant))]));
  return { files: instrumented.files, numbers };
}
