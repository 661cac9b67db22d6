// One mutant against the tests that reach it.

import { relative } from "node:path";
import { chooseTests } from "./choose.mjs";
import { compiles } from "./compile.mjs";
import { tree } from "./tree.mjs";

/** As many of them, in their order, as fit into `limit` seconds; at least one. */
function within(limit, reaching) {
  const list = [];
  let seconds = 0;
  for (const file of reaching) {
    if (list.length > 0 && seconds + file.seconds > limit) continue;
    list.push(file);
    seconds += file.seconds;
  }
  return list;
}

/** Sets `outcome` of the mutant and, if known, `by`: the test that failed, or tests not run. */
export async function tryMutant(mutant, { tests, number, files, kills, limit, cap }) {
  const reaching = chooseTests(mutant, number, files, kills);
  const list = within(limit, reaching);
  const found = list.length === 0 ? { outcome: "not reached" } : await meet(number, { tests, list, cap });
  if (found.path) kills.set(found.path, (kills.get(found.path) ?? 0) + 1);
  if (found.outcome !== "caught" && !compiles(mutant)) found.outcome = "refused by the compiler";
  const left = reaching.length - list.length;
  const unread = left > 0 ? `none of ${list.length} files; ${left} more reach it` : undefined;
  Object.assign(mutant, { outcome: found.outcome, by: found.outcome === "survived" ? unread : found.by });
}

/** The time limit of a file, from the time of its tests without a mutant: it ends mutants that loop. */
const patience = (seconds) => 20 + 5 * seconds;

/** File by file, until one fails. After `cap` seconds the mutant counts as caught: without it the tests are faster. */
async function meet(number, { tests, list, cap }) {
  const end = performance.now() + cap * 1000;
  for (const { path, ids, file, seconds } of list) {
    // A second time as a whole file: a test may depend on earlier ones (for numbered names, say).
    for (const run of file.whole || !ids ? [{ path }] : [{ path, ids }, { path }]) {
      const left = Math.max(1, (end - performance.now()) / 1000);
      const reply = await tests.ask({ mutant: number, files: [run], bail: true }, Math.min(patience(seconds), left));
      if (!reply) return { outcome: "caught", by: "looping, or too slow" };
      const failed = reply.files.find(({ ok }) => !ok);
      if (!failed && reply.errors.length > 0) return { outcome: "caught", by: reply.errors[0] };
      if (!failed) break;
      if (await passesWithout(tests, run, seconds)) {
        return { outcome: "caught", by: `${relative(tree, path)}: ${failed.failure}`, path };
      }
      file.whole = true;
    }
  }
  return { outcome: "survived" };
}

async function passesWithout(tests, run, seconds) {
  const reply = await tests.ask({ files: [run] }, patience(seconds));
  return reply?.files.every(({ ok }) => ok) === true;
}
