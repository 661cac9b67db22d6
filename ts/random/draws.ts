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

type States = Map<Drawing, State>;

/** States from before what drew, of the running steps and builds, each within the one before it. */
const running: States[] = [];

/** To be called by what is about to draw. */
export function beforeDraw(drawing: Drawing): void {
  const own = running.at(-1);
  if (own !== undefined && !own.has(drawing)) own.set(drawing, drawing.state);
}

/** Runs `body`; when it throws, or what it is part of does, everything that drew is as before. */
export function withDrawsTakenBack(body: () => void): void {
  const own = drawing(body);
  const outer = running.at(-1);
  if (outer === undefined) return;
  for (const [drawing, state] of own) if (!outer.has(drawing)) outer.set(drawing, state);
}

/**
 * The same for what stays when it was done, as the weights that a step has made: its draws stay with it, though the
 * step be refused.
 */
export function withDrawsThatStay(body: () => void): void {
  for (const drawn of drawing(body).keys()) for (const states of running) states.delete(drawn);
}

/** Runs `body`. @returns the states from before */
function drawing(body: () => void): States {
  const own: States = new Map();
  running.push(own);
  let isDone = false;
  try {
    body();
    isDone = true;
  } finally {
    running.pop();
    if (!isDone) for (const [drawing, state] of own) drawing.state = state;
  }
  return own;
}
