/**
 * The base of all optimizers: options, state, and the Keras API over the core's plan.
 *
 * Over 300 lines, because it is the one class whose methods people look up; what it does them with is
 * in the files beside it.
 *
 * @module
 */

import { DisposedError, ValueError } from "../errors.js";
import { snakeCase, uniqueName } from "../names.js";
import { boolean, checkKnownOptions, list, text } from "../options.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";
import { Built } from "./built.js";
import { clippedGradients } from "./clipping.js";
import { configOf, optionsOf } from "./config.js";
import { DecayExclusions } from "./decay-exclusions.js";
import { type Definition, type OwnArguments, ownArguments } from "./definition.js";
import { type Given, givenPairs, Lists, outlastingGiven, unzipped, variablesOf } from "./given.js";
import type { Gradient, GradientAndVariable } from "./gradients.js";
import { checkedLearningRate, type LearningRate } from "./learning-rate.js";
import { BASE_OPTION_NAMES, type BaseOptions, baseOptions, type OptimizerOptions } from "./options.js";
import { Progress } from "./progress.js";
import type { OptimizerVariable } from "./state.js";
import { checkVariables, type Mode, StepInput, type StepResult } from "./step.js";
import { readWeights, type WeightInput, type WeightValue, writeWeights } from "./weights.js";

/** JSON as Keras writes and reads it. */
export type OptimizerConfig = Record<string, unknown>;

/** Options of {@link Optimizer.applyGradients}. */
export interface ApplyGradientsOptions {
  /** Labels messages, and sets a performance mark of this name after the step. Default: the optimizer's name, and no mark. */
  readonly name?: string | undefined;
  /** Sum gradients over all replicas first. Default: true; one replica has nothing to sum. */
  readonly experimentalAggregateGradients?: boolean | undefined;
}

/** The API that all optimizers have: Keras 3's, and that of the documented page. */
export abstract class Optimizer<Options extends OptimizerOptions = OptimizerOptions> {
  /** Class name, as Keras has it. */
  static readonly className: string = "Optimizer";

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
  /** What gradients are divided by, or `null`. */
  lossScaleFactor: number | null;
  /** Calls per update, or `null`. */
  readonly gradientAccumulationSteps: number | null;

  /** Start of its slots' paths, where another optimizer builds it. @internal */
  scope = "";
  /** Own arguments, checked. @internal */
  protected readonly own: OwnArguments<Options>;
  /** Whether clipGradients is used: then applyGradients has nothing to warn of. @internal */
  protected clipsByHand = false;
  readonly #definition: Definition<Options>;
  readonly #exclusions = new DecayExclusions();
  readonly #progress: Progress;
  #built: Built | undefined;
  #disposed = false;

  /** @internal */
  constructor(definition: Definition<Options>, given: OptimizerOptions) {
    const { className, defaults } = definition;
    checkKnownOptions(className, given, [...BASE_OPTION_NAMES, ...Object.keys(defaults)]);
    const base: BaseOptions = baseOptions(className, given, definition.weightDecay ?? null);
    const rate = given.learningRate === undefined ? definition.learningRate : given.learningRate;
    this.#progress = new Progress(checkedLearningRate(className, rate));
    this.own = ownArguments<Options>(className, defaults, given);
    this.#definition = definition;
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
    return this.#definition.className;
  }

  /** Whether {@link Optimizer.build} was done. */
  get built(): boolean {
    return this.#built !== undefined;
  }

  /** Updates so far. With accumulation, calls divided by `gradientAccumulationSteps`. */
  get iterations(): number {
    return Math.floor(this.#progress.calls / (this.gradientAccumulationSteps ?? 1));
  }

  /**
   * The current learning rate, rounded to float32. Set a number, a schedule or a function.
   *
   * @throws TypeError when a number is set over a schedule or function, as in Keras
   */
  get learningRate(): number {
    return this.#progress.currentRate(this.name);
  }

  set learningRate(rate: LearningRate) {
    this.#progress.replaceRate(this.name, rate);
  }

  /** The variables that it was built for. @internal */
  get trained(): readonly Variable[] {
    return this.#built?.variables ?? [];
  }

  /** Its learning rate, schedule or function as given. @internal */
  get rate(): LearningRate {
    return this.#progress.rate;
  }

  /**
   * Makes the state for `variables`. The first `applyGradients` or `apply` does it by itself; a second
   * call does nothing, as in Keras.
   *
   * @throws TypeError when an entry is no Variable, ValueError when one comes twice, OutOfMemoryError;
   * the optimizer is as it was then
   */
  build(variables: Iterable<Variable>): void {
    this.#checkLive();
    if (this.#built !== undefined) return;
    const list = checkVariables(this.name, variables);
    this.#built = new Built(this.#definition, this.own, this, list, (variable) => ({
      noDecay: this.#exclusions.excludes(variable),
      secondSide: this.secondSide(variable),
    }));
  }

  /**
   * Updates variables by their gradients, and adds 1 to {@link Optimizer.iterations}. As its
   * documentation says, it does **not** clip: call {@link Optimizer.clipGradients} before, or use
   * {@link Optimizer.apply}.
   *
   * @param pairs - `[gradient, variable]` pairs. A `null` gradient skips its variable with a warning.
   * @returns the new `iterations`; `[]` changes nothing
   * @throws TypeError when `pairs` is malformed; ValueError when no variable has a gradient, a shape
   * does not fit, or a variable is unknown. Nothing has changed then.
   */
  applyGradients(pairs: Iterable<GradientAndVariable>, options: ApplyGradientsOptions = {}): number {
    this.#checkLive();
    checkKnownOptions("applyGradients", options, ["name", "experimentalAggregateGradients"]);
    const { name, experimentalAggregateGradients } = options;
    if (name !== undefined) text("applyGradients", "name", name);
    boolean("applyGradients", "experimentalAggregateGradients", experimentalAggregateGradients ?? true);
    const given = givenPairs(pairs);
    if (given.length === 0) return this.iterations;
    this.update(given, { clip: false, label: name ?? this.name });
    if (this.clips && !this.clipsByHand) {
      warnOnce(
        this,
        `${this.name}: applyGradients does not clip, although a clip is set. Clip with clipGradients(pairs) first, or call apply(gradients, variables), which clips.`,
      );
    }
    // Only on request: the browser keeps every mark until it is cleared.
    if (name !== undefined) performance.mark(name, { detail: { iterations: this.iterations } });
    return this.iterations;
  }

  /**
   * Keras 3's whole pipeline, clipping included.
   *
   * @param gradients - One per variable, `null` for none. An empty list changes nothing.
   * @param variables - Default: those the optimizer was built for, all of them.
   * @returns the new `iterations`
   * @throws as {@link Optimizer.applyGradients}, and ValueError when the counts differ
   */
  apply(gradients: Iterable<Gradient | null>, variables?: Iterable<Variable>): number {
    this.#checkLive();
    const given = list(this.name, "gradients", gradients);
    if (given.length === 0) return this.iterations;
    if (variables === undefined && !this.built) {
      throw new ValueError(
        "ERR_NOT_BUILT",
        `${this.name} is not built yet: call apply(gradients, variables), or build(variables) first.`,
      );
    }
    const trained = variables === undefined ? this.trained : list(this.name, "variables", variables);
    if (given.length !== trained.length) {
      throw new ValueError(
        "ERR_GRADIENT_COUNT",
        `${this.name}: expected ${trained.length} gradients, one for each variable, got ${given.length}.`,
      );
    }
    this.update(new Lists(this.name, given, trained), { clip: true, label: this.name });
    return this.iterations;
  }

  /**
   * Clips gradients by `clipnorm`, `globalClipnorm` or `clipvalue`, for those who clip by hand.
   *
   * @returns new pairs with copies of the gradients; `null` stays
   * @throws as {@link Optimizer.applyGradients}
   */
  clipGradients(pairs: Iterable<GradientAndVariable>): [Float32Array | null, Variable][] {
    this.#checkLive();
    const { gradients, variables } = unzipped(pairs);
    this.clipsByHand = true;
    return clippedGradients(gradients, variables, this).map((gradient, i) => [gradient, variables[i] as Variable]);
  }

  /** `loss * lossScaleFactor`: what to differentiate when a loss scale is set. */
  scaleLoss(loss: number): number {
    return this.lossScaleFactor === null ? loss : loss * this.lossScaleFactor;
  }

  /**
   * Copies the moving averages into the variables, if they are kept; otherwise does nothing.
   *
   * @throws ValueError when the optimizer is not built, or `variables` are not those it was built for
   */
  finalizeVariableValues(variables: Iterable<Variable>): void {
    this.#checkLive();
    if (!this.useEma) return;
    const given = list(this.name, "variables", variables);
    if (this.#built === undefined) {
      throw new ValueError("ERR_NOT_BUILT", `${this.name} is not built yet: call build(variables) first.`);
    }
    this.#built.copyAverages(this, given);
  }

  /**
   * Leaves variables out of weight decay. Each call replaces the one before.
   *
   * @param exclude - `varList`: variables; `varNames`: regular expressions, searched in the last part
   * of a variable's name (`"bias"` in `"dense/bias"`)
   */
  excludeFromWeightDecay(exclude: { varList?: Iterable<Variable>; varNames?: Iterable<string> }): void {
    this.#checkLive();
    this.#exclusions.replace(this.name, exclude);
    this.#built?.variables.forEach((variable, row) => {
      this.#built?.plan.setNoDecay(row, this.#exclusions.excludes(variable));
    });
  }

  /** All state in Keras 3's order: iteration, learning rate (if a number), then slots by groups. */
  get variables(): OptimizerVariable[] {
    this.#checkLive();
    const progress = this.#progress;
    const slots = this.#built?.state(this).keras ?? [];
    return [progress.iterationVariable(this.name), ...progress.rateVariables(this.name), ...slots];
  }

  /** State in the page's order: iterations first, then slot by slot. */
  get weights(): OptimizerVariable[] {
    this.#checkLive();
    return [this.#progress.iterationVariable(this.name), ...(this.#built?.state(this).page ?? [])];
  }

  /** Copies of {@link Optimizer.weights}: `{ data, shape, dtype }` each, iterations first. */
  getWeights(): WeightValue[] {
    return readWeights(this.weights);
  }

  /**
   * Overwrites the state by what {@link Optimizer.getWeights} gave.
   *
   * @param weights - Also tensors, typed arrays, nested numbers; a number for the iterations.
   * @throws ValueError when count or shapes differ; nothing has been written then
   */
  setWeights(weights: readonly WeightInput[]): void {
    writeWeights(this.name, this.weights, weights);
  }

  /** Everything that makes an equal optimizer, with Keras's names: Python Keras can read it. */
  getConfig(): OptimizerConfig {
    return configOf(this, this.rate, this.own);
  }

  /**
   * An optimizer from what {@link Optimizer.getConfig}, here or in Python, gave.
   *
   * @throws ValueError for unknown keys and values that the constructor refuses
   */
  static fromConfig<T extends Optimizer>(this: new (options: never) => T, config: OptimizerConfig): T {
    return new this(optionsOf(config) as never);
  }

  /** Frees the state. The variables stay. Using the optimizer afterwards is an error. */
  dispose(): void {
    this.#unbuild();
    this.#disposed = true;
  }

  /** For `using`, the same as {@link Optimizer.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Takes one step. LossScaleOptimizer hands it to the optimizer inside. @internal */
  update(given: Given, mode: Mode): StepResult {
    this.#checkLive();
    // A function of the caller, perhaps: whatever it does, it does before anything is checked.
    const rate = this.learningRate;
    const isFirst = this.#built === undefined;
    let lasting = given;
    if (isFirst) {
      const variables = checkVariables(this.name, variablesOf(given));
      new StepInput(variables).check(this.name, given);
      lasting = outlastingGiven(this.name, given);
      this.build(variables);
    }
    const { plan, input } = this.#built as Built;
    let result: StepResult;
    try {
      input.check(this.name, lasting);
      result = input.step(plan, lasting, {
        // Spelled out: spreading `mode` here costs V8 nine microseconds a step.
        clip: mode.clip,
        label: mode.label,
        checkFinite: mode.checkFinite ?? false,
        rate,
        calls: this.#progress.calls,
        unscale: mode.unscale ?? this.lossScaleFactor ?? Number.NaN,
        all: this.useEma,
      });
    } catch (error) {
      if (isFirst) this.#unbuild();
      throw error;
    }
    if (result !== "notFinite") {
      this.#progress.calls += 1;
      input.constrain(lasting);
    }
    return result;
  }

  /** Whether `apply` clips. @internal */
  protected get clips(): boolean {
    return Boolean(this.clipnorm || this.globalClipnorm || this.clipvalue);
  }

  /** Whether the core's second rule updates this variable (Muon). @internal */
  protected secondSide(_variable: Variable): boolean {
    return false;
  }

  #unbuild(): void {
    this.#built?.free();
    this.#built = undefined;
  }

  #checkLive(): void {
    if (this.#disposed) {
      throw new DisposedError(`The optimizer "${this.name}" was disposed of. Make a new one.`);
    }
  }
}
