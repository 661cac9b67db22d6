/**
 * ProgressBar: progress of `fit` in a terminal.
 *
 * @module
 */

import { isCallable, isReadable } from "../brands.js";
import { ArgumentTypeError } from "../errors.js";
import { checkCount, checkObject, shown } from "../options.js";
import { now as time } from "../runtime/clock.js";
import { Callback, type Logs } from "./callback.js";
import { givenCount, givenLogs } from "./hook-arguments.js";
import { type Progress, progressLine, summaryLine } from "./progress-line.js";

/** The terminal that shows the bar. */
export interface Terminal {
  /**
   * Writes text at the cursor.
   *
   * @param text - With `\r` and `\n` at the ends of lines.
   */
  write(text: string): void;
  /** Whether a line can be overwritten. */
  readonly isTTY: boolean;
}

/** Seconds between two updates. */
const INTERVAL = 0.05;

/**
 * Keras's progress bar: epoch, bar, time left, time per step, loss and metrics. With `verbose: "auto"`, the
 * default, `fit` adds one if standard output is a terminal, and is silent otherwise.
 *
 * @see [Keras: ProgbarLogger](https://keras.io/api/callbacks/progbar_logger/)
 * @example
 * ```ts
 * import { callbacks } from "gradstep";
 *
 * const texts: string[] = [];
 * const bar = new callbacks.ProgressBar({ isTTY: false, write: (text) => texts.push(text) });
 * bar.setParams({ verbose: 1, epochs: 3, steps: 10 }); // `fit` calls these
 * bar.onEpochBegin(0);
 * console.log(texts[0]?.trim()); // Epoch 1/3
 * ```
 */
export class ProgressBar extends Callback {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #start = 0;
  #afterFirst = 0;
  #drawn = Number.NEGATIVE_INFINITY;
  #step = 0;
  #width = 0;

  /**
   * Keras's progress bar: epoch, bar, time left, time per step, loss and metrics.
   *
   * @param terminal - The output. Default: standard output if available, otherwise the console.
   * @param now - The time in seconds, for tests.
   * @throws TypeError ERR_OPTION_TYPE
   */
  constructor(terminal: Terminal = standardOutput(), now: () => number = () => time() / 1000) {
    checkCount("ProgressBar", arguments.length, 2);
    super();
    if (!isReadable(terminal) || typeof terminal.write !== "function") {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `ProgressBar takes a terminal, an object with "write" and "isTTY", got ${shown(terminal)}.`,
      );
    }
    if (!isCallable(now)) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `ProgressBar takes a clock, a function that returns seconds, got ${shown(now)}.`,
      );
    }
    this.#terminal = terminal;
    this.#now = now;
  }

  /** @internal */
  override get statefulName(): string {
    return "ProgressBar";
  }

  override onEpochBegin(epoch: number): void {
    checkObject(this, "onEpochBegin");
    givenCount("ProgressBar", "epoch", epoch);
    const { verbose, epochs } = this.params;
    if (verbose > 0 && epochs > 1) this.#terminal.write(`Epoch ${epoch + 1}/${epochs}\n`);
    this.#begin();
  }

  override onTrainBatchEnd(batch: number, logs: Logs): void {
    checkObject(this, "onTrainBatchEnd");
    this.#advance(batch, logs);
  }

  override onEpochEnd(_epoch: number, logs: Logs): void {
    checkObject(this, "onEpochEnd");
    this.#finish(logs);
  }

  override onTestBegin(): void {
    checkObject(this, "onTestBegin");
    if (this.#within()) return;
    this.#begin();
  }

  override onTestBatchEnd(batch: number, logs: Logs): void {
    checkObject(this, "onTestBatchEnd");
    if (!this.#within()) this.#advance(batch, logs);
  }

  override onTestEnd(logs: Logs): void {
    checkObject(this, "onTestEnd");
    if (!this.#within()) this.#finish(logs);
  }

  override onPredictBegin(): void {
    checkObject(this, "onPredictBegin");
    this.#begin();
  }

  override onPredictBatchEnd(batch: number, logs: Logs): void {
    checkObject(this, "onPredictBatchEnd");
    this.#advance(batch, logs);
  }

  override onPredictEnd(logs: Logs): void {
    checkObject(this, "onPredictEnd");
    this.#finish(logs);
  }

  override onTrainBegin(): void {
    checkObject(this, "onTrainBegin");
    this.#training = true;
  }

  override onTrainEnd(): void {
    checkObject(this, "onTrainEnd");
    this.#training = false;
  }

  #training = false;

  /** Validation inside `fit` appears only in the epoch's last line. */
  #within(): boolean {
    return this.#training;
  }

  #begin(): void {
    this.#start = this.#now();
    this.#drawn = Number.NEGATIVE_INFINITY;
    this.#step = 0;
    this.#width = 0;
  }

  #advance(batch: number, logs: Logs): void {
    givenCount("ProgressBar", "batch", batch);
    const now = this.#now();
    if (this.#step === 0) this.#afterFirst = now;
    this.#step = batch + 1;
    if (this.params.verbose !== 1 || !this.#terminal.isTTY || now - this.#drawn < INTERVAL) return;
    this.#drawn = now;
    this.#draw(progressLine(this.#progress(now, false), givenLogs("ProgressBar", logs), true));
  }

  #finish(given: Logs): void {
    const logs = givenLogs("ProgressBar", given);
    const { verbose } = this.params;
    if (verbose === 0) return;
    const progress = this.#progress(this.#now(), true);
    if (verbose === 2) this.#terminal.write(`${summaryLine(progress, logs)}\n`);
    else if (this.#terminal.isTTY) this.#draw(`${progressLine(progress, logs, true)}\n`);
    else this.#terminal.write(`${progressLine(progress, logs, false)}\n`);
  }

  #progress(now: number, done: boolean): Progress {
    const { steps } = this.params;
    const step = this.#step;
    const perStep = step > 1 ? (now - this.#afterFirst) / (step - 1) : (now - this.#start) / Math.max(1, step);
    return { step, target: done ? (steps ?? step) : steps, elapsed: now - this.#start, perStep, done };
  }

  #draw(line: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes that colours are made of
    const width = line.replace(/\u001b\[\d+m/g, "").length;
    this.#terminal.write(
      `\r${line.replace(/\n$/, "")}${" ".repeat(Math.max(0, this.#width - width))}${line.endsWith("\n") ? "\n" : ""}`,
    );
    this.#width = width;
  }
}

/** The part of `process` that is used; Deno and Bun have it too. */
interface Process {
  readonly stdout?: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** Standard output; in a browser the console, by whole lines. */
function standardOutput(): Terminal {
  const { process } = globalThis as { process?: Process };
  const stdout = process?.stdout;
  if (typeof stdout?.write === "function") {
    return { write: (text) => void stdout.write(text), isTTY: stdout.isTTY === true };
  }
  return { write: (text) => console.log(text.replace(/\n$/, "")), isTTY: false };
}
