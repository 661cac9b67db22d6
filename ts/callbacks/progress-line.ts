/**
 * One line of Keras's progress bar.
 *
 * @module
 */

import type { Logs } from "./callback.js";

/** Cells of the bar. */
const WIDTH = 20;

const bold = (text: string) => `\u001b[1m${text}\u001b[0m`;
const green = (text: string) => `\u001b[32m${text}\u001b[0m`;
const white = (text: string) => `\u001b[37m${text}\u001b[0m`;

/** Progress of an epoch. Times in seconds. */
export interface Progress {
  readonly step: number;
  /** Steps of the epoch, `null` if unknown. */
  readonly target: number | null;
  readonly elapsed: number;
  /** Time of one step, without the first, which builds the model. */
  readonly perStep: number;
  readonly done: boolean;
}

/** `12/45 ━━━━━━━━━━━━━━━━━━━━ 1s 2ms/step - accuracy: 0.9123 - loss: 0.2801`, with colours if wanted. */
export function progressLine(progress: Progress, logs: Logs, colours: boolean): string {
  const { step, target, elapsed, perStep, done } = progress;
  const strong = colours ? bold : String;
  const count = target === null ? `${String(step).padStart(7)}/Unknown` : strong(counted(step, target));
  const bar = target === null ? "" : ` ${barOf(step / Math.max(1, target), colours)}`;
  const time = done || target === null ? whole(elapsed) : clock(perStep * (target - step));
  return `${count}${bar} ${strong(time)} ${stepTime(perStep)}${numbers(logs)}`;
}

/** `45/45 - 1s - 2ms/step - accuracy: 0.9123 - loss: 0.2801` */
export function summaryLine(progress: Progress, logs: Logs): string {
  const { step, target, elapsed, perStep } = progress;
  return `${counted(step, target ?? step)} - ${whole(elapsed)} - ${stepTime(perStep)}${numbers(logs)}`;
}

function counted(step: number, target: number): string {
  return `${String(step).padStart(String(target).length)}/${target}`;
}

function barOf(share: number, colours: boolean): string {
  const full = Math.min(WIDTH, Math.floor(WIDTH * share));
  const [done, rest] = ["━".repeat(full), "━".repeat(WIDTH - full)];
  // Without colours the two parts look the same.
  if (!colours) return `${done}${"─".repeat(WIDTH - full)}`;
  return `${full > 0 ? green(done) : ""}${white(rest)}`;
}

/** Elapsed time. */
const whole = (seconds: number) => `${seconds.toFixed(0)}s`;

/** Remaining time. */
function clock(seconds: number): string {
  const left = Math.floor(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  if (seconds > 3600) return `${Math.floor(left / 3600)}:${two(Math.floor((left % 3600) / 60))}:${two(left % 60)}`;
  if (seconds > 60) return `${Math.floor(left / 60)}:${two(left % 60)}`;
  return `${left}s`;
}

function stepTime(seconds: number): string {
  if (seconds >= 1 || seconds === 0) return `${seconds.toFixed(0)}s/step`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(0)}ms/step`;
  return `${(seconds * 1e6).toFixed(0)}us/step`;
}

function numbers(logs: Logs): string {
  return Object.entries(logs)
    .map(
      ([name, value]) =>
        ` - ${name}: ${typeof value === "number" ? shownNumber(value) : value.map(shownNumber).join(", ")}`,
    )
    .join("");
}

function shownNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) > 1e-3) return value.toFixed(4);
  // Python's %.4e has two digits of exponent.
  return value.toExponential(4).replace(/e([+-])(\d)$/, "e$10$2");
}
