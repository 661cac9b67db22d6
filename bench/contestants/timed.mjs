// The clock of the contestants in this process.

/** Milliseconds that `steps` calls of `step` take. */
export function timed(step, steps) {
  const start = performance.now();
  for (let i = 0; i < steps; i++) step();
  return performance.now() - start;
}
