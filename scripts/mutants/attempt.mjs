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
  return { list, seconds };
}

/** Sets `outcome` of the mutant and, where there is something to say, `by`: the test that failed, or tests not run. */
export async function tryMutant(mutant, { tests, number, files, kills, limit }) {
  const reaching = chooseTests(mutant, number, files, kills);
  const { list, seconds } = within(limit, reaching);
  const found = list.length === 0 ? { outcome: "not reached" } : await meet(number, { tests, list, seconds });
  if (found.path) kills.set(found.path, (kills.get(found.path) ?? 0) + 1);
  if (found.outcome !== "caught" && !compiles(mutant)) found.outcome = "refused by the compiler";
  const left = reaching.length - list.length;
  const unread = left > 0 ? `none of ${list.length} files; ${left} more reach it` : undefined;
  Object.assign(mutant, { outcome: found.outcome, by: found.outcome === "survived" ? unread : found.by });
}

async function meet(number, { tests, list, seconds }) {
  for (;;) {
    const run = list.map(({ path, ids, file }) => ({ path, ids: file.whole ? undefined : ids }));
    const reply = await tests.ask({ mutant: number, files: run, bail: true }, 30 + 6 * seconds);
    if (!reply) return { outcome: "caught", by: "looping" };
    const failed = reply.files.find(({ ok }) => !ok);
    if (!failed) return reply.errors.length > 0 ? { outcome: "caught", by: reply.errors[0] } : { outcome: "survived" };
    const chosen = run.find(({ path }) => path === failed.path);
    if (await passesWithout(tests, chosen, seconds)) {
      return { outcome: "caught", by: `${relative(tree, failed.path)}: ${failed.failure}`, path: failed.path };
    }
    // Its tests need those before them (names with numbers, say), or it fails now and then.
    const at = list.findIndex(({ path }) => path === failed.path);
    if (list[at].file.whole) list.splice(at, 1);
    else list[at].file.whole = true;
  }
}

async function passesWithout(tests, chosen, seconds) {
  const reply = await tests.ask({ files: [chosen] }, 30 + 6 * seconds);
  return reply?.files.every(({ ok }) => ok) === true;
}
