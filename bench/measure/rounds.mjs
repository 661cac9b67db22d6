// One case: every contestant makes its state, then all take turns, A B C A B C ..., so disturbances affect all of them.
// At the end, the two ways to train, for contestants of this process.

import { freemem } from "node:os";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BATCHES } from "../cases.mjs";

setFlagsFromString("--expose-gc");

/** Collects all garbage, now; with or without node's --expose-gc. */
export const collectGarbage = runInNewContext("gc");

/** Duration of a sample, in steps, at least one: short enough for many rounds, long enough for any clock. */
const SAMPLE_MS = 15;
/** Time for compilers to do their best before anything counts. */
const WARM_UP_MS = 150;
const MOST_ROUNDS = 51;
const FEWEST_ROUNDS = 3;
/** Contestants that take longer for one step are measured once, and not compared. */
const SLOW_MS = 800;
/** Steps after which weights, or losses, are compared, and how many weights. */
const COMPARED_STEPS = 3;
const COMPARED_WEIGHTS = 64;
/** Of the loss: variants of Adam's epsilon stay far below it, a wrong gradient does not. */
const LOSS_TOLERANCE = 1e-3;

/** Parameter, gradient, slots and what TensorFlow.js needs for intermediate results, in bytes per element. */
const BYTES_PER_ELEMENT = 40;

/**
 * Measures one case within about `seconds`. Resolves to `{ case, measured: Map(id -> summary), notes }`; a note is why
 * a contestant has no part in it. `compare` marks those that compute something else.
 */
export async function measureCase(one, contestants, seconds, options = {}) {
  const { compare = compareWeights, warmUpMs = WARM_UP_MS } = options;
  const entries = [];
  const notes = new Map();
  for (const contestant of contestants) {
    if (one.elements * BYTES_PER_ELEMENT > freemem()) {
      notes.set(contestant.id, "not enough memory");
      continue;
    }
    try {
      const state = await contestant.make(one);
      if (state === undefined) continue;
      entries.push({ contestant, state, samples: [], spent: 0, each: await state.run(1) });
    } catch (error) {
      notes.set(contestant.id, error.message.split("\n")[0]);
    }
  }
  await compare(entries.filter(({ each, contestant }) => each < SLOW_MS || contestant.compiles));
  // The first step includes compilation.
  for (const entry of entries) if (entry.contestant.compiles) entry.each = await entry.state.run(1);
  const allowance = (seconds * 1000) / Math.max(1, entries.length);
  for (const entry of entries) await warmUp(entry, Math.min(warmUpMs, allowance / 2));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const turn = entries.filter(({ samples, spent, fewest }) => samples.length < fewest || spent < allowance);
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
 * Do all compute the same? `other` marks those whose weights differ from the first contestant's by more than 1 %
 * of the way these go in three steps.
 */
async function compareWeights(entries) {
  const before = await entries[0]?.state.weights(COMPARED_WEIGHTS);
  for (const entry of entries) {
    await entry.state.run(COMPARED_STEPS);
    entry.after = await entry.state.weights(COMPARED_WEIGHTS);
  }
  for (const entry of entries) {
    const { after } = entries[0];
    // Weights near 1 carry a rounding error of 6e-8 a step.
    const isSame = (w, i) => Math.abs(w - after[i]) <= 0.01 * Math.abs(after[i] - before[i]) + 4e-7;
    entry.other = ![...entry.after].every(isSame);
  }
}

/** Runs until compilers have finished, and chooses the number of steps of a sample. */
async function warmUp(entry, limit) {
  entry.fewest = entry.each < SLOW_MS ? FEWEST_ROUNDS : 1;
  let steps = 1;
  for (let spent = entry.each; spent < limit; ) {
    const ms = await entry.state.run(steps);
    spent += ms;
    entry.each = ms / steps;
    if (ms < limit / 10) steps *= 2;
  }
  entry.steps = Math.max(1, Math.round(SAMPLE_MS / entry.each));
}

async function sample(entry) {
  const { state, steps } = entry;
  // A step to bring the state back into the caches, where that is a small part of the round.
  if (entry.each * (state.fewestSteps ?? 1) < SAMPLE_MS * 4) await state.run(1);
  const ms = await state.run(steps);
  entry.samples.push(ms / steps);
  entry.spent += ms;
  // Garbage of this contestant must not be collected during the next one.
  if (entry.contestant.litters) collectGarbage();
}

/** The same for training: marks as `other` those whose loss differs from that of the first. All have taken one step before. */
export async function compareLosses(entries) {
  for (const { state } of entries) await state.run(COMPARED_STEPS);
  for (const entry of entries) entry.loss = await entry.state.loss();
  for (const entry of entries) {
    const { loss } = entries[0];
    entry.other = !(Math.abs(entry.loss - loss) <= LOSS_TOLERANCE * Math.abs(loss));
  }
}

/** Median, minimum and maximum of the samples, in the samples' unit. */
export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1), rounds: sorted.length };
}

/** Milliseconds that `steps` calls of `step` take. */
export function timed(step, steps) {
  const start = performance.now();
  for (let i = 0; i < steps; i++) step();
  return performance.now() - start;
}

/** The first steps, after which losses are compared, take the batches in their order. */
const IN_ORDER = 4;

/** A custom loop: `step(i)` trains on batch i, and waits where the library computes later. */
export function loop(step) {
  let done = 0;
  return async (steps) => {
    const start = performance.now();
    for (let i = 0; i < steps; i++) {
      const pending = step(done++ % BATCHES);
      if (pending !== undefined) await pending;
    }
    return performance.now() - start;
  };
}

/** Shortest `fit` to measure, in milliseconds, and at least one epoch, so that its start-up is a small part. */
const EPOCH_MS = 400;

/**
 * `fit`: whole epochs, shuffled by default; or the given number of batches if an epoch takes long.
 * `train({ from, batches, epochs, shuffle })` does it, and may resolve to milliseconds of the contestant's clock.
 */
export function fitting(train) {
  let done = 0;
  let each = Number.POSITIVE_INFINITY;
  return async (steps) => {
    const isFirst = done < IN_ORDER;
    const from = isFirst ? done : 0;
    const batches = isFirst ? steps : Math.min(BATCHES, Math.max(steps, Math.floor(EPOCH_MS / each)));
    const epochs = Math.ceil(steps / batches);
    done += batches * epochs;
    const start = performance.now();
    const own = await train({ from, batches, epochs, shuffle: !isFirst });
    each = (own ?? performance.now() - start) / (batches * epochs);
    return each * steps;
  };
}
