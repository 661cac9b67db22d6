/**
 * What layers change beside training: moving averages, and random generators that they draw from.
 *
 * A training step can still be refused after a layer was called: by labels that are out of range, for
 * instance. So it holds the writes back until all else is done, and draws are taken back.
 *
 * @module
 */

import { withDrawsTakenBack } from "../random/draws.js";

/** Writes of the running training step, if there is one. */
let waiting: (() => void)[] | undefined;

/** Does `write` when the running training step has succeeded, or at once where there is none. */
export function update(write: () => void): void {
  if (waiting === undefined) write();
  else waiting.push(write);
}

/** Runs `body`; what it would {@link update} is written at its end. When it throws, all is as before. */
export function withUpdatesLast(body: () => void): void {
  const outer = waiting;
  const own: (() => void)[] = [];
  waiting = own;
  try {
    withDrawsTakenBack(body);
  } finally {
    waiting = outer;
  }
  for (const write of own) write();
}
