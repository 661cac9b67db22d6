/**
 * Lifetime of a step's temporaries, by the rule in `docs/memory.md`.
 *
 * After a step has ended, its values stay in place. Their memory is reused
 * - when the same computation is repeated: `gradient()` is called for the same variables, for a computation of the same
 * form, after the variables were changed;
 * - when {@link MOST_ENDED} later steps have ended, as in a loop that changes no variable;
 * - when ended steps hold more than {@link MOST_LENGTH} together.
 * Metrics, models outside of a step, optimizers and `fit` have separate scratch memory, and do not end steps.
 *
 * The garbage collector is not used for this: a loop is one job, during which it reports nothing.
 *
 * @module
 */

import { type Arena, heldByArenas } from "./arena.js";
import { giveArena, takeArena } from "./arena-pool.js";
import { settle } from "./loose.js";

/** Steps that stay. */
const MOST_ENDED = { tape: 8, tidy: 4 } as const;
/** 256 MB in 4-byte values. */
const MOST_LENGTH = 1 << 26;
/** Recorded steps whose gradients may still be requested: this many are kept, */
const MOST_WAITING = 16;
/** and more of them while they hold no more than 16 MB together, in 4-byte values. */
const CHEAP_WAITING = 1 << 22;
/** Steps of other forms for the same variables, such as a separate loss, or sequences of different lengths. */
const MOST_FORMS = 3;
/** 16 MB: above it, one other form is kept. */
const LARGE = 1 << 22;
/** 1 MB: up to it, the iteration before the last is kept too, for comparing gradients of two iterations. */
const TINY = 1 << 18;

/** Features that identify two steps as iterations of one loop. */
export interface Work {
  /** The first variable of the gradients that were computed, by its number. */
  readonly variable: number;
  /** Its last change. */
  readonly change: number;
  /** A checksum of the operations. */
  readonly form: number;
}

/** A step's memory. */
export class Step {
  readonly by: "tape" | "tidy";
  readonly arenas: Arena[];
  work: Work | undefined;
  /** Its memory is used again. */
  isOver = false;

  constructor(by: "tape" | "tidy") {
    this.by = by;
    this.arenas = [takeArena("step")];
  }

  /** 4-byte values that it holds. */
  get length(): number {
    let length = 0;
    for (const arena of this.arenas) length += arena.length;
    return length;
  }
}

/** Steps that have ended, the oldest first. */
const ended = { tape: [] as Step[], tidy: [] as Step[] };

/** Steps that wait for `gradient()`, and their sizes; the oldest first. */
const waiting = new Map<Step, number>();
let waitingLength = 0;

/** Begins a step. */
export function beginStep(by: "tape" | "tidy"): Step {
  settle();
  // A large step replaces the previous one: memory for two may be too much.
  if (by === "tape") limitLength(0);
  return new Step(by);
}

/** Ends a step. Its temporaries stay readable for now. */
export function endStep(step: Step): void {
  if (step.isOver) return;
  awake(step);
  const list = ended[step.by];
  const at = list.indexOf(step);
  if (at >= 0) list.splice(at, 1);
  list.push(step);
  if (list.length > MOST_ENDED[step.by]) recycle(list.shift() as Step);
  limitLength(1);
}

/** Pauses a step: its gradients may be computed later. If a loop never computes them, the oldest steps end. */
export function waitForGradient(step: Step): void {
  if (step.isOver) return;
  awake(step);
  const { length } = step;
  waiting.set(step, length);
  waitingLength += length;
  while (
    waiting.size > 1 &&
    (waiting.size > MOST_WAITING ? waitingLength > CHEAP_WAITING : waitingLength > 2 * MOST_LENGTH)
  ) {
    const [oldest] = waiting.keys() as Iterable<Step> as [Step];
    awake(oldest);
    recycle(oldest);
  }
}

/** Reverses {@link waitForGradient}. */
export function awake(step: Step): void {
  const length = waiting.get(step);
  if (length === undefined) return;
  waitingLength -= length;
  waiting.delete(step);
}

/** Ends the step immediately: its results are not needed. */
export function dropStep(step: Step): void {
  if (step.isOver) return;
  awake(step);
  const list = ended[step.by];
  const at = list.indexOf(step);
  if (at >= 0) list.splice(at, 1);
  recycle(step);
}

/**
 * Starts a new iteration of this computation: memory of earlier iterations is free, and the gradients of the last one
 * are overwritten.
 *
 * @param uses - Whether this iteration reads from an arena, as when it continues from a state of the previous one.
 */
export function beginTurn(work: Work, uses: (arena: Arena) => boolean): void {
  const list = ended.tape;
  let [turns, forms] = [0, 0];
  for (let i = list.length - 1; i >= 0; i--) {
    const step = list[i]!;
    if (step.work === undefined || step.work.variable !== work.variable) continue;
    if (step.work.change === work.change) continue;
    const { length } = step;
    const stays =
      step.work.form === work.form ? ++turns === 1 && length <= TINY : ++forms <= (length > LARGE ? 1 : MOST_FORMS);
    if (stays || step.arenas.some(uses)) continue;
    list.splice(i, 1);
    recycle(step);
  }
}

/** Contiguous memory for a step's gradients, freed with the step. */
export function gradientArena(step: Step, length: number): Arena {
  // Left by an attempt that failed.
  for (const arena of step.arenas.splice(1)) giveArena(arena);
  const arena = takeArena("gradients", length);
  step.arenas.push(arena);
  return arena;
}

function recycle(step: Step): void {
  step.isOver = true;
  for (const arena of step.arenas) giveArena(arena);
}

/** Recycles the oldest steps while all together hold too much, but never the last few. */
function limitLength(keep: number): void {
  if (heldByArenas() <= MOST_LENGTH) return;
  let length = 0;
  for (const step of ended.tape) length += step.length;
  for (const step of ended.tidy) length += step.length;
  for (const list of [ended.tidy, ended.tape]) {
    while (length > MOST_LENGTH && list.length > keep) {
      const oldest = list.shift() as Step;
      length -= oldest.length;
      recycle(oldest);
    }
  }
}
