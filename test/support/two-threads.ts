/** Two threads inside of every step of the tests that follow: on shared memory. */

import { setThreads } from "../../ts/threads/index.js";

const threads = await setThreads(2);
if (threads !== 2) throw new Error(`There are ${threads} threads, so these tests would show nothing.`);
