/**
 * Going through data without training: `evaluate`, and the validation of `fit`.
 *
 * @module
 */

import type { CallbackList } from "../callbacks/callback-list.js";
import type { BatchSource } from "./batch.js";
import { goThrough } from "./loop.js";
import type { Pacer } from "./pacer.js";
import type { Training } from "./training.js";

/** How a test goes. */
export interface TestRun {
  readonly callbacks: CallbackList;
  readonly signal: AbortSignal | undefined;
  /** The most batches to take, `null` for all. */
  readonly limit: number | null;
}

/** Gathers losses and metrics over data, from nothing: the training's tracker has them then. */
export async function runTest(training: Training, source: BatchSource, run: TestRun, pacer?: Pacer): Promise<void> {
  const logs = () => training.tracker?.logs() ?? {};
  training.tracker?.reset();
  await run.callbacks.call("onTestBegin", {});
  const loop = { ...run, kind: "Test", logs, step: training.test.bind(training), isStopped: () => false } as const;
  await goThrough(source, loop, pacer);
  await run.callbacks.call("onTestEnd", logs());
}
