/**
 * Updates by layers other than training: moving averages, and random generators.
 *
 * A training step can still be refused after a layer was called, for example because a label is out of range. Therefore
 * writes are deferred until the step has succeeded; draws and builds are undone.
 *
 * @module
 */

import { recorderNow } from "./runtime/recording.js";
import { beforeChange, isTrial, refusable } from "./undo.js";
import type { Variable } from "./variable.js";

/** Deferred writes, and the variables that they change. */
export class Updates {
  readonly variables: Variable[] = [];
  readonly #writes: (() => void)[] = [];

  add(write: () => void, variables: readonly Variable[]): void {
    this.#writes.push(write);
    for (const variable of variables) if (!this.variables.includes(variable)) this.variables.push(variable);
  }

  /** Runs them in order. */
  write(): void {
    for (const write of this.#writes) write();
  }

  /** Passes them to the enclosing training step; without one, runs them so that a refused call undoes them. */
  handOn(): void {
    for (const write of this.#writes) update(write, this.variables);
  }
}

/** Writes of the running training step, if there is one. */
let waiting: Updates | undefined;

/**
 * Runs `write`, which changes `variables`: after the current training step has succeeded, or immediately if there is
 * none. Trials update nothing.
 */
export function update(write: () => void, variables: readonly Variable[]): void {
  if (isTrial()) return;
  const recorder = recorderNow();
  if (recorder?.isOwn === true) {
    if (waiting === undefined) {
      recorder.repeat(() => updateNow(write, variables));
      return;
    }
    // What it reads would no longer be there.
    recorder.decline("a layer updates weights at the end of a step of fit");
  }
  updateNow(write, variables);
}

/** Whether {@link update} waits for the end of a training step. */
export function updatesWait(): boolean {
  return waiting !== undefined;
}

function updateNow(write: () => void, variables: readonly Variable[]): void {
  if (waiting !== undefined) {
    waiting.add(write, variables);
    return;
  }
  // The enclosing call can still be refused, by a later layer that gets no memory.
  for (const variable of variables) {
    beforeChange(variable, () => {
      const before = variable.array();
      return () => variable.value.set(before);
    });
  }
  write();
}

/** Whether {@link update} writes at once, so that values may change while a tape still needs them. */
export function writesAtOnce(): boolean {
  return waiting === undefined;
}

/** Runs `body`, and defers its {@link update} calls, which the caller then makes. If it throws, nothing has changed. */
export function withUpdatesLast(body: () => void): Updates {
  const outer = waiting;
  const own = new Updates();
  waiting = own;
  try {
    refusable(body);
  } finally {
    waiting = outer;
  }
  return own;
}
