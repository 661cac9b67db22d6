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
 * Trial calls of layers are undone in any case: {@link withoutEffects}.
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

/** A running trial. */
interface Trial {
  /** Functions that undo its changes. */
  readonly changes: Changes;
  readonly outer: Trial | undefined;
  /** While it builds a layer: what the build changes, or may change, with functions that tell whether it did. */
  build: Map<object, () => boolean> | undefined;
}

/** The innermost running trial. */
let trial: Trial | undefined;

/** Whether a trial is running, and no build inside of it. */
export function isTrial(): boolean {
  return trial !== undefined && trial.build === undefined;
}

/**
 * Must be called before the state of `target` changes, which calls of layers may change: a variable, a tensor, a
 * generator, a metric. Outside of a {@link withoutEffects} body it does nothing.
 */
export function beforeState<T extends object>(target: T, remember: (target: T) => Undo): void {
  if (trial === undefined) return;
  const { changes, build } = trial;
  if (build !== undefined) build.set(target, always);
  else if (!changes.has(target)) changes.set(target, remember(target));
}

/** A variable or a tensor. */
interface Viewed {
  readonly disposed: boolean;
  readonly numbers: ArrayLike<number>;
  array(): ArrayLike<number>;
}

/** {@link beforeState} for a view of the numbers, to which the caller may write. */
export function beforeView<T extends Viewed>(target: T, remember: (target: T) => Undo): void {
  const build = trial?.build;
  if (build === undefined) beforeState(target, remember);
  else if (!build.has(target) && isNoted(target)) {
    const before = target.array();
    build.set(target, () => !target.disposed && isOther(target.numbers, before));
  }
}

function isNoted(target: object): boolean {
  for (let at = trial; at !== undefined; at = at.outer) if (at.changes.has(target)) return true;
  return false;
}

function isOther(numbers: ArrayLike<number>, before: ArrayLike<number>): boolean {
  for (let i = 0; i < before.length; i++) if (!Object.is(numbers[i], before[i])) return true;
  return false;
}

/**
 * Runs `body`, and undoes its changes of variables, tensors, generators and built-in metrics, also when it throws.
 * Layers that it builds stay built. Not undone: fields of custom classes, steps of optimizers, and writes to views that
 * were taken before `body`, or before the end of a build in it.
 */
export function withoutEffects<T>(body: () => T): T {
  const outer = trial;
  const own: Trial = { changes: new Map(), outer, build: undefined };
  trial = own;
  try {
    return body();
  } finally {
    trial = outer;
    undo(own.changes);
  }
}

/**
 * Runs a build, whose changes stay although a trial may be running. What it changes keeps all its earlier changes too:
 * a generator that went back to its state before the trial would draw the weights of the layer a second time.
 */
export function lasting<T>(build: () => T): T {
  const own = trial;
  if (own === undefined || own.build !== undefined) return build();
  const changes = new Map<object, () => boolean>();
  own.build = changes;
  try {
    const result = build();
    own.build = undefined;
    for (const [target, hasChanged] of changes) if (hasChanged()) keep(target, own);
    return result;
  } finally {
    own.build = undefined;
  }
}

/** No trial from `inner` outwards undoes the earlier changes of `target`, unless an enclosing build fails. */
function keep(target: object, inner: Trial): void {
  for (let at: Trial | undefined = inner; at !== undefined; at = at.outer) {
    if (at.build !== undefined) {
      at.build.set(target, always);
      return;
    }
    at.changes.delete(target);
  }
}

function always(): boolean {
  return true;
}
