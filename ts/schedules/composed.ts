/**
 * Schedules composed of other schedules.
 *
 * Over 300 lines: they share a file because each may contain the others.
 *
 * @module
 */

import { isA, isReadable } from "../brands.js";
import { ofMade } from "../copies.js";
import { ArgumentTypeError } from "../errors.js";
import { refuseAssignments } from "../getters.js";
import { argumentName } from "../keras-names.js";
import {
  anyNumber,
  checkMethod,
  DECAY,
  finiteNumber,
  isList,
  list,
  NON_NEGATIVE,
  refuseRange,
  shown,
} from "../options.js";
import { LARGEST_FLOAT32 } from "../runtime/float32.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";
import { type NamedScheduleClass, registryWith } from "./list.js";
import { type FollowingSchedule, LearningRateSchedule } from "./schedule.js";

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

/** Options of {@link ReduceOnPlateau}. */
export interface ReduceOnPlateauOptions {
  /** The rate that is lowered: a schedule or a number. */
  readonly inner: RatePart;
  /** Factor of the rate at a reduction; 0 or above, and below 1. Default: 0.1. */
  readonly factor?: number | undefined;
  /** Values without improvement before a reduction; 1 or above. Default: 10. */
  readonly patience?: number | undefined;
  /** Least improvement, as a share of the lowest value; 0 or above, and below 1. Default: 1e-4. */
  readonly rtol?: number | undefined;
  /** Least improvement in addition to this share; 0 or above. Default: 0. */
  readonly atol?: number | undefined;
  /** Values after a reduction that do not count; 0 or above. Default: 0. */
  readonly cooldown?: number | undefined;
  /** Values whose mean counts as one; 1 or above. For losses of batches. Default: 1. */
  readonly accumulationSize?: number | undefined;
  /** Lower bound of the product of all factors; 0 or above. Default: 0. */
  readonly minScale?: number | undefined;
  /** The value that `fit` passes after each epoch, by its name in the logs; `null` for none. Default: "loss". */
  readonly monitor?: string | null | undefined;
  /** A label. Default: "ReduceOnPlateau". */
  readonly name?: string | null | undefined;
}

const LEAST_ONE = { least: 1 };
const PLATEAU = {
  factor: 0.1,
  patience: 10,
  rtol: 1e-4,
  atol: 0,
  cooldown: 0,
  accumulationSize: 1,
  minScale: 0,
  monitor: "loss",
};
/** Custom classes for the inner schedules. */
const registry = registryWith(() => COMPOSED);

/** A schedule with others among its arguments. */
abstract class ComposedSchedule extends BuiltInSchedule {
  /** @internal */
  declare following: readonly FollowingSchedule[];

  /**
   * A schedule with others among its arguments.
   *
   * @param settings - Its checked arguments, in the order of the constructor.
   */
  constructor(settings: object) {
    super(0, settings as never);
    const parts = Object.values(settings).flat() as (Partial<LearningRateSchedule> | null)[];
    this.following = parts.flatMap((each) => each?.following ?? []);
  }

  /** @internal */
  protected override saved(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(this.saved);
    return isA(value, LearningRateSchedule) ? registry.serialize(value) : value;
  }
}

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
export class LinearWarmup extends ComposedSchedule {
  static override readonly className: string = "LinearWarmup";
  /** Ranges of its numbers. @internal */
  static readonly ranges = { warmupSteps: NON_NEGATIVE };
  /** Rate after the warm-up. */
  declare readonly inner: RatePart;
  /** Steps of the warm-up. */
  declare readonly warmupSteps: number;

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
    const checks = { inner: part, warmupSteps: NON_NEGATIVE };
    super(scheduleSettings("LinearWarmup", given, ["inner", "warmupSteps", "name"], checks));
  }

  override at(step: number): number {
    const from = stepOf(this, step, arguments.length);
    const { inner, warmupSteps } = this;
    return from < warmupSteps ? Math.fround(rate(inner, 0) * (from / warmupSteps)) : rate(inner, from - warmupSteps);
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
export class SequentialSchedule extends ComposedSchedule {
  static override readonly className: string = "SequentialSchedule";
  /** Schedules, or constant rates. */
  declare readonly schedules: readonly RatePart[];
  /** Step at which each schedule after the first begins. */
  declare readonly boundaries: readonly number[];

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
    const names = ["schedules", "boundaries", "name"];
    const checks = { schedules: arrayOf, boundaries: arrayOf };
    const { name, ...lists } = scheduleSettings<SequentialScheduleOptions>(owner, given, names, checks);
    const parts = lists.schedules.map((each, i) => part(owner, `schedules[${i}]`, each));
    if (parts.length === 0) refuseRange(owner, "schedules", "a list of at least one schedule", parts);
    const { boundaries } = lists;
    if (boundaries.length !== parts.length - 1) {
      refuseRange(owner, "boundaries", `a list of ${parts.length - 1}, one less than "schedules" has`, boundaries);
    }
    boundaries.forEach((each, i) => {
      const above = boundaries[i - 1] ?? 0;
      if (finiteNumber(owner, `boundaries[${i}]`, each) > above) return;
      refuseRange(owner, `boundaries[${i}]`, `above ${above}${i > 0 ? ", the boundary before it" : ""}`, each);
    });
    super({ schedules: Object.freeze(parts), boundaries: Object.freeze(boundaries), name });
  }

  override at(step: number): number {
    const from = stepOf(this, step, arguments.length);
    const { schedules, boundaries } = this;
    const index = ofMade("schedule", boundaries).filter((boundary) => boundary <= from).length;
    return rate(schedules[index]!, from - (boundaries[index - 1] ?? 0));
  }
}

/**
 * A rate that is multiplied by `factor` whenever a loss has not improved for `patience` values. Lower values are better.
 *
 * `fit` passes the logs' value `monitor` after each epoch; in custom loops, call {@link ReduceOnPlateau.update}. The state
 * is saved with the optimizer, and moves with it to workers and replicas. Use one object for each optimizer.
 * The rule is that of optax; Keras has a callback instead, `callbacks.ReduceLROnPlateau`, for rates that are numbers.
 *
 * @throws ValueError ERR_CONFIG_INVALID, ERR_CONFIG_UNKNOWN_CLASS, ERR_OPTION_CONFLICT, ERR_OPTION_RANGE,
 * ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [optax: reduce_on_plateau](https://optax.readthedocs.io/en/latest/api/contrib.html#optax.contrib.reduce_on_plateau)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.ReduceOnPlateau(0.5, { factor: 0.5, patience: 2 });
 * for (const loss of [3, 2, 2, 2]) rate.update(loss);
 * console.log(rate.at(0)); // 0.25
 * ```
 */
export class ReduceOnPlateau extends ComposedSchedule {
  static override readonly className: string = "ReduceOnPlateau";
  /** Ranges of its numbers. @internal */
  static readonly ranges = {
    factor: DECAY,
    patience: LEAST_ONE,
    rtol: DECAY,
    atol: NON_NEGATIVE,
    cooldown: NON_NEGATIVE,
    accumulationSize: LEAST_ONE,
    minScale: NON_NEGATIVE,
  };
  /** The rate that is lowered. */
  declare readonly inner: RatePart;
  /** Factor of the rate at a reduction. */
  declare readonly factor: number;
  /** Values without improvement before a reduction. */
  declare readonly patience: number;
  /** Least improvement, as a share of the lowest value. */
  declare readonly rtol: number;
  /** Least improvement in addition to this share. */
  declare readonly atol: number;
  /** Values after a reduction that do not count. */
  declare readonly cooldown: number;
  /** Values whose mean counts as one. */
  declare readonly accumulationSize: number;
  /** Lower bound of the product of all factors. */
  declare readonly minScale: number;
  /** The value that `fit` passes, or `null`. */
  declare readonly monitor: string | null;
  /**
   * Scale, best value, wait, cooldown, count and mean, each a float32, so that a resumed run has the same bits. Not private:
   * a proxy of the schedule, as Vue makes, could not read it.
   *
   * @internal
   */
  state: [number, number, number, number, number, number] = [1, LARGEST_FLOAT32, 0, 0, 0, 0];

  /**
   * Makes a schedule that follows a loss.
   *
   * @param inner - {@link ReduceOnPlateauOptions.inner}.
   * @param options - The other arguments by name.
   */
  constructor(inner: ReduceOnPlateauOptions["inner"], options?: Omit<ReduceOnPlateauOptions, "inner">);
  /**
   * Makes a schedule that follows a loss.
   *
   * @param options - All arguments by name.
   */
  constructor(options: ReduceOnPlateauOptions);
  constructor(...given: unknown[]) {
    const names = ["inner", ...Object.keys(PLATEAU), "name"];
    const checks = { ...ReduceOnPlateau.ranges, inner: part };
    super(scheduleSettings("ReduceOnPlateau", given, names, checks, PLATEAU));
    refuseAssignments(ReduceOnPlateau.prototype);
    this.following = [this, ...this.following];
  }

  /** The product of all factors so far; 1 at first. */
  get scale(): number {
    return ofMade("schedule", this.state)[0];
  }

  /**
   * Takes a value of the loss. NaN counts as no improvement.
   *
   * @param value - The loss: of an epoch, or of a batch with `accumulationSize`.
   * @returns the product of all factors so far
   * @throws TypeError ERR_OPTION_TYPE for anything but a number
   */
  update(value: number): number {
    checkMethod(this, "update", arguments.length, 1);
    let [scale, best, wait, cooling, count, mean] = this.state;
    mean = Math.fround((count * mean + anyNumber("ReduceOnPlateau", "value", value)) / ++count);
    if (count >= this.accumulationSize) {
      wait++;
      if (mean < (1 - this.rtol) * best - this.atol) {
        best = mean;
        wait = 0;
      }
      if (cooling > 0) {
        cooling--;
        wait = 0;
      } else if (wait >= this.patience) {
        wait = 0;
        cooling = this.cooldown;
        scale = Math.fround(Math.max(scale * this.factor, this.minScale));
      }
      mean = count = 0;
    }
    this.state = [scale, best, wait, cooling, count, mean];
    return scale;
  }

  override at(step: number): number {
    const from = stepOf(this, step, arguments.length);
    return Math.fround(rate(this.inner, from) * this.scale);
  }

  /** @internal */
  variables: FollowingSchedule["variables"] = (path, make) =>
    this.state.map((_, i) =>
      make(
        path + i,
        "float32",
        () => this.state[i]!,
        (value) => {
          this.state[i] = value;
        },
      ),
    );
}

/** The schedules that contain other schedules. */
export const COMPOSED: readonly NamedScheduleClass[] = [LinearWarmup, SequentialSchedule, ReduceOnPlateau];

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

function rate(of: RatePart | undefined, step: number): number {
  return typeof of === "number" ? Math.fround(of) : ofMade("schedule", of).at(step);
}
