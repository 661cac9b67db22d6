// One line per step, with its outcome and its duration; one sentence and exit code 1 if a step fails.

/** A reason to stop that a person can act on: printed without a stack. */
export class StepFailed extends Error {
  /** `details` is the output of the program that failed; it is printed before the sentence. */
  constructor(sentence, details = "") {
    super(sentence);
    this.details = details.trim();
  }
}

/**
 * Runs `work(note)` and prints `name  outcome  time`. `work` returns the outcome, or `{ outcome, value }`.
 * `note` prints a sentence immediately, before something that takes long.
 */
export async function step(name, work) {
  const start = performance.now();
  const note = (sentence) => console.log(`  ${name}: ${sentence}`);
  const result = await work(note);
  const { outcome, value } = typeof result === "string" ? { outcome: result } : result;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`  ${name.padEnd(28)} ${outcome.padEnd(34)} ${seconds.padStart(6)} s`);
  return value;
}

/** The entry point of every script: runs `main`, and turns a StepFailed into its sentence and exit code 1. */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    if (error.details) console.log(error.details);
    console.log(`\nStopped: ${error.message}`);
    process.exitCode = 1;
  }
}
