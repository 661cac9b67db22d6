/**
 * The base of all optimizers: the Keras API over the core's plan. What one is made with is in `settings.ts`.
 *
 * Over 300 lines, because half of them document the public methods, which belong to one class.
 *
 * @module
 */

import { tidy } from "../autodiff/arena.js";
import { COPY } from "../copies.js";
import { getReplicaContext } from "../distribute/context.js";
import { DisposedError, ValueError } from "../errors.js";
import { withKeysOf } from "../keras-names.js";
import { boolean, checkKnownOptions, list, text } from "../options.js";
import { refusable } from "../undo.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";
import { readWeights, type WeightInput, type WeightValue, writeWeights } from "../weights.js";
import { SumsOverReplicas } from "./aggregate.js";
import { Built } from "./built.js";
import { clippedGradients } from "./clipping.js";
import { type OptimizerConfig, optionsOf } from "./config.js";
import { DecayExclusions } from "./decay-exclusions.js";
import { type Given, givenLists, givenPairs, outlastingGiven, unzipped, variablesOf } from "./given.js";
import type { Gradient, GradientAndVariable } from "./gradients.js";
import { lossGradients, type MinimizedLoss, type MinimizedVariables, type MinimizeOptions } from "./minimize.js";
import type { ApplyGradientsOptions, OptimizerOptions } from "./options.js";
import { OptimizerSettings } from "./settings.js";
import type { OptimizerVariable } from "./state.js";
import { checkVariables, type Mode, StepInput, type StepResult } from "./step.js";

/** The API that all optimizers have: Keras 3's, and that of the documented page. */
export abstract class Optimizer<
  Options extends OptimizerOptions = OptimizerOptions,
> extends OptimizerSettings<Options> {
  /** Class name, as Keras has it. */
  static readonly className: string = "Optimizer";

  /** Start of its slots' paths, where another optimizer builds it. @internal */
  scope = "";
  /** Whether clipGradients is used: then applyGradients has nothing to warn of. @internal */
  protected clipsByHand = false;
  readonly #exclusions = new DecayExclusions();
  readonly #sums = new SumsOverReplicas();
  #built: Built | undefined;
  #disposed = false;

  /** Whether {@link Optimizer.build} was done. */
  get built(): boolean {
    return this.#built !== undefined;
  }

  /** The variables that it was built for. @internal */
  get trained(): readonly Variable[] {
    return this.#built?.variables ?? [];
  }

  /**
   * Makes the state for `variables`. The first `applyGradients` or `apply` does it by itself; a second
   * call does nothing, as in Keras.
   *
   * @throws TypeError for what is no Variable, ValueError for one that comes twice, OutOfMemoryError
   */
  build(variables: Iterable<Variable>): void {
    this.#checkLive();
    if (this.#built !== undefined) return;
    const list = checkVariables(this.name, variables);
    this.#built = new Built(this.definition, this.own, this, list, (variable) => ({
      noDecay: this.#exclusions.excludes(variable),
      secondSide: this.secondSide(variable),
    }));
  }

  /**
   * Updates variables by their gradients, and adds 1 to {@link Optimizer.iterations}. As its
   * documentation says, it does **not** clip: call {@link Optimizer.clipGradients} before, or use
   * {@link Optimizer.apply}. With several replicas it sums their gradients first, unless
   * `experimentalAggregateGradients` is false.
   *
   * @param pairs - `[gradient, variable]` pairs. A `null` gradient skips its variable with a warning.
   * @returns the new `iterations`; `[]` changes nothing
   * @throws TypeError when `pairs` is malformed; ValueError when no variable has a gradient, a shape
   * does not fit, or a variable is unknown; ReplicaError when another replica refuses its gradients. Nothing has
   * changed then, on any replica.
   */
  applyGradients(pairs: Iterable<GradientAndVariable>, options: ApplyGradientsOptions = {}): number {
    this.#checkLive();
    checkKnownOptions("applyGradients", options, ["name", "experimentalAggregateGradients"]);
    const { name, experimentalAggregateGradients } = options;
    if (name !== undefined) text("applyGradients", "name", name);
    const sums = boolean("applyGradients", "experimentalAggregateGradients", experimentalAggregateGradients ?? true);
    const isDone = this.#updateAll(() => givenPairs(pairs), { clip: false, label: name ?? this.name }, sums);
    if (!isDone) return this.iterations;
    if (this.clips && !this.clipsByHand) {
      warnOnce(
        this,
        `${this.name}: applyGradients does not clip, although a clip is set. Clip with clipGradients(pairs) first, or call apply(gradients, variables), which clips.`,
      );
    }
    return this.#marked(name);
  }

  /**
   * Keras 3's whole pipeline, clipping included; with several replicas, of the sums of their gradients.
   *
   * @param gradients - One per variable, `null` for none. An empty list changes nothing.
   * @param variables - Default: those the optimizer was built for, all of them.
   * @returns the new `iterations`
   * @throws as {@link Optimizer.applyGradients}, and ValueError when the counts differ
   */
  apply(gradients: Iterable<Gradient | null>, variables?: Iterable<Variable>): number {
    this.#checkLive();
    const trained = this.built ? this.trained : undefined;
    this.#updateAll(() => givenLists(this.name, gradients, variables ?? trained), { clip: true, label: this.name });
    return this.iterations;
  }

  /**
   * One step downhill: the gradients of a loss, clipped and applied.
   *
   * @param loss - A function that computes it from the variables, or with `tape` the tensor that it recorded.
   * @param variables - Those to update, or a function that gives them, asked after the loss.
   * @returns the new `iterations`
   * @throws as {@link Optimizer.apply}, TypeError
   */
  minimize(loss: MinimizedLoss, variables: MinimizedVariables, options: MinimizeOptions = {}): number {
    return tidy(() =>
      refusable(() => {
        this.#checkLive();
        const given = lossGradients(this.name, loss, variables, options, this.scaleLoss(1));
        this.#updateAll(() => given, { clip: true, label: options.name ?? this.name });
        return this.#marked(options.name);
      }),
    );
  }

  /**
   * Clips gradients by `clipnorm`, `globalClipnorm` or `clipvalue`, for those who clip by hand.
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

  /** What weight decay leaves alone. @internal */
  get decayExclusions(): Pick<DecayExclusions, "names" | "variables"> {
    return this.#exclusions;
  }

  /** All state in Keras 3's order: iteration, learning rate (if a number), then slots by groups. */
  get variables(): OptimizerVariable[] {
    this.#checkLive();
    const progress = this.progress;
    const slots = this.#built?.state(this).keras ?? [];
    return [progress.iterationVariable(this.name), ...progress.rateVariables(this.name), ...slots];
  }

  /** State in the page's order: iterations first, then slot by slot. */
  get weights(): OptimizerVariable[] {
    this.#checkLive();
    return [this.progress.iterationVariable(this.name), ...(this.#built?.state(this).page ?? [])];
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
    const state = this.weights;
    const hint = state.length === 1 ? "The optimizer has no slots before build(variables)." : "";
    writeWeights(this.name, state, weights, hint);
  }

  /**
   * An optimizer from what {@link Optimizer.getConfig}, here or in Python, gave.
   * @throws ValueError for unknown keys and values that the constructor refuses
   */
  static fromConfig<T extends Optimizer>(this: new (options: never) => T, config: OptimizerConfig): T {
    const options = optionsOf(config);
    return withKeysOf(config, () => new this(options as never));
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

  /** Refuses whatever {@link Optimizer.update} would refuse. @internal */
  checkUpdate(given: Given): void {
    this.#checkLive();
    const input = this.#built?.input ?? new StepInput(checkVariables(this.name, variablesOf(given)));
    input.check(this.name, given);
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
        calls: this.progress.calls,
        unscale: mode.unscale ?? this.lossScaleFactor ?? Number.NaN,
        all: this.useEma,
      });
    } catch (error) {
      if (isFirst) this.#unbuild();
      throw error;
    }
    if (result !== "notFinite") {
      this.progress.calls += 1;
      for (const variable of this.trained) variable.version++;
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

  /** One step, of the sums over this realm's replicas. @returns whether there was anything to do */
  #updateAll(giving: () => Given, mode: Mode, sums = true): boolean {
    const group = getReplicaContext();
    const update = (given: Given): boolean => {
      if (given.length > 0) this.update(given, mode);
      return given.length > 0;
    };
    if (!sums || group.size === 1) return update(giving());
    return update(this.#sums.of(mode.label, group, giving, (given) => this.checkUpdate(given)));
  }

  /** Marks on request only: the browser keeps every mark until it is cleared. */
  #marked(name: string | undefined): number {
    const { performance } = globalThis as { performance?: Partial<Performance> };
    if (name !== undefined) performance?.mark?.(name, { detail: { iterations: this.iterations } });
    return this.iterations;
  }

  #unbuild(): void {
    this.#sums.free();
    this.#built?.free();
    this.#built = undefined;
  }

  #checkLive(): void {
    if (this.#disposed) {
      throw new DisposedError(`The optimizer "${this.name}" was disposed of. Make a new one.`);
    }
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }
}
