/**
 * Draws that are taken back: what is refused must not use up random numbers.
 *
 * @module
 */

type State = readonly [seed: number, calls: number];

/** What draws, by its state. */
interface Drawing {
  state: State;
}

/** States from before, of what has drawn since the running step or build began. */
let before: Map<Drawing, State> | undefined;

/** To be called by what is about to draw. */
export function beforeDraw(drawing: Drawing): void {
  if (before !== undefined && !before.has(drawing)) before.set(drawing, drawing.state);
}

/**
 * Runs `body`; when it throws, everything that drew is as before. What succeeds inside of what is refused, as the
 * weights that a step has made, keeps its draws.
 */
export function withDrawsTakenBack<T>(body: () => T): T {
  const outer = before;
  const own = new Map<Drawing, State>();
  before = own;
  let isDone = false;
  try {
    const result = body();
    isDone = true;
    return result;
  } finally {
    before = outer;
    if (!isDone) for (const [drawing, state] of own) drawing.state = state;
    else if (outer !== undefined) for (const drawing of own.keys()) outer.delete(drawing);
  }
}
