export interface FileOutcome {
  readonly path: string;
  readonly ended: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
export interface Outcome {
  /** The messages of each error outside tests, each followed by those of its causes. */
  readonly errors: readonly (readonly string[])[];
  readonly files: readonly FileOutcome[];
}
export const LOST: string;
export function afterLoss(outcome: Outcome): {
  readonly lost: boolean;
  readonly kept: readonly FileOutcome[];
  readonly again: readonly string[];
};
