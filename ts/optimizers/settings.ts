/**
 * Settings of an optimizer: its name, its options, its learning rate, and their config.
 *
 * @module
 */

import { snakeCase, uniqueName } from "../names.js";
import { checkKnownOptions } from "../options.js";
import { configOf, type OptimizerConfig } from "./config.js";
import { customDefinition } from "./custom-definition.js";
import { type Definition, type OwnArguments, ownArguments } from "./definition.js";
import { checkedLearningRate, type LearningRate } from "./learning-rate.js";
import { MultiplierMap } from "./multipliers.js";
import { BASE_OPTION_NAMES, type BaseOptions, baseOptions, type OptimizerOptions } from "./options.js";
import { Progress } from "./progress.js";

/** The options of an optimizer, as its properties. */
export abstract class OptimizerSettings<Options extends OptimizerOptions> implements BaseOptions {
  /** Name for messages and saved files. */
  readonly name: string;
  /** Decoupled weight decay, or `null`. */
  readonly weightDecay: number | null;
  /** Largest norm of each gradient, or `null`. */
  readonly clipnorm: number | null;
  /** Largest norm of all gradients together, or `null`. */
  readonly globalClipnorm: number | null;
  /** Largest magnitude of a gradient's elements, or `null`. */
  readonly clipvalue: number | null;
  /** Whether a moving average of the weights is kept. */
  readonly useEma: boolean;
  /** Momentum of that average. */
  readonly emaMomentum: number;
  /** Updates between copies of the average into the weights, or `null`. */
  readonly emaOverwriteFrequency: number | null;
  /** Divisor of gradients, or `null`. */
  lossScaleFactor: number | null;
  /** Calls per update, or `null`. */
  readonly gradientAccumulationSteps: number | null;

  /** Factors of the learning rate, or `null`. @internal */
  protected readonly rateFactors: MultiplierMap | null;
  /** Factors of the weight decay, or `null`. @internal */
  protected readonly decayFactors: MultiplierMap | null;
  /** Own arguments, checked. @internal */
  protected readonly own: OwnArguments<Options>;
  /** Description of its class. @internal */
  protected readonly definition: Definition<Options>;
  /** Its calls and its rate. @internal */
  protected readonly progress: Progress;

  /**
   * Takes the options of a custom optimizer, for its constructor.
   *
   * @param options - The options of all optimizers; `learningRate` has no default. A class keeps its own options back.
   * @throws ValueError ERR_NOT_IMPLEMENTED for a class without `updateStep` or `className`; ERR_OPTION_CONFLICT,
   * ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(options: OptimizerOptions);
  /** For the built-in ones. @internal */
  constructor(definition: Definition<Options>, options: OptimizerOptions);
  constructor(first: Definition<Options> | OptimizerOptions, second?: OptimizerOptions) {
    const isCustom = second === undefined;
    const definition = (isCustom ? customDefinition(new.target) : first) as Definition<Options>;
    const given: OptimizerOptions = isCustom ? ((first ?? {}) as OptimizerOptions) : second;
    const { className, defaults } = definition;
    checkKnownOptions(className, given, [...BASE_OPTION_NAMES, ...Object.keys(defaults)]);
    const base: BaseOptions = baseOptions(className, given, definition.weightDecay ?? null);
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
    this.weightDecay = base.weightDecay;
    this.clipnorm = base.clipnorm;
    this.globalClipnorm = base.globalClipnorm;
    this.clipvalue = base.clipvalue;
    this.useEma = base.useEma;
    this.emaMomentum = base.emaMomentum;
    this.emaOverwriteFrequency = base.emaOverwriteFrequency;
    this.lossScaleFactor = base.lossScaleFactor;
    this.gradientAccumulationSteps = base.gradientAccumulationSteps;
    this.name = given.name ?? uniqueName(snakeCase(className));
  }

  /** Class name, as Keras has it. */
  get className(): string {
    return this.definition.className;
  }

  /** Updates so far. With accumulation, calls divided by `gradientAccumulationSteps`. */
  get iterations(): number {
    return Math.floor(this.progress.calls / (this.gradientAccumulationSteps ?? 1));
  }

  /** Calls so far: what schedules count. @internal */
  get calls(): number {
    return this.progress.calls;
  }

  /**
   * The current learning rate, rounded to float32. Set a number, a schedule or a function.
   *
   * @throws TypeError ERR_LEARNING_RATE_FIXED when a number is set over a schedule or function, as in Keras,
   * ERR_OPTION_TYPE; ValueError ERR_OPTION_RANGE
   */
  get learningRate(): number {
    return this.progress.currentRate(this.name);
  }

  set learningRate(rate: LearningRate) {
    this.progress.replaceRate(this.name, rate);
  }

  /** Its learning rate, schedule or function as given. @internal */
  get rate(): LearningRate {
    return this.progress.rate;
  }

  /**
   * Returns everything that makes an equal optimizer, for `fromConfig` here or in Python.
   *
   * @returns the constructor's arguments, by Keras's names
   * @throws ValueError ERR_CONFIG_INVALID when the learning rate is a function
   */
  getConfig(): OptimizerConfig {
    const config = configOf(this, this.rate, this.own);
    // Keras's constructors do not take them.
    if (this.rateFactors !== null) config.learning_rate_multipliers = this.rateFactors.toConfig();
    if (this.decayFactors !== null) config.weight_decay_multipliers = this.decayFactors.toConfig();
    return config;
  }
}
