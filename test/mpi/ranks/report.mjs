// What a rank tells the test: one line of JSON.

/** Prints `values` with the group's rank and size. */
export function report(group, values) {
  console.log(`REPORT ${JSON.stringify({ rank: group.rank, size: group.size, ...values })}`);
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
