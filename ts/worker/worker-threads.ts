/**
 * Threads inside of workers.
 *
 * @module
 */

import { threadsModule } from "../threads/threads-option.js";
import type { WorkerThreads } from "./data/protocol.js";

/** Settings for each of `workers`; undefined for one thread. */
export async function workerThreads(count: number | "auto", workers: number): Promise<WorkerThreads | undefined> {
  return count === 1 ? undefined : { module: await threadsModule(), count, workers };
}
