// Tests to run against a mutant, in order: those that reach it, the likeliest to fail per second first.

import { relative } from "node:path";
import { tree } from "./tree.mjs";

/** Seconds to start a test file. */
const startSeconds = 1;

const wordsOf = (path) => new Set(path.toLowerCase().match(/[a-z]{3,}/g));

/** The number of words that the names of a source file and a test file share. */
function likeness(source, test) {
  const words = wordsOf(test);
  return [...wordsOf(source.replace(/^ts\//, ""))].filter(
    (word) => words.has(word.replace(/s$/, "")) || words.has(word),
  ).length;
}

/** Workers run dist/ in separate threads, which the dry run does not see: their suites are chosen by folder. */
const ofWorkers = (source, test) =>
  /^ts\/(worker|distribute)\//.test(source) && /^test\/(worker|distribute)\//.test(test);

/**
 * `[{ file, path, ids, seconds }]`: the passing tests of `files` that reach the mutant `number`; without `ids`, the whole file,
 * where loading it reaches the mutant. `kills` counts, by path, what a file has caught so far.
 */
export function chooseTests({ fileName }, number, files, kills) {
  const chosen = [];
  for (const file of files) {
    const name = relative(tree, file.path);
    const whole = file.loading.has(number) || ofWorkers(fileName, name);
    const tests = whole ? file.tests : file.tests.filter(({ reaches }) => reaches.has(number));
    if (tests.length === 0) continue;
    const ids = whole && file.ok ? undefined : tests.map(({ id }) => id);
    const seconds = startSeconds + tests.reduce((sum, test) => sum + test.seconds, 0);
    const direct = file.tests.some(({ reaches }) => reaches.has(number)) ? 4 : 0;
    const likely = 1 + direct + 4 * likeness(fileName, name) + (kills.get(file.path) ?? 0);
    chosen.push({ file, path: file.path, ids, seconds, order: seconds / likely });
  }
  return chosen.sort((a, b) => a.order - b.order);
}
