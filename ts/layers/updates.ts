/**
 * What layers write beside training, such as moving averages.
 *
 * A training step can still be refused after a layer was called: by labels that are out of range, for
 * instance. So it holds these writes back until all else is done.
 *
 * @module
 */

/** Writes of the running training step, if there is one. */
let waiting: (() => void)[] | undefined;

/** Does `write` when the running training step has succeeded, or at once where there is none. */
export function update(write: () => void): void {
  if (waiting === undefined) write();
  else waiting.push(write);
}

/** Runs `body`; what it would {@link update} is written at its end, or not at all when it throws. */
export function withUpdatesLast(body: () => void): void {
  const outer = waiting;
  const own: (() => void)[] = [];
  waiting = own;
  try {
    body();
  } finally {
    waiting = outer;
  }
  for (const write of own) write();
}
