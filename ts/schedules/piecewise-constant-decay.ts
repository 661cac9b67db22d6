/**
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import { finiteNumber, isList, refuseRange, shown } from "../options.js";
import { BuiltInSchedule, scheduleSettings } from "./built-in-schedule.js";

/** Options of {@link PiecewiseConstantDecay}. */
export interface PiecewiseConstantDecayOptions {
  /** Last step of each value but the last, in ascending order. At least one. */
  readonly boundaries: readonly number[];
  /** Rates: one more than there are boundaries. */
  readonly values: readonly number[];
  /** A label. Default: "PiecewiseConstant". */
  readonly name?: string | null | undefined;
}

/**
 * A constant rate per interval: `values[0]` up to and including step `boundaries[0]`, then `values[1]` up
 * to and including `boundaries[1]`, and so on; the last value after the last boundary.
 *
 * At whole steps a boundary is rounded towards 0 (1.5 is 1), as in Keras. Keras also accepts an empty list of
 * boundaries (and fails at the first step) and unordered ones (and adds up the values of intervals that overlap); both
 * are refused here.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: PiecewiseConstantDecay](https://keras.io/api/optimizers/learning_rate_schedules/piecewise_constant_decay/)
 * @example
 * ```ts
 * import { schedules } from "gradstep";
 *
 * const rate = new schedules.PiecewiseConstantDecay({ boundaries: [1000, 1500], values: [1, 0.5, 0.1] });
 * rate.at(1000); // 1
 * rate.at(1001); // 0.5
 * ```
 */
export class PiecewiseConstantDecay extends BuiltInSchedule {
  static override readonly className: string = "PiecewiseConstantDecay";
  /** Last steps of the intervals. */
  declare readonly boundaries: readonly number[];
  /** Rates: one more than there are boundaries. */
  declare readonly values: readonly number[];

  /**
   * Creates a schedule with a constant rate per interval.
   *
   * @param boundaries - {@link PiecewiseConstantDecayOptions.boundaries}.
   * @param values - {@link PiecewiseConstantDecayOptions.values}, or the options.
   * @param name - {@link PiecewiseConstantDecayOptions.name}, or the options.
   * @param others - Options that follow positional arguments.
   */
  constructor(
    boundaries: PiecewiseConstantDecayOptions["boundaries"],
    values: PiecewiseConstantDecayOptions["values"] | Omit<PiecewiseConstantDecayOptions, "boundaries">,
    name?: PiecewiseConstantDecayOptions["name"] | Partial<PiecewiseConstantDecayOptions>,
    others?: Partial<PiecewiseConstantDecayOptions>,
  );
  /**
   * Creates a schedule with a constant rate per interval.
   *
   * @param options - All arguments by name.
   */
  constructor(options: PiecewiseConstantDecayOptions);
  constructor(...given: unknown[]) {
    const owner = "PiecewiseConstantDecay";
    const names = ["boundaries", "values", "name"];
    const defaults = { name: "PiecewiseConstant" };
    const settings = scheduleSettings<PiecewiseConstantDecayOptions>(
      owner,
      given,
      names,
      { boundaries: numbers, values: numbers },
      defaults,
    );
    const { boundaries, values } = settings;
    if (boundaries.length === 0) {
      refuseRange(owner, "boundaries", "a list of at least one step (for a constant rate pass a number)", boundaries);
    }
    if (values.length !== boundaries.length + 1) {
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `${owner}: "values" must have one more number than "boundaries" has, ${boundaries.length + 1}, got ${values.length}.`,
      );
    }
    boundaries.forEach((boundary, i) => {
      const before = boundaries[i - 1];
      if (before !== undefined && before >= boundary) {
        refuseRange(owner, `boundaries[${i}]`, `above ${before}, the boundary before it`, boundary);
      }
    });
    super(2, settings);
  }
}

function numbers(owner: string, name: string, given: unknown): readonly number[] {
  if (!isList(given)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: "${argumentName(name)}" must be an array, got ${shown(given)}.`,
    );
  }
  // By index, because map skips holes; stops at the first invalid one.
  const read: number[] = [];
  for (let i = 0; i < given.length; i++) read.push(finiteNumber(owner, `${name}[${i}]`, given[i]));
  return Object.freeze(read);
}
