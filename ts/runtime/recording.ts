/**
 * The recording of a step, as far as those see it who compute in JavaScript or draw random numbers.
 *
 * A separate, small file: most pages never record.
 *
 * @module
 */

/** Takes down a step, to replay it. */
export interface StepRecorder {
  /** Does `work`, and does it again in each replay. It reads memory at these addresses. */
  repeat(work: () => void, reads?: readonly number[], owner?: object): void;
  /** The next call of a kernel has these words among its arguments; a replay draws anew. */
  drew(draw: () => readonly number[]): void;
  /** Whether it takes down a function of the user's, which updates variables itself: see `compiled`. */
  readonly isOwn: boolean;
  /** The step depends on this variable, layer or loss. */
  uses(part: object): void;
  /** The step cannot be replayed. */
  decline(reason: string): void;
  /** Has an optimizer update variables, and does it again in each replay. @returns false if that is up to the caller */
  update(optimizer: object, given: object, mode: object): boolean;
}

let current: StepRecorder | undefined;

/** The recorder of the running step, if it is being recorded. */
export function recorderNow(): StepRecorder | undefined {
  return current;
}

/** Makes `recorder` take down what follows; `undefined` ends it. */
export function recordWith(recorder: StepRecorder | undefined): void {
  current = recorder;
}

/**
 * Does `work`: JavaScript that reads numbers of the batch, and writes what it makes of them to memory of the step. All
 * else that looks at the memory of a step that is being recorded refuses the recording.
 */
export function repeated(work: () => void, reads?: () => readonly number[]): void {
  if (current === undefined) work();
  else current.repeat(work, reads?.());
}
