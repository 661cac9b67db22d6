/**
 * The options that all optimizers share, and their checks.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { NamedOptions } from "../named-options.js";
import {
  ANY,
  boolean,
  FRACTION,
  finiteNumber,
  integer,
  NON_NEGATIVE,
  type Range,
  refuseRange,
  text,
} from "../options.js";
import type { LearningRate } from "./learning-rate.js";
import type { Multipliers } from "./multipliers.js";
import { type Scheduled, scheduledIn } from "./scheduled.js";

/** Options that every optimizer has. */
export interface OptimizerOptions extends NamedOptions {
  /**
   * Step size: a number, a schedule, or a function without arguments that is called before each step.
   * Each optimizer has a different default.
   */
  readonly learningRate?: LearningRate | undefined;
  /** Decoupled weight decay: `w -= w * weightDecay * learningRate` before each update. Default: null, none. */
  readonly weightDecay?: Scheduled | null | undefined;
  /**
   * Factors of the learning rate, 0 or above, by pattern of the whole path of a variable: `{ "encoder/.*": 0.1 }`; or pairs of a
   * layer, variables or a pattern, and a factor. Default: 1 for all.
   */
  readonly learningRateMultipliers?: Multipliers | null | undefined;
  /** Factors of the weight decay, in the form of `learningRateMultipliers`. Default: 1 for all. */
  readonly weightDecayMultipliers?: Multipliers | null | undefined;
  /** Largest L2 norm of each gradient; 0 or above. Default: null, none. Only one of the three clips may be set. */
  readonly clipnorm?: Scheduled | null | undefined;
  /** Largest magnitude of each element of a gradient; 0 or above. Default: null, none. */
  readonly clipvalue?: Scheduled | null | undefined;
  /** Largest global L2 norm of all gradients; 0 or above. Default: null, none. */
  readonly globalClipnorm?: Scheduled | null | undefined;
  /** Compute an exponential moving average of the weights. Setting weights directly restarts it. Default: false. */
  readonly useEma?: boolean | undefined;
  /** Momentum of that average, from 0 to 1. Default: 0.99. */
  readonly emaMomentum?: Scheduled | undefined;
  /** Updates after which the average is copied into the weights. Default: null, only when finalized. */
  readonly emaOverwriteFrequency?: number | null | undefined;
  /** Gradients are divided by this first; multiply the loss by it (`scaleLoss`). Default: null, none. */
  readonly lossScaleFactor?: number | null | undefined;
  /** Number of calls whose gradients are averaged into one update, 2 or more. Default: null, none. */
  readonly gradientAccumulationSteps?: number | null | undefined;
  /**
   * Skip steps whose gradients contain NaN or infinity: weights, state and `iterations` do not change. `skippedSteps`
   * counts them, and the first one warns. Default: false.
   */
  readonly skipNonfinite?: boolean | undefined;
  /** Subtract the mean over all axes but the last from gradients with two or more axes, before any clipping. Default: false. */
  readonly gradientCentralization?: boolean | undefined;
  /**
   * Largest norm of the gradient of each output, the last axis, as a multiple of the norm of its weights, or of 0.001 if that
   * is larger; 0 or above. `applyGradients` clips by it too. Default: null, none.
   */
  readonly adaptiveClip?: Scheduled | null | undefined;
  /** Update only weights whose update and gradient agree in sign, by a correspondingly larger step. Default: false. */
  readonly cautious?: boolean | undefined;
  /** Decay a weight, after the update, only if the update does not move it away from 0. Default: false. */
  readonly cautiousWeightDecay?: boolean | undefined;
}

/** Options of `applyGradients`. */
export interface ApplyGradientsOptions {
  /** Labels messages, and sets a performance mark of this name after the step. Default: the optimizer's name, and no mark. */
  readonly name?: string | undefined;
  /** Sum gradients over all replicas first. Default: true; one replica has nothing to sum. */
  readonly experimentalAggregateGradients?: boolean | undefined;
}

/**
 * {@link OptimizerOptions} with their defaults filled in, in the order of Keras's config: as passed, or as numbers of
 * the next step.
 */
export interface BaseOptions<Number extends Scheduled = number> {
  readonly weightDecay: Number | null;
  readonly clipnorm: Number | null;
  readonly globalClipnorm: Number | null;
  readonly clipvalue: Number | null;
  readonly useEma: boolean;
  readonly emaMomentum: Number;
  readonly emaOverwriteFrequency: number | null;
  readonly lossScaleFactor: number | null;
  readonly gradientAccumulationSteps: number | null;
  readonly adaptiveClip: Number | null;
  readonly skipNonfinite: boolean;
  readonly gradientCentralization: boolean;
  readonly cautious: boolean;
  readonly cautiousWeightDecay: boolean;
}

/** Switches that Keras lacks, in the order of the core's flags. */
export const SWITCHES: readonly ["skipNonfinite", "gradientCentralization", "cautious", "cautiousWeightDecay"] = [
  "skipNonfinite",
  "gradientCentralization",
  "cautious",
  "cautiousWeightDecay",
];

/** Names of the base options that the constructor takes. */
export const BASE_OPTION_NAMES: readonly string[] = [
  "learningRate",
  "weightDecay",
  "clipnorm",
  "clipvalue",
  "globalClipnorm",
  "useEma",
  "emaMomentum",
  "emaOverwriteFrequency",
  "lossScaleFactor",
  "gradientAccumulationSteps",
  "name",
  "learningRateMultipliers",
  "weightDecayMultipliers",
  "adaptiveClip",
  ...SWITCHES,
];

/** Ranges of the base options that are numbers. `learningRate` is any finite number. @internal */
export const BASE_RANGES = {
  weightDecay: ANY,
  clipnorm: NON_NEGATIVE,
  clipvalue: NON_NEGATIVE,
  globalClipnorm: NON_NEGATIVE,
  emaMomentum: FRACTION,
  adaptiveClip: NON_NEGATIVE,
} as const satisfies Readonly<Record<string, Range>>;

/** Counts go to the core as 32 bits. */
const MOST = 2 ** 32 - 1;

const orNull = <T>(value: T | null | undefined, check: (value: T) => T): T | null =>
  value === null || value === undefined ? null : check(value);

/** Checks the base options of `owner`, in Keras's order. */
export function baseOptions(
  owner: string,
  given: OptimizerOptions,
  defaultDecay: number | null,
): BaseOptions<Scheduled> {
  // 0 means none, as in Keras.
  const count = (name: "gradientAccumulationSteps" | "emaOverwriteFrequency", least: number) =>
    orNull(given[name] === 0 ? null : given[name], (value) => integer(owner, name, value, least, MOST));
  const gradientAccumulationSteps = count("gradientAccumulationSteps", 2);
  const useEma = boolean(owner, "useEma", given.useEma ?? false);
  // Keras does not check it when it is unused.
  const momentumRange = useEma ? BASE_RANGES.emaMomentum : ANY;
  const emaMomentum = scheduledIn(owner, "emaMomentum", given.emaMomentum ?? 0.99, momentumRange);
  const emaOverwriteFrequency = count("emaOverwriteFrequency", 1);
  const clips = { clipnorm: given.clipnorm, clipvalue: given.clipvalue, globalClipnorm: given.globalClipnorm };
  const set = Object.entries(clips).filter(([, value]) => value !== null && value !== undefined);
  if (set.length > 1) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `${owner}: only one of clipnorm, clipvalue and globalClipnorm can be set, got ${set.map(([name]) => name).join(" and ")}.`,
    );
  }
  const checkOf = (name: keyof typeof BASE_RANGES) => (value: Scheduled) =>
    scheduledIn(owner, name, value, BASE_RANGES[name]);
  const decay = given.weightDecay === undefined ? defaultDecay : given.weightDecay;
  text(owner, "name", given.name ?? "");
  const switches = SWITCHES.map((name) => [name, boolean(owner, name, given[name] ?? false)]);
  return {
    weightDecay: orNull(decay, checkOf("weightDecay")),
    clipnorm: orNull(given.clipnorm, checkOf("clipnorm")),
    globalClipnorm: orNull(given.globalClipnorm, checkOf("globalClipnorm")),
    clipvalue: orNull(given.clipvalue, checkOf("clipvalue")),
    useEma,
    emaMomentum,
    emaOverwriteFrequency,
    lossScaleFactor: orNull(given.lossScaleFactor, (value) => lossScale(owner, value)),
    gradientAccumulationSteps,
    adaptiveClip: orNull(given.adaptiveClip, checkOf("adaptiveClip")),
    ...(Object.fromEntries(switches) as Pick<BaseOptions, (typeof SWITCHES)[number]>),
  };
}

function lossScale(owner: string, value: number): number {
  const scale = finiteNumber(owner, "lossScaleFactor", value);
  // Gradients are divided by it, in float32.
  if (Math.fround(scale) === 0) refuseRange(owner, "lossScaleFactor", "other than 0 in float32", value);
  return scale;
}
