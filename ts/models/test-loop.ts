/**
 * The loop over data without training: `evaluate`, and the validation of `fit`.
 *
 * @module
 */

import type { CallbackList } from "../callbacks/callback-list.js";
import type { BatchSource, PendingBatch } from "./batch.js";
import { goThrough } from "./loop.js";
import type { Pacer } from "./pacer.js";
import type { RunTally } from "./tally.js";
import type { Training } from "./training.js";

/** The state of a test. */
export interface TestRun {
  readonly callbacks: CallbackList;
  readonly signal: AbortSignal | undefined;
  /** The most batches to take, `null` for all. */
  readonly limit: number | null;
  /** Called after `onTestBegin` and `onTestEnd`, so that replicas apply the changes of one's callbacks. */
  readonly sync?: () => void;
}

/** Accumulates losses and metrics over data. @returns the result of `read` */
export async function runTest<T>(
  training: Training,
  source: BatchSource,
  run: TestRun,
  read: (tally: RunTally) => T,
  pacer?: Pacer,
): Promise<T> {
  await run.callbacks.call("onTestBegin", {});
  run.sync?.();
  const tally = training.steps.begin("test");
  try {
    const loop = {
      ...run,
      kind: "Test",
      perCall: training.stepsPerExecution,
      logs: () => tally.logs(),
      step: (batch: PendingBatch) => training.test(batch, { tally }),
      isStopped: () => false,
    } as const;
    await goThrough(source, loop, pacer);
    tally.finish();
    await run.callbacks.call("onTestEnd", tally.logs());
    run.sync?.();
    return read(tally);
  } finally {
    tally.close();
  }
}
