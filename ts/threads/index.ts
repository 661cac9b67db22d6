/**
 * Multithreading inside of a step.
 *
 * @module
 */

export { setThreads, type ThreadsOptions } from "./set-threads.js";
