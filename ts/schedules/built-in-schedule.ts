/**
 * Base of the built-in schedules: an index in the Rust list, arguments as numbers, a config.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { refuseProxy } from "../copies.js";
import { toKeras } from "../keras-names.js";
import {
  checkKnownOptions,
  checkMethod,
  checkObject,
  choice,
  finiteNumber,
  numberIn,
  type Range,
  refuseRange,
  text,
} from "../options.js";
import { evaluateSchedule } from "../runtime/schedule.js";
import { LearningRateSchedule, type ScheduleConfig } from "./schedule.js";

/** Checked constructor arguments, in Keras's order. */
interface Settings {
  readonly name: string | null;
  readonly [argument: string]: number | boolean | string | null | readonly number[];
}

/** A schedule that Rust computes. */
export abstract class BuiltInSchedule extends LearningRateSchedule {
  /** A label, saved with the schedule. */
  declare readonly name: string | null;
  readonly #id: number;
  readonly #settings: Settings;
  readonly #arguments: readonly number[];

  /**
   * A schedule that Rust computes.
   *
   * @param id - The schedule's place in `SPECS` of `crates/core/src/schedules/mod.rs`.
   * @param settings - Its arguments; without `name` they are those of the Rust spec, in order.
   * @param codes - The numbers that Rust uses for string arguments.
   */
  protected constructor(id: number, settings: Settings, codes: Readonly<Record<string, number>> = {}) {
    super();
    const { name, ...numbers } = { ...settings, ...codes };
    // Subclasses only declare their fields: a definition would reset these.
    Object.assign(this, settings);
    this.#id = id;
    this.#settings = settings;
    // NaN tells Rust that an argument was not given.
    this.#arguments = Object.values(numbers)
      .flatMap((value) => (value === null ? Number.NaN : value))
      .map(Number);
  }

  /**
   * Computes the learning rate at a step, as float32.
   *
   * @param step - The number of calls of the optimizer before this one: 0 at the first.
   * @returns the rate
   * @throws TypeError ERR_OPTION_TYPE for a step that is not a number, ValueError ERR_OPTION_RANGE for NaN and infinities
   */
  override at(step: number): number {
    checkMethod(this, "at", arguments.length, 1);
    if (!(#id in this)) refuseProxy("schedule");
    return evaluateSchedule(this.#id, this.#arguments, finiteNumber(`${this.className}.at`, "step", step));
  }

  /**
   * Returns the constructor's arguments by Keras's names, as they were given.
   *
   * @returns an object for `fromConfig`
   * @throws TypeError ERR_OPTION_TYPE on a proxy of the schedule
   */
  override getConfig(): ScheduleConfig {
    checkObject(this, "getConfig");
    if (!(#id in this)) refuseProxy("schedule");
    return Object.fromEntries(Object.entries(this.#settings).map(([key, value]) => [toKeras(key), this.saved(value)]));
  }

  /** An argument as JSON. @internal */
  protected saved(value: unknown): unknown {
    return Array.isArray(value) ? [...value] : value;
  }
}

/** Checks an argument, and returns it. */
type Check = (owner: string, name: string, value: unknown) => unknown;

/** A word of a list. */
export function oneOf(words: readonly unknown[]): Check {
  return (owner, name, value) => {
    if (!words.includes(value)) refuseRange(owner, name, choice(words), value);
    return value;
  };
}

/**
 * A schedule's checked arguments, in Keras's order.
 *
 * @param checks - Ranges of numbers, which may be `null` if that is the default, and checks of other arguments; those without
 * are texts or `null`.
 * @param defaults - Values of arguments that are not given.
 */
export function scheduleSettings<Options extends object>(
  owner: string,
  given: readonly unknown[],
  names: readonly string[],
  checks: Readonly<Record<string, Range | Check>>,
  defaults: Readonly<Record<string, unknown>> = {},
): Required<Options> & Settings {
  const options = placedOptions<Record<string, unknown>>(owner, names, given);
  checkKnownOptions(owner, options, names);
  const presets: Readonly<Record<string, unknown>> = { name: owner, ...defaults };
  const read = (name: string) => {
    const { [name]: preset } = presets;
    const { [name]: value = preset } = options;
    const { [name]: check = textOrNull } = checks;
    return typeof check === "function"
      ? check(owner, name, value)
      : value === null && preset === null
        ? null
        : numberIn(owner, name, value, check);
  };
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Required<Options> & Settings;
}

/** Labels: older versions of Keras saved `null`. */
function textOrNull(owner: string, name: string, value: unknown): string | null {
  return value === null ? null : text(owner, name, value);
}
