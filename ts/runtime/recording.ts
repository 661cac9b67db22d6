/**
 * The recording of a step, as seen by code that computes in JavaScript or draws random numbers.
 *
 * A separate, small file: most pages never record.
 *
 * @module
 */

/** Records a step, for replaying it. */
export interface StepRecorder {
  /** Runs `work` now and in each replay. It reads memory at these addresses. */
  repeat(work: () => void, reads?: readonly number[], owner?: object): void;
  /** The next call of a kernel has these words among its arguments; each replay draws new ones. */
  drew(draw: () => readonly number[]): void;
  /** Whether it records a user's function, which updates variables: see `compiled`. */
  readonly isOwn: boolean;
  /** The step depends on this variable, layer or loss. */
  uses(part: object): void;
  /** The step cannot be replayed. */
  decline(reason: string): void;
  /** Runs an optimizer's update now and in each replay. @returns false if the caller must do it */
  update(optimizer: object, given: object, mode: object): boolean;
}

let current: StepRecorder | undefined;

/** The recorder of the running step, if it is being recorded. */
export function recorderNow(): StepRecorder | undefined {
  return current;
}

/** Makes `recorder` record from here on; `undefined` ends it. */
export function recordWith(recorder: StepRecorder | undefined): void {
  current = recorder;
}

/**
 * Runs `work`: JavaScript that reads numbers of the batch, and writes results to memory of the step. Any other access
 * to the memory of a step that is being recorded refuses the recording.
 */
export function repeated(work: () => void, reads?: () => readonly number[]): void {
  if (current === undefined) work();
  else current.repeat(work, reads?.());
}
