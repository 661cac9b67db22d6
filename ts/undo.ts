/**
 * Undo of a refused call: random numbers that it drew, layers that it built.
 *
 * A call that may be refused runs as a {@link refusable} body. Each change first calls {@link beforeChange} with a
 * function that undoes it. When the body throws, all changes are undone, the last one first.
 *
 * Updates of an optimizer are undone by `optimizers/checkpoint.ts` instead: a note for each of a thousand variables
 * would cost more than the step, and its copy is valid for only one step, whereas notes are passed to the enclosing
 * body.
 *
 * A trial call of a layer changes no state in any case: {@link tried}.
 *
 * @module
 */

type Undo = () => void;
/** Functions that undo a body's changes, by the object that was changed. */
type Changes = Map<object, Undo>;

/** One entry for each running body, the innermost last; empty until something changes. */
const running: (Changes | undefined)[] = [];

/**
 * Must be called before `target` changes. Outside of a {@link refusable} body it does nothing.
 *
 * @param remember - Saves the current state of `target`, and returns a function that restores it.
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

/** Runs `body`. When it or the enclosing body throws, all its changes are undone. */
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
 * Runs `body` as a part of the enclosing body that will be repeated, such as one of a step's loss evaluations.
 *
 * @returns a function that undoes its changes of the targets that `isRepeated` accepts, so that the repetition starts
 * from the same state
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

/** The enclosing body can still be refused: its older notes go further back. */
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

/** Functions that undo what the running trial changed; its builds stay. */
interface Trial {
  readonly changes: Changes;
  isBuilding: boolean;
}

let trial: Trial | undefined;

/** Whether a trial is running, and no build inside of it. */
export function isTrial(): boolean {
  return trial?.isBuilding === false;
}

/**
 * Must be called before the state of `target` changes, which calls of layers may change: a variable, a tensor, a
 * generator, a metric. Outside of a {@link tried} body it does nothing.
 */
export function beforeState<T extends object>(target: T, remember: (target: T) => Undo): void {
  if (trial === undefined) return;
  const { changes, isBuilding } = trial;
  // What a build draws and sets is where later changes of the trial go back to.
  if (isBuilding) changes.delete(target);
  else if (!changes.has(target)) changes.set(target, remember(target));
}

/** Runs `body`, and undoes its changes of state, also when it throws. Layers that it builds stay built. */
export function tried<T>(body: () => T): T {
  const outer = trial;
  const own: Trial = { changes: new Map(), isBuilding: false };
  trial = own;
  try {
    return body();
  } finally {
    trial = outer;
    undo(own.changes);
  }
}

/** Runs a build, whose changes stay although a trial may be running. */
export function lasting<T>(build: () => T): T {
  const outer = trial?.isBuilding;
  if (trial === undefined || outer === true) return build();
  const own = trial;
  own.isBuilding = true;
  try {
    return build();
  } finally {
    own.isBuilding = false;
  }
}
