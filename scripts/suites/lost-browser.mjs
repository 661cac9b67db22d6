// If a page or a browser dies, the rest of its suite is lost, although no test failed. The files without a result run
// once more; a test that failed never does.

/** Vitest's message for it (@vitest/browser), the cause of the only error, which ends the run. */
export const LOST = "[vitest] Browser connection was closed while running tests. Was the page closed unexpectedly?";

/**
 * Whether the loss of the browser is the only error outside of tests. `errors` has the messages of each error and of
 * its causes.
 */
const isLost = (errors) => errors.length > 0 && errors.every((messages) => messages.includes(LOST));

/**
 * The verdict on an outcome (outcome-reporter.mjs): which files have a result that counts, and which run again. A file that
 * did not end counts if one of its tests failed. Unless the browser was lost, everything counts.
 */
export function afterLoss({ errors, files }) {
  const lost = isLost(errors);
  const open = ({ ended, failed }) => lost && !ended && failed === 0;
  return { lost, kept: files.filter((file) => !open(file)), again: files.filter(open).map(({ path }) => path) };
}
