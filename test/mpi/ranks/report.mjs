// The report of a rank to the test.

import { writeFileSync } from "node:fs";

/** Tells `values`, with the group's rank and size. */
export function report({ rank, size }, values) {
  const text = JSON.stringify({ rank, size, ...values });
  try {
    // mpirun may put what one rank prints into the middle of another's line.
    writeFileSync(`${process.env.REPORTS}/${rank}-${process.pid}.json`, text);
  } catch {
    // Not allowed to, in Deno.
    console.log(`REPORT ${text}`);
  }
}

/** The error that `work` throws, as `{ name, code, replica, message }`; null when it does not. */
export function errorOf(work) {
  try {
    work();
    return null;
  } catch (error) {
    return shown(error);
  }
}

/** An error as JSON. */
export function shown({ name, code, replica, message }) {
  return { name, code, replica, message };
}
