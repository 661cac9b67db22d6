/**
 * Undoing a refused call: random numbers that it drew, layers that it built.
 *
 * A call that may be refused runs as a {@link refusable} body. Whatever it changes says so first, by {@link beforeChange},
 * with a way back. When the body throws, all of that is undone, the last change first.
 *
 * Updates of an optimizer are not undone here, but by `optimizers/checkpoint.ts`: a note of each of a thousand variables would
 * cost more than the step, and its one copy holds for one step only, while notes are handed on to the body around.
 *
 * @module
 */

type Undo = () => void;
/** Functions that undo a body's changes, by the object that was changed. */
type Changes = Map<object, Undo>;

/** One entry for each running body, the innermost last; empty until something changes. */
const running: (Changes | undefined)[] = [];

/**
 * To be called before `target` changes. Outside of a {@link refusable} body it does nothing.
 *
 * @param remember - Notes what `target` is like now, and returns how to make it so again.
 */
export function beforeChange(target: object, remember: () => Undo): void {
  const at = running.length - 1;
  if (at < 0) return;
  let changes = running[at];
  if (changes === undefined) {
    changes = new Map();
    running[at] = changes;
  }
  if (!changes.has(target)) changes.set(target, remember());
}

/** Runs `body`. When it throws, or the body around it does, whatever it changed is as before. */
export function refusable<T>(body: () => T): T {
  running.push(undefined);
  let isDone = false;
  try {
    const result = body();
    isDone = true;
    return result;
  } finally {
    const changes = running.pop();
    if (changes !== undefined) {
      if (isDone) handOn(changes);
      else undo(changes);
    }
  }
}

/**
 * Runs `body` as a part of the body around, which is to run something like it again: the losses of one step, for instance.
 *
 * @returns a function that undoes its changes of the targets that `isRepeated` accepts: what runs next finds them as `body` did
 */
export function repeatable(body: () => void, isRepeated: (target: object) => boolean): () => void {
  const ways: Undo[] = [];
  refusable(() => {
    body();
    for (const [target, back] of running.at(-1) ?? []) if (isRepeated(target)) ways.unshift(back);
  });
  return () => {
    for (const back of ways) back();
  };
}

/** The body around can still be refused: its own older notes go further back. */
function handOn(changes: Changes): void {
  const at = running.length - 1;
  if (at < 0) return;
  const outer = running[at];
  if (outer === undefined) running[at] = changes;
  else for (const [target, back] of changes) if (!outer.has(target)) outer.set(target, back);
}

function undo(changes: Changes): void {
  for (const back of [...changes.values()].reverse()) back();
}
