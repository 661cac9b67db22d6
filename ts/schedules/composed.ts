/**
 * Schedules composed of other schedules. They share a file, because each may contain the other.
 *
 * @module
 */

import { isA, isReadable } from "../brands.js";
import { ArgumentTypeError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import {
  checkMethod,
  checkObject,
  finiteNumber,
  isList,
  list,
  NON_NEGATIVE,
  numberIn,
  refuseRange,
  shown,
} from "../options.js";
import { label, scheduleOptions } from "./built-in-schedule.js";
import { type NamedScheduleClass, registryWith } from "./list.js";
import { LearningRateSchedule, type ScheduleConfig } from "./schedule.js";

/** A schedule, or a number for a constant rate. */
export type RatePart = LearningRateSchedule | number;

/** Options of {@link LinearWarmup}. */
export interface LinearWarmupOptions {
  /** Rate after the warm-up: a schedule, which counts from there, or a number. */
  readonly inner: RatePart;
  /** Steps of the warm-up; 0 or above. */
  readonly warmupSteps: number;
  /** A label. Default: "LinearWarmup". */
  readonly name?: string | null | undefined;
}

/** Options of {@link SequentialSchedule}. */
export interface SequentialScheduleOptions {
  /** Schedules, or numbers for constant rates. At least one. */
  readonly schedules: readonly RatePart[];
  /** Step at which each schedule after the first begins: above 0, in ascending order. */
  readonly boundaries: readonly number[];
  /** A label. Default: "SequentialSchedule". */
  readonly name?: string | null | undefined;
}

/** Custom classes for the inner schedules. */
const registry = registryWith(() => COMPOSED);

/**
 * A linear warm-up, then another schedule: the rate rises from 0 to the first rate of `inner`, which it reaches at step
 * `warmupSteps`; there `inner` starts, at its step 0. Keras has no such schedule.
 *
 * @throws ValueError ERR_CONFIG_INVALID, ERR_CONFIG_UNKNOWN_CLASS, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE,
 * ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [optax: join_schedules](https://optax.readthedocs.io/en/latest/api/optimizer_schedules.html#optax.join_schedules)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const decay = new schedules.Linear({ initialLearningRate: 0.5, totalSteps: 100 });
 * const rate = new schedules.LinearWarmup(decay, { warmupSteps: 10 });
 * console.log(rate.at(0), rate.at(5), rate.at(10), rate.at(60)); // 0 0.25 0.5 0.25
 * ```
 */
export class LinearWarmup extends LearningRateSchedule {
  static override readonly className: string = "LinearWarmup";
  /** Ranges of its numbers. @internal */
  static readonly ranges = { warmupSteps: NON_NEGATIVE };
  /** Rate after the warm-up. */
  readonly inner: RatePart;
  /** Steps of the warm-up. */
  readonly warmupSteps: number;
  /** A label, saved with the schedule. */
  readonly name: string | null;

  /**
   * Creates a warm-up before another schedule.
   *
   * @param inner - {@link LinearWarmupOptions.inner}.
   * @param warmupSteps - {@link LinearWarmupOptions.warmupSteps}, or the options.
   * @param name - {@link LinearWarmupOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    inner: LinearWarmupOptions["inner"],
    warmupSteps: LinearWarmupOptions["warmupSteps"] | Omit<LinearWarmupOptions, "inner">,
    name?: LinearWarmupOptions["name"] | Partial<LinearWarmupOptions>,
    others?: Partial<LinearWarmupOptions>,
  );
  /**
   * Creates a warm-up before another schedule.
   *
   * @param options - All arguments by name.
   */
  constructor(options: LinearWarmupOptions);
  constructor(...given: unknown[]) {
    const owner = "LinearWarmup";
    const options = scheduleOptions<LinearWarmupOptions>(owner, ["inner", "warmupSteps", "name"], given);
    super();
    this.inner = part(owner, "inner", options.inner);
    this.warmupSteps = numberIn(owner, "warmupSteps", options.warmupSteps, NON_NEGATIVE);
    this.name = label(owner, options.name);
  }

  override at(step: number): number {
    const from = stepOf(this, step, arguments.length);
    const { inner, warmupSteps } = this;
    return from < warmupSteps ? Math.fround(rate(inner, 0) * (from / warmupSteps)) : rate(inner, from - warmupSteps);
  }

  override getConfig(): ScheduleConfig {
    checkObject(this, "getConfig");
    return { inner: saved(this.inner), warmup_steps: this.warmupSteps, name: this.name };
  }
}

/**
 * A sequence of schedules: each begins at its boundary, and counts steps from there. Keras has no such schedule;
 * PyTorch calls it `SequentialLR`, optax `join_schedules`.
 *
 * @throws ValueError ERR_CONFIG_INVALID, ERR_CONFIG_UNKNOWN_CLASS, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE,
 * ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [optax: join_schedules](https://optax.readthedocs.io/en/latest/api/optimizer_schedules.html#optax.join_schedules)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const decay = new schedules.Linear({ initialLearningRate: 0.5, totalSteps: 100 });
 * const rate = new schedules.SequentialSchedule({ schedules: [0.25, decay], boundaries: [1000] });
 * console.log(rate.at(999), rate.at(1000), rate.at(1050)); // 0.25 0.5 0.25
 * ```
 */
export class SequentialSchedule extends LearningRateSchedule {
  static override readonly className: string = "SequentialSchedule";
  /** Schedules, or constant rates. */
  readonly schedules: readonly RatePart[];
  /** Step at which each schedule after the first begins. */
  readonly boundaries: readonly number[];
  /** A label, saved with the schedule. */
  readonly name: string | null;

  /**
   * Creates a sequence of schedules.
   *
   * @param schedules - {@link SequentialScheduleOptions.schedules}.
   * @param boundaries - {@link SequentialScheduleOptions.boundaries}, or the options.
   * @param name - {@link SequentialScheduleOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    schedules: SequentialScheduleOptions["schedules"],
    boundaries: SequentialScheduleOptions["boundaries"] | Omit<SequentialScheduleOptions, "schedules">,
    name?: SequentialScheduleOptions["name"] | Partial<SequentialScheduleOptions>,
    others?: Partial<SequentialScheduleOptions>,
  );
  /**
   * Creates a sequence of schedules.
   *
   * @param options - All arguments by name.
   */
  constructor(options: SequentialScheduleOptions);
  constructor(...given: unknown[]) {
    const owner = "SequentialSchedule";
    const options = scheduleOptions<SequentialScheduleOptions>(owner, ["schedules", "boundaries", "name"], given);
    const parts = arrayOf(owner, "schedules", options.schedules).map((each, i) => part(owner, `schedules[${i}]`, each));
    if (parts.length === 0) refuseRange(owner, "schedules", "a list of at least one schedule", parts);
    const boundaries = arrayOf(owner, "boundaries", options.boundaries) as readonly number[];
    if (boundaries.length !== parts.length - 1) {
      refuseRange(owner, "boundaries", `a list of ${parts.length - 1}, one less than "schedules" has`, boundaries);
    }
    boundaries.forEach((each, i) => {
      const above = boundaries[i - 1] ?? 0;
      if (finiteNumber(owner, `boundaries[${i}]`, each) > above) return;
      refuseRange(owner, `boundaries[${i}]`, `above ${above}${i > 0 ? ", the boundary before it" : ""}`, each);
    });
    super();
    this.schedules = Object.freeze(parts);
    this.boundaries = Object.freeze(boundaries);
    this.name = label(owner, options.name);
  }

  override at(step: number): number {
    const from = stepOf(this, step, arguments.length);
    const { schedules, boundaries } = this;
    const index = boundaries.filter((boundary) => boundary <= from).length;
    return rate(schedules[index]!, from - (boundaries[index - 1] ?? 0));
  }

  override getConfig(): ScheduleConfig {
    checkObject(this, "getConfig");
    return { schedules: this.schedules.map(saved), boundaries: [...this.boundaries], name: this.name };
  }
}

/** The schedules that contain other schedules. */
export const COMPOSED: readonly NamedScheduleClass[] = [LinearWarmup, SequentialSchedule];

/** A copy. */
function arrayOf(owner: string, name: string, given: unknown): readonly unknown[] {
  if (isList(given)) return list(owner, name, given);
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "${argumentName(name)}" must be an array, got ${shown(given)}.`,
  );
}

function part(owner: string, name: string, given: unknown): RatePart {
  if (typeof given === "number") return finiteNumber(owner, name, given);
  if (isA(given, LearningRateSchedule)) return given;
  if (isReadable(given) && !isList(given)) return registry.get(given) as LearningRateSchedule;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "${argumentName(name)}" must be a schedule or a number, got ${shown(given)}.`,
  );
}

/** Steps before the first count as the first. */
function stepOf(schedule: LearningRateSchedule, step: unknown, count: number): number {
  checkMethod(schedule, "at", count, 1);
  return Math.max(0, finiteNumber(`${schedule.className}.at`, "step", step));
}

function rate(of: RatePart, step: number): number {
  return typeof of === "number" ? Math.fround(of) : of.at(step);
}

function saved(of: RatePart): unknown {
  return typeof of === "number" ? of : registry.serialize(of);
}
