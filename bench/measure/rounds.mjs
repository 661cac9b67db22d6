// One case: every contestant makes its state, then all take turns, A B C A B C ..., so that whatever the machine
// does in between happens to all of them.

import { freemem } from "node:os";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { summary } from "./statistics.mjs";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** A sample is as many steps as take this long, one at least: short enough for many rounds, long for any clock. */
const SAMPLE_MS = 15;
/** Time for compilers to do their best before anything counts. */
const WARM_UP_MS = 150;
const MOST_ROUNDS = 51;
const FEWEST_ROUNDS = 3;
/** Steps after which weights are compared, and how many of them. */
const COMPARED_STEPS = 3;
const COMPARED_WEIGHTS = 64;

/** Parameter, gradient, slots and what TensorFlow.js needs for intermediate results, in bytes per element. */
const BYTES_PER_ELEMENT = 40;

/** Measures one case within about `seconds`. Resolves to `{ case, measured: Map(id -> summary) }`. */
export async function measureCase(one, contestants, seconds) {
  const entries = [];
  const notes = new Map();
  for (const contestant of contestants) {
    if (one.elements * BYTES_PER_ELEMENT > freemem()) {
      notes.set(contestant.id, "not enough memory");
      continue;
    }
    try {
      const state = await contestant.make(one);
      if (state !== undefined) entries.push({ contestant, state, samples: [], spent: 0 });
    } catch (error) {
      notes.set(contestant.id, error.message.split("\n")[0]);
    }
  }
  await compareWeights(entries);
  const allowance = (seconds * 1000) / Math.max(1, entries.length);
  for (const entry of entries) await warmUp(entry, allowance);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const turn = entries.filter(({ samples, spent }) => samples.length < FEWEST_ROUNDS || spent < allowance);
    if (turn.length === 0) break;
    for (const entry of turn) await sample(entry);
  }
  for (const { state } of entries) await state.dispose();
  collectGarbage();
  const measured = new Map(
    entries.map(({ contestant, samples, other }) => [contestant.id, { ...summary(samples), other }]),
  );
  return { case: one, measured, notes };
}

/**
 * Do all compute the same? `other` marks those whose weights after three steps differ from the first contestant's
 * by more than 1 % of the way these have gone.
 */
async function compareWeights(entries) {
  const after = [];
  let before = [];
  for (const [i, { state }] of entries.entries()) {
    if (i === 0) before = await state.weights(COMPARED_WEIGHTS);
    await state.run(COMPARED_STEPS);
    after.push(await state.weights(COMPARED_WEIGHTS));
  }
  entries.forEach((entry, i) => {
    entry.other = [...after[i]].some((w, k) => {
      const way = Math.abs(after[0][k] - before[k]);
      // Weights near 1 carry a rounding error of 6e-8 a step.
      return !(Math.abs(w - after[0][k]) <= 0.01 * way + 4e-7);
    });
  });
}

async function warmUp(entry, allowance) {
  const limit = Math.min(WARM_UP_MS, allowance / 2);
  let steps = 1;
  let each = 0;
  for (let spent = 0, taken = 0; spent < limit && taken < 1e6; ) {
    const ms = await entry.state.run(steps);
    spent += ms;
    taken += steps;
    each = ms / steps;
    if (ms < limit / 10) steps *= 2;
  }
  entry.steps = Math.max(1, Math.round(SAMPLE_MS / each));
  entry.each = each;
}

async function sample(entry) {
  const { state, steps } = entry;
  // A step to bring the state back into the caches, where that is a small part of the round.
  if (entry.each < SAMPLE_MS * 4) await state.run(1);
  const ms = await state.run(steps);
  entry.samples.push(ms / steps);
  entry.spent += ms;
  // What this contestant leaves to be collected shall not stop the clock of the next.
  if (entry.contestant.litters) collectGarbage();
}
