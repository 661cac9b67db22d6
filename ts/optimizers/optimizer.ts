/**
 * The base of all optimizers: the Keras API over the core's plan. Constructor arguments are in `settings.ts`.
 *
 * Over 300 lines: half of them document the public methods of one class.
 *
 * @module
 */

import { Busy } from "../busy.js";
import { COPY, refuseProxy } from "../copies.js";
import { checkCountable } from "../counters.js";
import { type CustomObjects, withCustomObjects } from "../custom-objects.js";
import { DisposedError, ValueError } from "../errors.js";
import { withKeysOf } from "../keras-names.js";
import { anyNumber, boolean, checkKnownOptions, checkMethod, isList, list, text } from "../options.js";
import { currentGroup } from "../replicas/current.js";
import { recorderNow } from "../runtime/recording.js";
import { refusable } from "../undo.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";
import { readWeights, type WeightInput, type WeightValue, writeWeights } from "../weights.js";
import { SumsOverReplicas } from "./aggregate.js";
import { Built } from "./built.js";
import type { Checkpoint } from "./checkpoint.js";
import { clippedGradients } from "./clipping.js";
import { type OptimizerConfig, optionsOf, savedSchedule } from "./config.js";
import { CustomRule } from "./custom-rule.js";
import { customUpdate } from "./custom-step.js";
import { DecayExclusions } from "./decay-exclusions.js";
import type { Definition } from "./definition.js";
import type { Followers } from "./followers.js";
import type { Gradient, GradientAndVariable } from "./gradients.js";
import { lossGradients, type MinimizedLoss, type MinimizedVariables, type MinimizeOptions } from "./minimize.js";
import { asWritten } from "./multipliers.js";
import type { OptimizerStats } from "./optimizer-stats.js";
import type { ApplyGradientsOptions, OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";
import type { OptimizerVariable } from "./state.js";
import { checkVariables, type Mode, StepInput, type StepResult } from "./step.js";
import {
  checkInputs,
  outlastingInputs,
  ReusedInputs,
  refuseTwoLists,
  type StepInputs,
  unzipped,
  variablesOf,
} from "./step-inputs.js";

/**
 * The base class of optimizers: the API of Keras 3 and of Keras 2's documentation. Subclasses define update rules.
 *
 * @see [Keras: optimizers](https://keras.io/api/optimizers/)
 * @example
 * ```ts
 * import { Adam, type Optimizer, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const optimizer: Optimizer = new Adam({ learningRate: 0.5 });
 * optimizer.build([w]);
 * optimizer.applyGradients([[[1, 1], w]]);
 * console.log(optimizer.iterations); // 1
 * optimizer.dispose();
 * ```
 */
export abstract class Optimizer<Options extends OptimizerOptions = OptimizerOptions> extends CustomRule<Options> {
  /** Class name, as in Keras. */
  static readonly className: string = "Optimizer";

  /**
   * Statistics of the last update, if `withStats` or `compile({ stats: true })` turned them on: `null` before the first
   * update. Otherwise `undefined`.
   */
  declare readonly stats?: OptimizerStats | null;
  /** Whether clipGradients is used: then applyGradients does not warn. @internal */
  protected clipsByHand = false;
  readonly #exclusions = new DecayExclusions();
  readonly #sums = new SumsOverReplicas();
  readonly #given = new ReusedInputs();
  readonly #busy = new Busy();
  #built: Built | undefined;
  #disposed = false;
  /** The `build` of a custom class, which calls the base's. */
  #buildCustom: ((variables: Iterable<Variable>) => void) | undefined;
  #isBuilding = false;
  /** The last value of {@link Optimizer.showsAverages}: the local stand-in for an optimizer in a worker is not built. */
  #isAskedForAverages = false;
  /** Factors of the weight decay, by rows. */
  #decays: readonly Scheduled[] = [];

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
    super(first as Definition<Options>, second as OptimizerOptions);
    if (this.updateStep === undefined || this.build === Optimizer.prototype.build) return;
    this.#buildCustom = this.build;
    // A custom build runs once, completely or not at all, whoever calls it.
    Object.defineProperty(this, "build", { value: this.#buildOnce.bind(this), configurable: true, writable: true });
  }

  /** Whether {@link Optimizer.build} has run. */
  get built(): boolean {
    this.checkSelf();
    return this.#built !== undefined;
  }

  /** The learning rate, or `null` if inner optimizers have several. @internal */
  get soleRate(): number | null {
    return this.learningRate;
  }

  /** Whether an optimizer of several optimizers cannot contain it. @internal */
  get holdsOthers(): boolean {
    return false;
  }

  /** Saves everything that a step changes. @returns a function that restores it @throws OutOfMemoryError @internal */
  saved(): () => void {
    this.checkSelf();
    const { calls, skipped } = this.progress;
    const checkpoint = this.#built?.checkpoint(this);
    return () => {
      Object.assign(this.progress, { calls, skipped });
      checkpoint?.restore();
    };
  }

  /** Frees the state of a build that is refused later. @internal */
  unbuild(): void {
    this.checkSelf();
    this.#unbuild();
  }

  /** State that follows the weights. @internal */
  get followers(): Pick<Followers, "close" | "restoring"> | undefined {
    return this.#built?.followers;
  }

  /** Whether its variables can hold averages: moving averages, or those of a schedule-free rule. @internal */
  get keepsAverages(): boolean {
    this.checkSelf();
    return this.useEma || this.#averagesItself;
  }

  /** Whether evaluations use averages automatically. With `useEma`, moving averages replace them. */
  get #averagesItself(): boolean {
    return this.definition.averageShare !== undefined && !this.useEma;
  }

  /** Puts the averages of a schedule-free rule into the variables for an evaluation, or the weights back. @internal */
  set evaluates(on: boolean) {
    this.checkSelf();
    if (this.#averagesItself) this.showsAverages = on;
  }

  /** Puts averages back after a refused step. @internal */
  readonly reshow = (): void => {
    this.checkSelf();
    if (this.trained.every(({ disposed }) => !disposed)) this.showsAverages = true;
  };

  /** Whether the variables hold averages, for each inner optimizer: set along with restored weights and state. @internal */
  get averageModes(): readonly boolean[] {
    this.checkSelf();
    return [this.#built?.averages.isOn ?? false];
  }

  /** @internal */
  set averageModes(modes: readonly boolean[]) {
    this.checkSelf();
    if (this.#built !== undefined && this.keepsAverages) this.#built.averages.isOn = isList(modes) && modes[0] === true;
  }

  /**
   * Whether the variables hold their averages instead of the weights. There are none before the first update.
   *
   * @internal
   */
  get showsAverages(): boolean {
    this.checkSelf();
    return this.#built?.averages.isOn ?? this.#isAskedForAverages;
  }

  /** @internal */
  set showsAverages(on: boolean) {
    this.checkSelf();
    if (!this.keepsAverages) return;
    this.#isAskedForAverages = on;
    const built = this.#built;
    if (built === undefined || (on && this.iterations === 0)) return;
    // Setting weights directly restarts the averages.
    built.followers?.settleAll();
    built.averages.show(on);
  }

  /**
   * Puts the weights back into the variables after {@link Optimizer.evalMode}: for a schedule-free rule, the point
   * where gradients are computed. `fit`, `trainOnBatch` and `minimize` call it before each step; in a custom loop, call
   * it before gradients are computed. Without averages it does nothing.
   *
   * @throws ValueError ERR_BUSY during another call; DisposedError ERR_DISPOSED
   * @example
   * ```ts
   * import { ScheduleFreeSGD, Variable } from "gradstep";
   *
   * const w = new Variable([1, 2]);
   * const optimizer = new ScheduleFreeSGD({ learningRate: 0.5 });
   * for (let step = 0; step < 2; step++) optimizer.apply([[1, 2]], [w]);
   * optimizer.evalMode();
   * console.log(w.array()); // Float32Array [0.25, 0.5]
   * optimizer.trainMode();
   * console.log(w.array()); // about [0.225, 0.45]
   * ```
   */
  trainMode(): void {
    checkMethod(this, "trainMode", arguments.length, 0);
    this.checkSelf();
    this.#setMode(false);
  }

  /**
   * Puts the averages of the weights into the variables: those of a schedule-free rule, or with `useEma` the moving
   * averages. For a schedule-free rule, `fit` calls it at the end of each epoch, before validation and callbacks, and
   * so do `evaluate` and `predict`; in a custom loop, call it before the model is used or saved. Without averages it
   * does nothing.
   *
   * @throws ValueError ERR_BUSY during another call; DisposedError ERR_DISPOSED
   */
  evalMode(): void {
    checkMethod(this, "evalMode", arguments.length, 0);
    this.checkSelf();
    this.#setMode(true);
  }

  #setMode(isEvaluation: boolean): void {
    this.checkLive();
    this.busy.refuse(this.name);
    if (this.keepsAverages) this.showsAverages = isEvaluation;
  }

  /** The variables of its build. @internal */
  get trained(): readonly Variable[] {
    return this.#built?.variables ?? [];
  }

  /**
   * Creates the state for `variables`. The first `applyGradients` or `apply` does this automatically; a second call
   * does nothing, as in Keras.
   *
   * @param variables - All variables to update, in the order of the gradients.
   * @throws TypeError ERR_OPTION_TYPE for anything but variables, ValueError ERR_VARIABLE_DUPLICATE for a duplicate,
   * ERR_BUSY during another call, ERR_NOT_BUILT when the `build` of a custom class does not call this one,
   * ERR_OPTION_CONFLICT when two multipliers match one variable; whatever a custom `build` throws; DisposedError,
   * OutOfMemoryError
   */
  build(variables: Iterable<Variable>): void {
    checkMethod(this, "build", arguments.length, 1);
    this.checkSelf();
    if (this.#isBuilding) this.#buildFor(checkVariables(this.name, variables));
    else this.#buildOnce(variables);
  }

  #buildOnce(variables: Iterable<Variable>): void {
    this.busy.during(this.name, () => {
      this.checkLive();
      if (this.#built === undefined) this.#buildAll(checkVariables(this.name, variables));
    });
  }

  /** Builds with the method of a custom class, if it has one, completely or not at all: it may throw after the base's. */
  #buildAll(variables: readonly Variable[]): void {
    const custom = this.#buildCustom;
    if (custom === undefined) {
      this.#buildFor(variables);
      return;
    }
    const before = this.slots.length;
    this.#isBuilding = true;
    try {
      refusable(() => custom.call(this, [...variables]));
      if (this.#built === undefined) {
        throw new ValueError("ERR_NOT_BUILT", `${this.name}: build must call super.build(variables).`);
      }
    } catch (error) {
      this.#unbuild(before);
      throw error;
    } finally {
      this.#isBuilding = false;
    }
  }

  /** @internal */
  protected override checkUnbuilt(): void {
    this.checkLive();
    if (this.#built === undefined || this.#isBuilding) return;
    throw new ValueError(
      "ERR_BUSY",
      `${this.name} is built already: make its state in the method build(variables), which runs once, after super.build(variables).`,
    );
  }

  #buildFor(list: readonly Variable[]): void {
    const decays = list.map(this.decayFactor, this);
    this.#decays = decays;
    this.#built = new Built(this.definition, this.own, this, list, (variable, row) => ({
      decay: this.#exclusions.excludes(variable) ? 0 : decays[row]!,
      rate: this.rateFactors?.of(variable) ?? 1,
      secondSide: this.secondSide(variable),
    }));
  }

  /**
   * Updates variables with their gradients, and adds 1 to {@link Optimizer.iterations}. As Keras documents, it does
   * **not** clip: call {@link Optimizer.clipGradients} first, or use {@link Optimizer.apply}. With several replicas it
   * first sums their gradients, unless `experimentalAggregateGradients` is false.
   *
   * @param pairs - `[gradient, variable]` pairs; a gradient has the shape of its variable, or is flat. A `null`
   * gradient skips its variable with a warning.
   * @returns the new `iterations`; `[]` changes nothing
   * @throws TypeError ERR_PAIRS_MALFORMED, ERR_GRADIENT_DTYPE; ValueError ERR_GRADIENT_NONE when no variable has a
   * gradient, ERR_GRADIENT_SHAPE, ERR_VALUES_SHAPE, ERR_VARIABLE_DUPLICATE, ERR_VARIABLE_UNKNOWN, ERR_BUSY during
   * another call, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE; DisposedError ERR_DISPOSED; ReplicaError
   * ERR_REPLICA_REFUSED, ERR_REPLICA_MISMATCH, ERR_REPLICA_LOST when another replica refuses its gradients, differs or
   * has ended. Then nothing has changed on any replica
   */
  applyGradients(pairs: Iterable<GradientAndVariable>, options: ApplyGradientsOptions = {}): number {
    checkMethod(this, "applyGradients", arguments.length, 2);
    this.checkSelf();
    if (isList(options)) refuseTwoLists();
    checkKnownOptions("applyGradients", options, ["name", "experimentalAggregateGradients"]);
    const { name, experimentalAggregateGradients } = options;
    if (name !== undefined) text("applyGradients", "name", name);
    const sums = boolean("applyGradients", "experimentalAggregateGradients", experimentalAggregateGradients ?? true);
    const mode = { clip: false, label: name ?? this.name };
    const isDone = this.#updateAll(() => this.#given.takePairs(pairs), mode, sums);
    if (!isDone) return this.iterations;
    if (this.clips && !this.clipsByHand) {
      warnOnce(this, `${this.name}: applyGradients does not clip. Call clipGradients first, or apply, which clips.`);
    }
    return this.#marked(name);
  }

  /**
   * Clips gradients and updates variables: Keras 3's complete step. With several replicas, gradients are summed first.
   *
   * @param gradients - One per variable, with its shape or flat; `null` for none. An empty list changes nothing.
   * @param variables - Default: all variables of the build.
   * @returns the new `iterations`
   * @throws the errors of {@link Optimizer.applyGradients}; ValueError ERR_GRADIENT_COUNT when the counts differ,
   * ERR_NOT_BUILT without `variables` before `build`; TypeError ERR_OPTION_TYPE
   */
  apply(gradients: Iterable<Gradient | null>, variables?: Iterable<Variable>): number {
    checkMethod(this, "apply", arguments.length, 2);
    this.checkSelf();
    const giving = () =>
      this.#given.takeLists(this.name, gradients, variables ?? (this.built ? this.trained : undefined));
    this.#updateAll(giving, { clip: true, label: this.name });
    return this.iterations;
  }

  /**
   * Minimizes a loss in one step: computes gradients, clips and applies them.
   *
   * @param loss - A function that computes the loss, a scalar, from the variables; or, with `tape`, a tensor that the
   * tape recorded.
   * @param variables - The variables to update, or a function that returns them, called after the loss.
   * @returns the new `iterations`
   * @throws the errors of {@link Optimizer.apply}; TypeError ERR_OPTION_TYPE, ERR_TAPE; ValueError ERR_OPTION_UNKNOWN
   */
  minimize(loss: MinimizedLoss, variables: MinimizedVariables, options: MinimizeOptions = {}): number {
    checkMethod(this, "minimize", arguments.length, 3);
    this.checkSelf();
    checkKnownOptions("minimize", options, ["tape", "name"]);
    const { tape, name } = options;
    const giving = () => lossGradients(this.name, loss, variables, { tape, name }, this.scaleLoss(1));
    const { showsAverages } = this;
    try {
      if (showsAverages && typeof loss === "function") this.showsAverages = false;
      return refusable(() => {
        this.#updateAll(giving, { clip: true, label: name ?? this.name });
        return this.#marked(name);
      });
    } catch (error) {
      if (showsAverages) this.reshow();
      throw error;
    }
  }

  /**
   * Clips gradients by `clipnorm`, `globalClipnorm` or `clipvalue`, for use with `applyGradients`.
   *
   * @param pairs - `[gradient, variable]` pairs; `null` for no gradient.
   * @returns new pairs with flat copies of the gradients, as many numbers as the variable has; `null` stays
   * @throws TypeError ERR_PAIRS_MALFORMED, ERR_GRADIENT_DTYPE; ValueError ERR_GRADIENT_SHAPE, ERR_VALUES_SHAPE,
   * ERR_BUSY; DisposedError ERR_DISPOSED
   */
  clipGradients(pairs: Iterable<GradientAndVariable>): [Float32Array | null, Variable][] {
    checkMethod(this, "clipGradients", arguments.length, 1);
    return this.busy.during(this.name, () => {
      this.checkLive();
      const { gradients, variables } = unzipped(pairs);
      const clipped = clippedGradients(gradients, variables, this);
      this.clipsByHand = true;
      return clipped.map((gradient, i) => [gradient, variables[i]!]);
    });
  }

  /**
   * Multiplies a loss by `lossScaleFactor`. Differentiate the result when a loss scale is set.
   *
   * @param loss - The loss, any number.
   * @returns the scaled loss, a number
   * @throws TypeError ERR_OPTION_TYPE for anything but a number
   */
  scaleLoss(loss: number): number {
    checkMethod(this, "scaleLoss", arguments.length, 1);
    return anyNumber(this.name, "loss", loss) * (this.lossScaleFactor ?? 1);
  }

  /**
   * Copies the moving averages into the variables, if there are any. For a schedule-free rule, does the same as {@link
   * Optimizer.evalMode}. Otherwise does nothing.
   *
   * @param variables - The variables of the build.
   * @throws ValueError ERR_NOT_BUILT before `build`, ERR_VARIABLE_UNKNOWN for other variables, ERR_BUSY; TypeError
   * ERR_OPTION_TYPE; DisposedError ERR_DISPOSED
   */
  finalizeVariableValues(variables: Iterable<Variable>): void {
    checkMethod(this, "finalizeVariableValues", arguments.length, 1);
    this.checkLive();
    if (!this.useEma) {
      this.evaluates = true;
      return;
    }
    const given = this.busy.during(this.name, () => list(this.name, "variables", variables));
    if (this.#built === undefined) {
      throw new ValueError("ERR_NOT_BUILT", `${this.name} is not built yet: call build(variables) first.`);
    }
    this.#built.copyAverages(this, given);
  }

  /**
   * Excludes variables from weight decay. Each call replaces the previous one.
   *
   * @param exclude - `varList`: variables; `varNames`: regular expressions, searched in the last part
   * of a variable's name (`"bias"` in `"dense/bias"`). Default: none.
   * @throws TypeError ERR_OPTION_TYPE; ValueError ERR_OPTION_UNKNOWN, ERR_OPTION_RANGE for an invalid regular
   * expression, ERR_BUSY; DisposedError ERR_DISPOSED
   */
  excludeFromWeightDecay(exclude: { varList?: Iterable<Variable>; varNames?: Iterable<string> }): void {
    checkMethod(this, "excludeFromWeightDecay", arguments.length, 1);
    this.checkLive();
    this.busy.during(this.name, () => this.#exclusions.replace(this.name, exclude));
    this.#built?.variables.forEach((variable, row) => {
      const decay = this.#exclusions.excludes(variable) ? 0 : this.#decays[row]!;
      // A schedule's factor is set by each step.
      if (typeof decay === "number") this.#built?.plan.setDecay(row, decay);
    });
  }

  /** Variables excluded from weight decay. @internal */
  get decayExclusions(): Pick<DecayExclusions, "names" | "variables" | "excludes"> {
    return this.#exclusions;
  }

  /** All state in Keras 3's order: iteration, learning rate (if a number), then slots by groups. */
  get variables(): OptimizerVariable[] {
    this.checkLive();
    const progress = this.progress;
    const slots = this.#built?.state(this).keras ?? [];
    return [progress.iterationVariable(this.name), ...progress.rateVariables(this.name), ...slots];
  }

  /** State in Keras 2's order: iterations first, then slot by slot. */
  get weights(): OptimizerVariable[] {
    this.checkLive();
    return [this.progress.iterationVariable(this.name), ...(this.#built?.state(this).bySlot ?? [])];
  }

  /**
   * Returns copies of {@link Optimizer.weights}, iterations first.
   *
   * @returns `{ data, shape, dtype }` each
   * @throws DisposedError ERR_DISPOSED
   */
  getWeights(): WeightValue[] {
    checkMethod(this, "getWeights", arguments.length, 0);
    return readWeights(this.weights);
  }

  /**
   * Restores the state from {@link Optimizer.getWeights}.
   *
   * @param weights - As many as `getWeights()` returns, with the same shapes: its result, tensors, typed arrays, nested
   * numbers; a number for the iterations.
   * @throws ValueError ERR_WEIGHTS_COUNT, ERR_WEIGHTS_SHAPE when count or shapes differ, ERR_VALUES_SHAPE, ERR_BUSY;
   * TypeError, ValueError ERR_VALUES_DTYPE; TypeError ERR_OPTION_TYPE; DisposedError ERR_DISPOSED. Then nothing was written
   */
  setWeights(weights: readonly WeightInput[]): void {
    checkMethod(this, "setWeights", arguments.length, 1);
    this.busy.during(this.name, () => {
      const state = this.weights;
      const hint = state.length === 1 ? "The optimizer has no slots before build(variables)." : "";
      const write = () => writeWeights(this.name, state, weights, hint);
      const { followers } = this;
      if (followers === undefined) write();
      else followers.restoring(write);
    });
  }

  /**
   * Creates an optimizer of this class from a config that {@link Optimizer.getConfig} returned, here or in Python.
   *
   * @param config - The constructor's arguments, by Keras's names.
   * @param customObjects - Custom schedules in the config, by the names under which they were saved.
   * @returns a new optimizer
   * @throws TypeError, ValueError ERR_CONFIG_INVALID for anything but a plain object; ValueError
   * ERR_CONFIG_UNKNOWN_CLASS for an unknown schedule; the errors of the constructor
   */
  static fromConfig<T extends Optimizer>(
    this: new (
      options: never,
    ) => T,
    config: OptimizerConfig,
    customObjects?: CustomObjects,
  ): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 2);
    return withCustomObjects("fromConfig", customObjects, () => {
      const options = optionsOf(config);
      return withKeysOf(config, () => new this(options as never), savedSchedule);
    });
  }

  /**
   * Frees the state, but not the variables. Using the optimizer afterwards is an error.
   *
   * @throws ValueError ERR_BUSY during another call
   */
  dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    this.busy.refuse(this.name);
    this.#unbuild();
    this.#disposed = true;
  }

  /** For `using`, the same as {@link Optimizer.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Throws if {@link Optimizer.update} would refuse. @internal */
  checkUpdate(given: StepInputs): void {
    this.checkLive();
    checkInputs(this.name, given, given);
    checkCountable(this.name, this.progress.calls);
    const input = this.#built?.input ?? new StepInput(checkVariables(this.name, variablesOf(given)));
    input.check(this.name, given);
  }

  /** Takes one step. LossScaleOptimizer passes it to the inner optimizer. @internal */
  update(given: StepInputs, mode: Mode): StepResult {
    this.checkLive();
    checkInputs(this.name, given, mode);
    // It may be a user's function, so all its effects precede the checks.
    const rate = this.learningRate;
    checkCountable(this.name, this.progress.calls);
    const isFirst = this.#built === undefined;
    const slotsBefore = this.slots.length;
    let lasting = given;
    if (isFirst) {
      const variables = checkVariables(this.name, variablesOf(given));
      new StepInput(variables).check(this.name, given);
      lasting = outlastingInputs(this.name, given);
      this.#buildAll(variables);
    }
    const built = this.#built as Built;
    const { plan, input, followers, isCustom } = built;
    const { calls } = this.progress;
    const { isOn } = built.averages;
    let before: Checkpoint | undefined;
    let result: StepResult;
    try {
      const numbers = built.numbersOf(
        this.name,
        this.rateFactors !== null && typeof this.rate === "number" ? asWritten(rate) : rate,
        this.iterations,
      );
      input.check(this.name, lasting);
      followers?.settleAll();
      // An evaluation that threw has left the averages; training continues from the weights.
      if (isOn) built.averages.show(false);
      // A constraint can refuse the step after it was taken: then weights, state and counter are restored.
      const late = isCustom ? input.gathered() : [];
      if (isCustom || input.isConstrained) before = built.checkpoint(this);
      const rates = numbers && built.setNumbers(numbers, (row) => this.#exclusions.excludes(built.variables[row]!));
      mode.measure?.(plan);
      result = input.step(plan, lasting, {
        // Spelled out: spreading `mode` here costs V8 nine microseconds a step.
        clip: mode.clip,
        label: mode.label,
        checkFinite: (mode.checkFinite ?? false) || this.skipNonfinite,
        rate,
        calls,
        unscale: mode.unscale ?? this.lossScaleFactor ?? Number.NaN,
        all: this.useEma || this.gradientAccumulationSteps !== null,
      });
      if (result === "notFinite") this.#skipped(mode);
      else {
        if (isCustom) {
          if (result === "updated") this.#updateCustom(rates?.slice() ?? rate, late);
          plan.average(calls);
        }
        this.progress.calls = calls + 1;
        built.lastStep.note();
        if (before !== undefined) refusable(() => input.constrain(lasting));
        built.averages.forget();
        followers?.close();
      }
    } catch (error) {
      this.progress.calls = calls;
      before?.restore();
      if (isOn) this.reshow();
      if (isFirst) this.#unbuild(slotsBefore);
      throw error;
    }
    input.warn(mode.label, lasting);
    return result;
  }

  #skipped({ label }: Mode): void {
    this.progress.skipped++;
    if (!this.skipNonfinite) return;
    warnOnce(this, `${label}: a gradient is NaN or infinite, so the step was skipped; skippedSteps counts such steps.`);
  }

  #updateCustom(rate: number | Float32Array, late: readonly number[]): void {
    const { plan, variables, input } = this.#built as Built;
    const rows =
      late.length === 0 ? input.stepped() : [...new Set([...input.stepped(), ...late])].sort((a, b) => a - b);
    customUpdate(this, plan, variables, rows, (row) => (typeof rate === "number" ? rate : rate[row]!));
  }

  /** Whether `apply` clips. @internal */
  protected get clips(): boolean {
    return Boolean(this.clipnorm || this.globalClipnorm || this.clipvalue);
  }

  /** Whether the core's second rule updates this variable (Muon). @internal */
  protected secondSide(_variable: Variable): boolean {
    return false;
  }

  /** Multiplies the weight decay of a variable. @internal */
  protected decayFactor(variable: Variable): Scheduled {
    return this.decayFactors?.of(variable) ?? 1;
  }

  /** One step with the sums over this realm's replicas. @returns whether there was anything to do */
  #updateAll(giving: () => StepInputs, mode: Mode, sums = true): boolean {
    const { busy } = this;
    busy.enter(this.name);
    try {
      this.checkLive();
      const group = currentGroup();
      const given =
        !sums || group === null || group.size === 1
          ? giving()
          : this.#sums.of(mode.label, group, giving, (own) => this.checkUpdate(own));
      const isDone = given.length > 0;
      if (isDone && recorderNow()?.update(this, given, mode) !== true) this.update(given, mode);
      return isDone;
    } finally {
      this.#given.clear();
      busy.leave();
    }
  }

  /** One step with a model's gradients, which no other call of this optimizer may interrupt. @internal */
  updateAlone(given: StepInputs, mode: Mode): void {
    this.busy.during(this.name, () => this.update(given, mode));
  }

  /** Whether a call is running. @internal */
  get busy(): Busy {
    this.checkSelf();
    return this.#busy;
  }

  /** Marks only on request, because the browser keeps every mark until it is cleared. */
  #marked(name: string | undefined): number {
    const { performance } = globalThis as { performance?: Partial<Performance> };
    if (name !== undefined) performance?.mark?.(name, { detail: { iterations: this.iterations } });
    return this.iterations;
  }

  /** Frees the state, except the first `kept` slots of a custom class. */
  #unbuild(kept = 0): void {
    this.#sums.free();
    this.#built?.free();
    this.#built = undefined;
    for (const slot of this.slots.splice(kept)) slot.dispose();
  }

  /** Refuses a proxy. @internal */
  checkSelf(): void {
    if (!(#disposed in this)) refuseProxy("optimizer");
  }

  /** @internal */
  protected checkLive(): void {
    this.checkSelf();
    if (this.#disposed) {
      throw new DisposedError(`The optimizer "${this.name}" was disposed of. Make a new one.`);
    }
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}
