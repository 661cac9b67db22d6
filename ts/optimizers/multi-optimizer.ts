/**
 * MultiOptimizer: a separate optimizer for each group of variables.
 *
 * Over 300 lines: half of them document the public methods and delegate to the inner optimizers.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { isA, isCallable } from "../brands.js";
import { checkCountable } from "../counters.js";
import type { CustomObjects } from "../custom-objects.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { withKeysOf } from "../keras-names.js";
import { checkKnownOptions, checkMethod, checkObject, isList, list, shown } from "../options.js";
import { plainJSON } from "../plain-json.js";
import { isTensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";
import { clippedGradients } from "./clipping.js";
import type { OptimizerConfig } from "./config.js";
import type { GradientAndVariable } from "./gradients.js";
import type { LearningRate } from "./learning-rate.js";
import { Optimizer } from "./optimizer.js";
import { checkedOptimizer, OptimizerMap } from "./optimizer-map.js";
import { type OptimizerVariable, scalarVariable } from "./state.js";
import { checkVariables, type Mode, StepInput, type StepResult } from "./step.js";
import { checkInputs, ListedInputs, type StepInputs, unzipped, variablesOf } from "./step-inputs.js";

/** A map, or a function that is called for each variable. */
export type OptimizerChoice = OptimizerMap | ((variable: Variable) => Optimizer);

/** Options of MultiOptimizer. All others belong to the inner optimizers. */
export interface MultiOptimizerOptions {
  /** Gradients are divided by this first, in all inner optimizers. Default: null, none. */
  readonly lossScaleFactor?: number | null | undefined;
  /** A name for messages and saved files. Default: `"multi_optimizer"`, made unique. */
  readonly name?: string | null | undefined;
}

const NO_CLIP = { clipnorm: null, globalClipnorm: null, clipvalue: null } as const;

/**
 * Trains each group of variables with a separate optimizer. A step changes all groups or, if one of them refuses it,
 * none. A group without gradients is skipped with a warning, unless it accumulates gradients: then it counts the call. If groups
 * differ only in rate and decay, use one optimizer with `learningRateMultipliers`, which is faster.
 *
 * @remarks
 * State: a counter, an unused number, and the state of the inner optimizers, in their order. Set their learning rates
 * on {@link MultiOptimizer.optimizers}: `learningRate` of the MultiOptimizer throws, as in Keras.
 *
 * Example: `new MultiOptimizer(new OptimizerMap(new AdamW(), { "head/.*": new SGD() }))`.
 *
 * @param optimizerMap - A map by patterns; or a function that receives each variable once and returns its optimizer,
 * which cannot be saved as JSON.
 * @throws TypeError ERR_OPTION_TYPE, ValueError ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN, ERR_OPTION_CONFLICT
 * @see [Keras: optimizers](https://keras.io/api/optimizers/)
 * @example
 * ```ts
 * import { MultiOptimizer, OptimizerMap, SGD, Variable } from "gradstep";
 *
 * const [base, head] = [new Variable([1], { name: "base/kernel" }), new Variable([1], { name: "head/kernel" })];
 * const map = new OptimizerMap(new SGD({ learningRate: 0.5 }), { "base/.*": new SGD({ learningRate: 0.25 }) });
 * const optimizer = new MultiOptimizer(map);
 * optimizer.apply([[1], [1]], [base, head]);
 * console.log(base.array(), head.array()); // Float32Array [0.75] Float32Array [0.5]
 * ```
 */
export class MultiOptimizer extends Optimizer {
  static override readonly className: string = "MultiOptimizer";
  readonly #choice: OptimizerChoice;
  #inner: Optimizer[];
  /** The optimizer of each variable, once built. */
  #of: ReadonlyMap<Variable, Optimizer> | undefined;
  /** The groups of lists of pairs that are passed again. Weak, so that gradients are freed with their list. */
  #known = new WeakMap<object, readonly Group[]>();
  // Keras saves a rate that this optimizer has but never uses; files reserve places for them.
  #unusedRate = 0;

  constructor(
    optimizerMap: OptimizerChoice,
    lossScaleFactor?: MultiOptimizerOptions["lossScaleFactor"] | MultiOptimizerOptions,
    name?: MultiOptimizerOptions["name"] | MultiOptimizerOptions,
    others?: MultiOptimizerOptions,
  );
  constructor(optimizerMap: OptimizerChoice, ...given: unknown[]) {
    const owner = "MultiOptimizer";
    const names = ["lossScaleFactor", "name"];
    const options = placedOptions<MultiOptimizerOptions>(owner, names, given, 1);
    if (!isA(optimizerMap, OptimizerMap) && !isCallable(optimizerMap)) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${owner} takes an OptimizerMap, or a function from a variable to its optimizer, such as new ${owner}(new OptimizerMap(new Adam(), { "head/.*": new SGD() })), got ${shown(optimizerMap)}.`,
      );
    }
    checkKnownOptions(owner, options, names);
    super({ className: owner, rule: "", learningRate: 0, defaults: {}, ranges: {} }, options);
    this.#choice = optimizerMap as OptimizerChoice;
    this.#inner = isA(optimizerMap, OptimizerMap) ? optimizerMap.optimizers : [];
    for (const inner of this.#inner) inner.lossScaleFactor = this.lossScaleFactor;
  }

  /** The inner optimizers, in the order of the patterns, the default last; for a function, those that it returned. */
  get optimizers(): readonly Optimizer[] {
    this.checkSelf();
    return [...this.#inner];
  }

  /** Whether the inner optimizers are built. */
  override get built(): boolean {
    this.checkSelf();
    return this.#of !== undefined;
  }

  /**
   * Not available: get and set it on one of {@link MultiOptimizer.optimizers}.
   *
   * @throws TypeError ERR_LEARNING_RATE_FIXED
   */
  override get learningRate(): number {
    this.checkSelf();
    throw this.#refusedRate();
  }

  override set learningRate(_rate: LearningRate) {
    this.checkSelf();
    throw this.#refusedRate();
  }

  #refusedRate(): ArgumentTypeError {
    return new ArgumentTypeError(
      "ERR_LEARNING_RATE_FIXED",
      `${this.name}: each inner optimizer has a learning rate. Get and set it on one of ${this.name}.optimizers.`,
    );
  }

  /** Never a number. @internal */
  override get rate(): LearningRate {
    return () => 0;
  }

  /** Steps skipped by the inner optimizers, or because of a loss scale. */
  override get skippedSteps(): number {
    this.checkSelf();
    return this.#inner.reduce((sum, { skippedSteps }) => sum + skippedSteps, this.progress.skipped);
  }

  /** @internal */
  override get soleRate(): null {
    return null;
  }

  /** @internal */
  override get holdsOthers(): boolean {
    return true;
  }

  /** @internal */
  override get followers(): Optimizer["followers"] {
    this.checkSelf();
    const all = this.#inner.map(({ followers }) => followers).filter((one) => one !== undefined);
    if (all.length === 0) return undefined;
    return {
      close: () => {
        for (const one of all) one.close();
      },
      restoring: (write) => all.reduceRight<() => void>((inside, one) => () => one.restoring(inside), write)(),
    };
  }

  /** @internal */
  override get keepsAverages(): boolean {
    this.checkSelf();
    return this.#inner.some((one) => one.keepsAverages);
  }

  /** @internal */
  override set evaluates(on: boolean) {
    this.checkSelf();
    for (const one of this.#inner) one.evaluates = on;
  }

  /** @internal */
  override get averageModes(): readonly boolean[] {
    this.checkSelf();
    return this.#inner.map((one) => one.averageModes[0]!);
  }

  /** @internal */
  override set averageModes(modes: readonly boolean[]) {
    this.checkSelf();
    const each = isList(modes) ? modes : [];
    this.#inner.forEach((one, at) => {
      one.averageModes = each.slice(at, at + 1);
    });
  }

  /** @internal */
  override get showsAverages(): boolean {
    this.checkSelf();
    return this.#inner.some((one) => one.showsAverages);
  }

  /** Whether any inner optimizer keeps averages, as in Keras. @internal */
  override set showsAverages(on: boolean) {
    this.checkSelf();
    for (const one of this.#inner) one.showsAverages = on;
  }

  /** @internal */
  override get trained(): readonly Variable[] {
    this.checkSelf();
    return [...(this.#of?.keys() ?? [])];
  }

  override build(variables: Iterable<Variable>): void {
    checkMethod(this, "build", arguments.length, 1);
    this.busy.during(this.name, () => {
      this.checkLive();
      if (this.#of === undefined) this.#buildAll(checkVariables(this.name, variables));
    });
  }

  /** All or nothing: if one optimizer refuses, those built here are undone. */
  #buildAll(variables: readonly Variable[]): void {
    const choice = this.#choice;
    const choose = isA(choice, OptimizerMap)
      ? (variable: Variable) => (choice as OptimizerMap).call(variable)
      : (choice as (variable: Variable) => Optimizer);
    const of = new Map(variables.map((variable) => [variable, checkedOptimizer(variable.path, choose(variable))]));
    const before = this.#inner;
    const inner = [...new Set([...before, ...of.values()])];
    const made: Optimizer[] = [];
    try {
      for (const optimizer of inner) {
        const own = variables.filter((variable) => of.get(variable) === optimizer);
        if (own.length === 0) continue;
        if (!optimizer.built) {
          optimizer.build(own);
          made.push(optimizer);
        }
        const { trained } = optimizer;
        if (own.every((variable) => trained.includes(variable))) continue;
        throw new ValueError(
          "ERR_VARIABLE_UNKNOWN",
          `${this.name}: "${optimizer.name}" was built for other variables. Make a new optimizer for the map.`,
        );
      }
    } catch (error) {
      for (const optimizer of made) optimizer.unbuild();
      throw error;
    }
    for (const optimizer of inner) optimizer.lossScaleFactor = this.lossScaleFactor;
    this.#inner = inner;
    this.#of = of;
    this.#known = new WeakMap();
  }

  /** @internal */
  override unbuild(): void {
    this.checkSelf();
    for (const optimizer of this.#inner) optimizer.unbuild();
    this.#of = undefined;
  }

  override clipGradients(pairs: Iterable<GradientAndVariable>): [Float32Array | null, Variable][] {
    checkMethod(this, "clipGradients", arguments.length, 1);
    return this.busy.during(this.name, () => {
      this.checkLive();
      const { gradients, variables } = unzipped(pairs);
      if (this.#of === undefined) this.#buildAll(checkVariables(this.name, variables));
      const clipped = new Map<Variable, Float32Array | null>();
      for (const { optimizer, inputs } of this.#groups(new ListedInputs(this.name, gradients, variables))) {
        const own = variablesOf(inputs);
        clippedGradients(inputs.gradients, own, optimizer).forEach((gradient, i) => {
          clipped.set(own[i]!, gradient);
        });
      }
      this.clipsByHand = true;
      return variables.map((variable) => [clipped.get(variable) ?? null, variable]);
    });
  }

  override finalizeVariableValues(variables: Iterable<Variable>): void {
    checkMethod(this, "finalizeVariableValues", arguments.length, 1);
    this.checkLive();
    const given = this.busy.during(this.name, () => list<Variable>(this.name, "variables", variables));
    for (const { optimizer, inputs } of this.#groups(new ListedInputs(this.name, given, given))) {
      optimizer.finalizeVariableValues(variablesOf(inputs));
    }
  }

  /**
   * Excludes variables from weight decay, in all inner optimizers.
   *
   * @param exclude - As in {@link Optimizer.excludeFromWeightDecay}.
   * @throws the errors of {@link Optimizer.excludeFromWeightDecay}
   */
  override excludeFromWeightDecay(exclude: { varList?: Iterable<Variable>; varNames?: Iterable<string> }): void {
    checkMethod(this, "excludeFromWeightDecay", arguments.length, 1);
    super.excludeFromWeightDecay(exclude);
    const { names, variables } = super.decayExclusions;
    for (const optimizer of this.#inner) optimizer.excludeFromWeightDecay({ varNames: names, varList: variables });
  }

  /** The exclusions of the inner optimizers, each for its variables. @internal */
  override get decayExclusions(): Optimizer["decayExclusions"] {
    this.checkSelf();
    const of = this.#of;
    if (of === undefined) return super.decayExclusions;
    const excludes = (variable: Variable) => of.get(variable)?.decayExclusions.excludes(variable) ?? false;
    return { names: [], variables: new Set([...of.keys()].filter(excludes)), excludes };
  }

  /** All state in Keras's order: a counter and an unused rate, then the inner optimizers. */
  override get variables(): OptimizerVariable[] {
    this.checkLive();
    const rate = scalarVariable(
      `${this.name}/learning_rate`,
      "float32",
      () => this.#unusedRate,
      (value) => {
        this.#unusedRate = value;
      },
    );
    return [this.progress.iterationVariable(this.name), rate, ...this.#inner.flatMap(({ variables }) => variables)];
  }

  /** The counter; once built, the weights of the inner optimizers, each with its own counter first. */
  override get weights(): OptimizerVariable[] {
    this.checkLive();
    const inside = this.built ? this.#inner.flatMap(({ weights }) => weights) : [];
    return [this.progress.iterationVariable(this.name), ...inside];
  }

  /**
   * Returns the config of an equal optimizer, for `fromConfig` here or in Python.
   *
   * @returns the constructor's arguments, by Keras's names
   * @throws ValueError ERR_CONFIG_INVALID when a function chooses the optimizers
   */
  override getConfig(): OptimizerConfig {
    checkObject(this, "getConfig");
    this.checkSelf();
    const choice = this.#choice;
    if (!isA(choice, OptimizerMap)) {
      throw new ValueError(
        "ERR_CONFIG_INVALID",
        `${this.name}: a function that chooses optimizers has no config. Pass an OptimizerMap.`,
      );
    }
    const map = choice as OptimizerMap;
    return {
      optimizer_map: {
        module: "keras.optimizers",
        class_name: "OptimizerMap",
        config: map.getConfig(),
        registered_name: null,
      },
      loss_scale_factor: this.lossScaleFactor,
      name: this.name,
    };
  }

  /**
   * Creates an optimizer from a config of `getConfig`, from here or from Python.
   *
   * @param config - The constructor's arguments, by Keras's names.
   * @param customObjects - Custom classes inside, by their saved names.
   * @returns a new optimizer
   * @throws TypeError, ValueError ERR_CONFIG_INVALID for anything but a plain object; ValueError
   * ERR_CONFIG_UNKNOWN_CLASS for an unknown class; the errors of the constructor
   */
  static override fromConfig<T extends Optimizer>(
    this: new (
      map: never,
      options: never,
    ) => T,
    config: OptimizerConfig,
    customObjects?: CustomObjects,
  ): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 2);
    const { optimizer_map: saved, loss_scale_factor: lossScaleFactor, ...others } = plainJSON("fromConfig", config);
    const { config: map } = plainJSON('MultiOptimizer: "optimizer_map"', saved);
    const made = OptimizerMap.fromConfig(plainJSON('MultiOptimizer: "optimizer_map"', map), customObjects);
    return withKeysOf(config, () => new this(made as never, { lossScaleFactor, ...others } as never));
  }

  override dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    super.dispose();
    for (const optimizer of this.#inner) optimizer.dispose();
  }

  /** @internal */
  override checkUpdate(given: StepInputs): void {
    checkInputs(this.name, given, given);
    this.checkLive();
    checkCountable(this.name, this.progress.calls);
    if (this.#of === undefined) new StepInput(checkVariables(this.name, variablesOf(given))).check(this.name, given);
    else this.#checked(given, this.#groups(given));
  }

  /** The groups that take part in a step: those with a gradient, and those that accumulate, since they count calls. */
  #checked(given: StepInputs, groups: readonly Group[]): Group[] {
    // The error of a step without any gradient names all variables.
    if (!groups.some(({ inputs }) => inputs.hasGradient)) new StepInput(variablesOf(given)).check(this.name, given);
    const present = groups.filter(
      ({ optimizer, inputs }) => inputs.hasGradient || optimizer.gradientAccumulationSteps !== null,
    );
    for (const { optimizer, inputs } of present) optimizer.checkUpdate(inputs);
    return present;
  }

  #groups(given: StepInputs): readonly Group[] {
    const { token } = given;
    const groups = (token === undefined ? undefined : this.#known.get(token)) ?? this.#grouped(given);
    if (token !== undefined) this.#known.set(token, groups);
    return groups;
  }

  #grouped(given: StepInputs): Group[] {
    const groups = new Map<Optimizer, { gradients: unknown[]; variables: Variable[] }>();
    for (let at = 0; at < given.length; at++) {
      const variable = given.variable(at);
      const optimizer = this.#of?.get(variable);
      if (optimizer === undefined) {
        throw new ValueError(
          "ERR_VARIABLE_UNKNOWN",
          `${this.name} was not built for the variable "${variable.name}". Call build with all variables before the first step, or make a new optimizer.`,
        );
      }
      const group = groups.get(optimizer) ?? { gradients: [], variables: [] };
      groups.set(optimizer, group);
      group.gradients.push(given.gradient(at));
      group.variables.push(variable);
    }
    return this.#inner.flatMap((optimizer) => {
      const group = groups.get(optimizer) ?? this.#omitted(optimizer);
      if (group === undefined) return [];
      return [{ optimizer, inputs: new GroupInputs(optimizer.name, group.gradients, group.variables) }];
    });
  }

  /** Empty inputs for a group of which a call names no variable, if it accumulates: then it counts the call. */
  #omitted(optimizer: Optimizer): { gradients: unknown[]; variables: Variable[] } | undefined {
    if (optimizer.gradientAccumulationSteps === null) return undefined;
    return [...(this.#of?.values() ?? [])].includes(optimizer) ? { gradients: [], variables: [] } : undefined;
  }

  /** @internal */
  override update(given: StepInputs, mode: Mode): StepResult {
    checkInputs(this.name, given, mode);
    this.checkLive();
    const { calls } = this.progress;
    checkCountable(this.name, calls);
    if (this.#of === undefined) {
      const variables = checkVariables(this.name, variablesOf(given));
      new StepInput(variables).check(this.name, given);
      this.#buildAll(variables);
    }
    const all = this.#groups(given);
    const groups = this.#checked(given, all);
    for (const group of all) {
      if (groups.includes(group)) continue;
      const { optimizer } = group;
      warnOnce(optimizer, `${mode.label}: no gradient for any variable of "${optimizer.name}"; skipped.`);
    }
    if (mode.checkFinite && !groups.every(hasFinite)) {
      this.progress.skipped++;
      return "notFinite";
    }
    const inside = { clip: mode.clip, label: mode.label, unscale: mode.unscale ?? this.lossScaleFactor ?? Number.NaN };
    const undo = groups.some(canFail) ? groups.map(({ optimizer }) => optimizer.saved()) : [];
    try {
      const results = groups.map(({ optimizer, inputs }) => optimizer.update(inputs, inside));
      const result = (["updated", "accumulated"] as const).find((one) => results.includes(one));
      if (result === undefined) return "notFinite";
      this.progress.calls = calls + 1;
      return result;
    } catch (error) {
      for (const restore of undo) restore();
      throw error;
    }
  }

  /** @internal */
  protected override get clips(): boolean {
    this.checkSelf();
    return this.#inner.some(({ clipnorm, globalClipnorm, clipvalue }) =>
      Boolean(clipnorm || globalClipnorm || clipvalue),
    );
  }
}

/** The gradients and variables of a group, which do not change. */
class GroupInputs extends ListedInputs {
  readonly token: object = {};
  readonly isPart: boolean = true;
  /** Whether there is a gradient: a group without one is skipped. */
  readonly hasGradient: boolean = this.gradients.some((gradient) => gradient !== null);
  /** Whether no gradient has to be copied. */
  readonly isReady: boolean = this.gradients.every((gradient) => gradient === null || isTensor(gradient));

  /** Already checked when they were grouped. */
  override variable(at: number): Variable {
    return this.variables[at] as Variable;
  }

  /** Whether a variable has a constraint, which may throw. */
  get isConstrained(): boolean {
    return (this.variables as readonly Variable[]).some(({ constraint }) => constraint !== null);
  }
}

/** An inner optimizer, and its part of a step. */
interface Group {
  readonly optimizer: Optimizer;
  readonly inputs: GroupInputs;
}

function hasFinite({ inputs }: Group): boolean {
  const copies = clippedGradients(inputs.gradients, variablesOf(inputs), NO_CLIP);
  return copies.every((copy) => copy === null || copy.every(Number.isFinite));
}

/** Whether a checked step may still be refused: by user code, or for lack of memory. */
function canFail({ optimizer, inputs }: Group): boolean {
  return (
    optimizer.updateStep !== undefined ||
    typeof optimizer.rate !== "number" ||
    optimizer.scheduled.length > 0 ||
    !inputs.isReady ||
    inputs.isConstrained
  );
}
