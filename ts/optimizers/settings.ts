/**
 * Settings of an optimizer: its name, its options, its learning rate, and their config.
 *
 * @module
 */

import { isReadable } from "../brands.js";
import { ofMade } from "../copies.js";
import { toKeras } from "../keras-names.js";
import { snakeCase, uniqueName } from "../names.js";
import { checkKnownOptions, checkObject } from "../options.js";
import { configOf, type OptimizerConfig, withSavedSchedules } from "./config.js";
import { customDefinition } from "./custom-definition.js";
import { type Definition, type OwnArguments, ownArguments } from "./definition.js";
import { checkedLearningRate, type LearningRate } from "./learning-rate.js";
import { MultiplierMap } from "./multipliers.js";
import {
  BASE_OPTION_NAMES,
  BASE_RANGES,
  type BaseOptions,
  baseOptions,
  type OptimizerOptions,
  SWITCHES,
} from "./options.js";
import { Progress } from "./progress.js";
import { numberAt, type Scheduled, type ScheduledOption, scheduledOptions } from "./scheduled.js";

/** The options of an optimizer, as its properties. */
export abstract class OptimizerSettings<Options extends OptimizerOptions> implements BaseOptions {
  /** Name for messages and saved files. */
  readonly name: string;
  /** Decoupled weight decay, or `null`. */
  declare readonly weightDecay: number | null;
  /** Largest norm of each gradient, or `null`. */
  declare readonly clipnorm: number | null;
  /** Largest global norm of all gradients, or `null`. */
  declare readonly globalClipnorm: number | null;
  /** Largest magnitude of a gradient's elements, or `null`. */
  declare readonly clipvalue: number | null;
  /** Whether a moving average of the weights is computed. */
  declare readonly useEma: boolean;
  /** Momentum of that average. */
  declare readonly emaMomentum: number;
  /** Updates between copies of the average into the weights, or `null`. */
  declare readonly emaOverwriteFrequency: number | null;
  /** Divisor of gradients, or `null`. */
  declare lossScaleFactor: number | null;
  /** Calls per update, or `null`. */
  declare readonly gradientAccumulationSteps: number | null;
  /** Whether steps with NaN or infinity in a gradient are skipped. */
  declare readonly skipNonfinite: boolean;
  /** Whether the mean over all axes but the last is subtracted from gradients. */
  declare readonly gradientCentralization: boolean;
  /** Largest norm of an output's gradient, as a multiple of the norm of its weights, or `null`. */
  declare readonly adaptiveClip: number | null;
  /** Whether updates whose sign disagrees with the gradient are skipped. */
  declare readonly cautious: boolean;
  /** Whether weight decay whose sign disagrees with the update is skipped. */
  declare readonly cautiousWeightDecay: boolean;

  /** Factors of the learning rate, or `null`. @internal */
  protected readonly rateFactors: MultiplierMap | null;
  /** Factors of the weight decay, or `null`. @internal */
  protected readonly decayFactors: MultiplierMap | null;
  /** Options that are schedules. @internal */
  readonly scheduled: readonly ScheduledOption[];
  /** Base options as passed, checked. @internal */
  protected readonly base: BaseOptions<Scheduled>;
  /** The class's arguments, checked. @internal */
  protected readonly own: OwnArguments<Options>;
  /** Description of its class. @internal */
  protected readonly definition: Definition<Options>;
  /** Count of calls, and the rate. @internal */
  protected readonly progress: Progress;

  /**
   * Takes the options of a custom optimizer, for its constructor.
   *
   * @param options - The options of all optimizers; `learningRate` has no default. Do not pass the class's own options.
   * @throws ValueError ERR_NOT_IMPLEMENTED for a class without `updateStep` or `className`; ERR_OPTION_CONFLICT,
   * ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(options: OptimizerOptions);
  /** For built-in optimizers. @internal */
  constructor(definition: Definition<Options>, options: OptimizerOptions);
  constructor(first: Definition<Options> | OptimizerOptions, second?: OptimizerOptions) {
    // Only an internal definition has both.
    const isCustom = second === undefined || !isReadable(first) || !("defaults" in first);
    const definition = (isCustom ? customDefinition(new.target) : first) as Definition<Options>;
    const given: OptimizerOptions = isCustom ? ((first ?? {}) as OptimizerOptions) : second;
    const { className, defaults } = definition;
    checkKnownOptions(className, given, [...BASE_OPTION_NAMES, ...Object.keys(defaults)]);
    const base = baseOptions(className, given, definition.weightDecay ?? null);
    const factors = (option: "learningRateMultipliers" | "weightDecayMultipliers") =>
      given[option] === undefined || given[option] === null
        ? null
        : new MultiplierMap(className, option, given[option]);
    this.rateFactors = factors("learningRateMultipliers");
    this.decayFactors = factors("weightDecayMultipliers");
    const rate = given.learningRate === undefined ? definition.learningRate : given.learningRate;
    this.progress = new Progress(checkedLearningRate(className, rate));
    this.own = ownArguments<Options>(className, definition, given);
    this.definition = definition;
    this.base = base;
    const values = { ...base, ...this.own };
    Object.assign(this, values);
    this.scheduled = scheduledOptions(values, { ...BASE_RANGES, ...definition.ranges });
    for (const option of this.scheduled) {
      const get = () => numberAt(this.name, option, this.iterations);
      Object.defineProperty(this, option.name, { get, enumerable: true });
    }
    this.name = given.name ?? uniqueName(snakeCase(className));
  }

  /** Class name, as in Keras. */
  get className(): string {
    return ofMade("optimizer", this.definition).className;
  }

  /** Updates so far. With accumulation, calls divided by `gradientAccumulationSteps`. */
  get iterations(): number {
    return Math.floor(ofMade("optimizer", this.progress).calls / (this.gradientAccumulationSteps ?? 1));
  }

  /** Number of steps skipped because a gradient was NaN or infinite. It is not saved. */
  get skippedSteps(): number {
    return ofMade("optimizer", this.progress).skipped;
  }

  /** Number of calls, which schedules count. @internal */
  get calls(): number {
    return ofMade("optimizer", this.progress).calls;
  }

  /**
   * The current learning rate, rounded to float32. Set a number, a schedule or a function.
   *
   * @throws TypeError ERR_LEARNING_RATE_FIXED when a number would replace a schedule or function, as in Keras,
   * ERR_OPTION_TYPE; ValueError ERR_OPTION_RANGE
   */
  get learningRate(): number {
    return ofMade("optimizer", this.progress).currentRate(this.name);
  }

  set learningRate(rate: LearningRate) {
    ofMade("optimizer", this.progress).replaceRate(this.name, rate);
  }

  /** Its learning rate, schedule or function as passed. @internal */
  get rate(): LearningRate {
    return ofMade("optimizer", this.progress).rate;
  }

  /**
   * Returns the config of an equal optimizer, for `fromConfig` here or in Python.
   *
   * @returns the constructor's arguments, by Keras's names
   * @throws ValueError ERR_CONFIG_INVALID when the learning rate is a function
   */
  getConfig(): OptimizerConfig {
    checkObject(this, "getConfig");
    const { name, lossScaleFactor } = this;
    const config = configOf({ ...this.base, name, lossScaleFactor }, this.rate, this.own);
    // Keras's constructors do not take these.
    if (this.base.adaptiveClip !== null)
      Object.assign(config, withSavedSchedules({ adaptive_clip: this.base.adaptiveClip }));
    for (const name of SWITCHES) if (this.base[name]) config[toKeras(name)] = true;
    if (this.rateFactors !== null) config.learning_rate_multipliers = withSavedSchedules(this.rateFactors.toConfig());
    if (this.decayFactors !== null) config.weight_decay_multipliers = withSavedSchedules(this.decayFactors.toConfig());
    return config;
  }
}
