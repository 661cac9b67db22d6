/**
 * CSVLogger.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { ArgumentTypeError } from "../errors.js";
import { boolean, checkKnownOptions, checkObject, isList, refuseRange, shown, text } from "../options.js";
import { Callback, type Logs } from "./callback.js";
import { givenCount, givenLogs } from "./hook-arguments.js";

/** The part of `node:fs` that is used. */
interface Files {
  writeFileSync(path: string, data: string): void;
  appendFileSync(path: string, data: string): void;
  existsSync(path: string): boolean;
  statSync(path: string): { readonly size: number };
}

/** Options of {@link CSVLogger}. */
export interface CSVLoggerOptions {
  /** Text between two values. Default: `","`. */
  readonly separator?: string | undefined;
  /** Append to an existing file, without a second header. Default: false. */
  readonly append?: boolean | undefined;
}

/**
 * Writes a line per epoch to a CSV file (Node, Deno, Bun), or to a function.
 *
 * @see [Keras: CSVLogger](https://keras.io/api/callbacks/csv_logger/)
 * @example
 * ```ts
 * import { callbacks } from "gradstep";
 *
 * const lines: string[] = [];
 * const logger = new callbacks.CSVLogger((line) => lines.push(line));
 * ```
 */
export class CSVLogger extends Callback {
  readonly #target: string | ((line: string) => void);
  readonly #separator: string;
  readonly #append: boolean;
  #keys: readonly string[] | undefined;
  #hasHeader = false;

  /**
   * Writes a line per epoch to a CSV file (Node, Deno, Bun), or to a function.
   *
   * @param target - A path, or a function that receives each line without its line break.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE, also for a
   * path in a host without files
   */
  constructor(
    target: string | ((line: string) => void),
    separator?: CSVLoggerOptions["separator"] | CSVLoggerOptions,
    append?: CSVLoggerOptions["append"] | CSVLoggerOptions,
    others?: CSVLoggerOptions,
  );

  constructor(target: string | ((line: string) => void), ...given: unknown[]) {
    super();
    const options = placedOptions<CSVLoggerOptions>("CSVLogger", ["separator", "append"], given, 1);
    checkKnownOptions("CSVLogger", options, ["separator", "append"]);
    if (typeof target !== "function") text("CSVLogger", "target", target);
    if (typeof target === "string") files();
    this.#target = target;
    this.#separator = text("CSVLogger", "separator", options.separator ?? ",");
    if (!/^[^"\r\n]$/u.test(this.#separator)) {
      refuseRange("CSVLogger", "separator", "one character, neither a quote nor a line break", this.#separator);
    }
    this.#append = boolean("CSVLogger", "append", options.append ?? false);
  }

  /** @internal */
  override get statefulName(): string {
    return "CSVLogger";
  }

  override onTrainBegin(): void {
    checkObject(this, "onTrainBegin");
    this.#keys = undefined;
    this.#hasHeader = false;
    if (typeof this.#target !== "string") return;
    const { existsSync, statSync, writeFileSync } = files();
    this.#hasHeader = this.#append && existsSync(this.#target) && statSync(this.#target).size > 0;
    if (!this.#append) writeFileSync(this.#target, "");
  }

  override onEpochEnd(epoch: number, given: Logs): void {
    checkObject(this, "onEpochEnd");
    const logs = givenLogs("CSVLogger", given);
    givenCount("CSVLogger", "epoch", epoch);
    // Every cell comes before the first line, so that a refused list leaves the file as it was.
    const keys = this.#keys ?? columns(Object.keys(logs));
    const cells = keys.map((key) => cell(logs[key]));
    if (this.#keys === undefined) {
      this.#keys = keys;
      if (!this.#hasHeader) this.#write(["epoch", ...keys]);
    }
    this.#write([String(epoch), ...cells]);
  }

  #write(cells: readonly string[]): void {
    const line = cells.map((value) => quoted(value, this.#separator)).join(this.#separator);
    if (typeof this.#target === "string") files().appendFileSync(this.#target, `${line}\n`);
    else this.#target(line);
  }
}

/** Reserves columns for validation, which may start in later epochs, as in Keras. */
function columns(keys: readonly string[]): readonly string[] {
  const hasValidation = keys.some((key) => key.startsWith("val_"));
  return hasValidation ? keys : [...keys, ...keys.map((key) => `val_${key}`)];
}

/** Values of a list in one cell. */
const LONGEST = 1_000_000;

function cell(value: unknown): string {
  if (value === undefined) return "NA";
  if (isList(value)) {
    // Text has a limit of length in every engine, which a list with holes reaches without memory.
    if (value.length > LONGEST) refuseRange("CSVLogger", "logs", `lists of at most ${LONGEST} values`, value.length);
    return `[${value.map(word).join(", ")}]`;
  }
  return word(value);
}

/** A number, or another value from the logs of a custom step. */
const word = (value: unknown): string =>
  typeof value === "number" || typeof value === "string" ? String(value) : shown(value);

function quoted(value: string, separator: string): string {
  return value.includes(separator) || /["\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Without an import: this file is loaded in browsers too. */
function files(): Files {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const found = process?.getBuiltinModule?.("node:fs");
  if (found === undefined || found === null) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `CSVLogger: there are no files here (${shown(globalThis.navigator?.userAgent ?? "unknown runtime")}). Pass a function that takes each line: new CSVLogger((line) => ...).`,
    );
  }
  return found as Files;
}
