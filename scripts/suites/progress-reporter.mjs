// A Vitest reporter for the suites: from time to time a line with the progress of the suite and the time left; failures
// immediately.

import { DefaultReporter } from "vitest/node";
import { inWords } from "./durations.mjs";

/** Milliseconds between two lines. */
const INTERVAL = 10_000;

export default class ProgressReporter extends DefaultReporter {
  #files = { done: 0, total: 0 };
  #tests = { done: 0, failed: 0 };
  #started = 0;
  #printed = 0;
  #timer;
  /** Seconds that this suite is expected to take, and the suites after it: scripts/suites/vitest.mjs sets them. */
  #expected = Number(process.env.GRADSTEP_SUITE_SECONDS ?? 0);
  #after = Number(process.env.GRADSTEP_SECONDS_AFTER ?? 0);

  constructor() {
    super({ summary: false });
  }

  onTestRunStart(specifications) {
    super.onTestRunStart(specifications);
    this.#files.total = specifications.length;
    this.#started = this.#printed = performance.now();
    // A file that takes long, or hangs, must not look like the end of the run.
    this.#timer = setInterval(() => this.#line(), INTERVAL);
    this.#timer.unref();
  }

  onTestCaseResult(test) {
    super.onTestCaseResult(test);
    const { state, errors } = test.result();
    this.#tests.done++;
    if (state !== "failed") return;
    this.#tests.failed++;
    this.log(`  FAILED ${test.module.relativeModuleId} > ${test.fullName}`);
    // Vitest prints them at the end, which an interrupted run never reaches.
    for (const { message } of errors ?? []) this.log(`    ${message.split("\n", 3).join(" ")}`);
  }

  onTestModuleEnd(testModule) {
    super.onTestModuleEnd(testModule);
    this.#files.done++;
    if (performance.now() - this.#printed >= INTERVAL) this.#line();
  }

  onTestRunEnd(...args) {
    clearInterval(this.#timer);
    this.#line();
    super.onTestRunEnd(...args);
  }

  /** One line per file is too much: there are hundreds. */
  printTestModule() {}

  #line() {
    this.#printed = performance.now();
    const seconds = (this.#printed - this.#started) / 1000;
    const { done, total } = this.#files;
    const share = total === 0 ? 1 : done / total;
    // The expected time until a good part is done; then an estimate from the finished files.
    const here = share < 0.3 ? Math.max(0, this.#expected - seconds) : (seconds / share) * (1 - share);
    const left = here + this.#after;
    const { done: tests, failed } = this.#tests;
    const rest = left < 1 ? "" : `; ${inWords(left)} left`;
    this.log(
      `  ${seconds.toFixed(0).padStart(4)} s: ${done} of ${total} files, ${tests} tests, ${failed} failed${rest}`,
    );
  }
}
