/**
 * Several threads inside of one step.
 *
 * @module
 */

export { setThreads } from "./set-threads.js";
