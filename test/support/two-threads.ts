/**
 * Two threads inside of every step of the tests that follow: on shared memory, in jobs of 64 numbers already, and also where
 * other tests keep all cores busy.
 */

import { configureThreads } from "../../ts/threads/program-threads.js";
import { setThreads } from "../../ts/threads/set-threads.js";

configureThreads({ least: 64, late: Infinity });
const threads = await setThreads(2);
if (threads !== 2) throw new Error(`There are ${threads} threads, so these tests would show nothing.`);
