/**
 * Several threads inside of one step.
 *
 * @module
 */

export { setThreads, type ThreadsOptions } from "./set-threads.js";
