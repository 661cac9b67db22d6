/**
 * The base of wrapper optimizers: most of their members delegate to the inner optimizer, which updates the variables.
 *
 * @module
 */

import { isA } from "../brands.js";
import type { Busy } from "../busy.js";
import type { ClassRegistry } from "../class-registry.js";
import { ofMade } from "../copies.js";
import type { CustomObjects } from "../custom-objects.js";
import { ArgumentTypeError } from "../errors.js";
import { withKeysOf } from "../keras-names.js";
import { checkMethod, shown } from "../options.js";
import type { Variable } from "../variable.js";
import { type OptimizerConfig, optionsOf } from "./config.js";
import type { GradientAndVariable } from "./gradients.js";
import type { LearningRate } from "./learning-rate.js";
import { refuseLossUser } from "./loss-users.js";
import { Optimizer } from "./optimizer.js";
import { checkInputs, type StepInputs } from "./step-inputs.js";

/** Checks the inner optimizer of this class. @throws TypeError for anything else */
export function checkedInner(owner: string, inner: unknown): Optimizer {
  if (!isA(inner, Optimizer)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner} takes an optimizer and options, such as new ${owner}(new Adam()), got ${shown(inner)}.`,
    );
  }
  const optimizer = inner as Optimizer;
  optimizer.checkSelf();
  refuseLossUser(owner, optimizer);
  return optimizer;
}

/** Its inner optimizer. @throws TypeError when no constructor made the wrapper @internal */
export const innerOf = (wrapper: { readonly innerOptimizer: Optimizer }): Optimizer =>
  ofMade("optimizer", wrapper.innerOptimizer);

/** A class of wrapper optimizers. */
type WrapperClass = {
  /** The optimizers that may be wrapped. @internal */
  readonly registry: ClassRegistry<Optimizer>;
};

/** A wrapper optimizer. A class has a static `registry`. */
export abstract class Wrapper extends Optimizer {
  /** The inner optimizer, which updates the variables. */
  readonly innerOptimizer: Optimizer;

  /** A wrapper optimizer. @internal */
  constructor(className: string, innerOptimizer: Optimizer, name: string | null | undefined) {
    super({ className, rule: "", learningRate: 0, defaults: {}, ranges: {} }, { name });
    this.innerOptimizer = innerOptimizer;
  }

  /** Whether the inner optimizer is built. */
  override get built(): boolean {
    return innerOf(this).built;
  }

  /** Updates of the inner optimizer; skipped steps do not count. */
  override get iterations(): number {
    return innerOf(this).iterations;
  }

  /** Number of steps skipped because a gradient was NaN or infinite. */
  override get skippedSteps(): number {
    return innerOf(this).skippedSteps;
  }

  /** @internal */
  override get calls(): number {
    return innerOf(this).calls;
  }

  /** The learning rate of the inner optimizer. */
  override get learningRate(): number {
    return innerOf(this).learningRate;
  }

  override set learningRate(rate: LearningRate) {
    innerOf(this).learningRate = rate;
  }

  /** @internal */
  override get soleRate(): number | null {
    return innerOf(this).soleRate;
  }

  /** @internal */
  override get holdsOthers(): boolean {
    return true;
  }

  /** @internal */
  override get followers(): Optimizer["followers"] {
    return innerOf(this).followers;
  }

  /** @internal */
  override get keepsAverages(): boolean {
    return innerOf(this).keepsAverages;
  }

  /** @internal */
  override set evaluates(on: boolean) {
    innerOf(this).evaluates = on;
  }

  /** @internal */
  override get averageModes(): readonly boolean[] {
    return innerOf(this).averageModes;
  }

  /** @internal */
  override set averageModes(modes: readonly boolean[]) {
    innerOf(this).averageModes = modes;
  }

  /** @internal */
  override get showsAverages(): boolean {
    return innerOf(this).showsAverages;
  }

  /** @internal */
  override set showsAverages(on: boolean) {
    innerOf(this).showsAverages = on;
  }

  /** @internal */
  override get trained(): readonly Variable[] {
    return innerOf(this).trained;
  }

  /** @internal */
  override get rate(): LearningRate {
    return innerOf(this).rate;
  }

  /** Clips as the inner optimizer does. */
  override clipGradients(pairs: Iterable<GradientAndVariable>): [Float32Array | null, Variable][] {
    checkMethod(this, "clipGradients", arguments.length, 1);
    this.checkSelf();
    const clipped = innerOf(this).clipGradients(pairs);
    this.clipsByHand = true;
    return clipped;
  }

  override build(variables: Iterable<Variable>): void {
    checkMethod(this, "build", arguments.length, 1);
    innerOf(this).build(variables);
  }

  /** @internal */
  override unbuild(): void {
    this.checkSelf();
    innerOf(this).unbuild();
  }

  override finalizeVariableValues(variables: Iterable<Variable>): void {
    checkMethod(this, "finalizeVariableValues", arguments.length, 1);
    innerOf(this).finalizeVariableValues(variables);
  }

  override excludeFromWeightDecay(exclude: { varList?: Iterable<Variable>; varNames?: Iterable<string> }): void {
    checkMethod(this, "excludeFromWeightDecay", arguments.length, 1);
    innerOf(this).excludeFromWeightDecay(exclude);
  }

  /** @internal */
  override get decayExclusions(): Optimizer["decayExclusions"] {
    return innerOf(this).decayExclusions;
  }

  /** The arguments other than the inner optimizer, as `getConfig` returns them. @internal */
  protected abstract get ownConfig(): OptimizerConfig;

  /**
   * Returns everything that makes an equal optimizer, for `fromConfig`.
   *
   * @returns the constructor's arguments, by Keras's spelling; `inner_optimizer` is a config too
   * @throws ValueError ERR_CONFIG_INVALID, TypeError ERR_OPTION_TYPE for an inner optimizer that has no config
   */
  override getConfig(): OptimizerConfig {
    const { registry } = this.constructor as unknown as WrapperClass;
    return { name: this.name, inner_optimizer: registry.serialize(this.innerOptimizer), ...this.ownConfig };
  }

  /**
   * Creates an optimizer from a config of `getConfig`.
   *
   * @param config - The constructor's arguments, by Keras's spelling.
   * @param customObjects - Custom classes inside, by their saved names.
   * @returns a new optimizer
   * @throws TypeError, ValueError ERR_CONFIG_INVALID for anything but a plain object; ValueError
   * ERR_CONFIG_UNKNOWN_CLASS for an unknown class; the errors of the constructor
   */
  static override fromConfig<T extends Optimizer>(
    this: new (
      inner: never,
      options: never,
    ) => T,
    config: OptimizerConfig,
    customObjects?: CustomObjects,
  ): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 2);
    const { innerOptimizer, ...options } = optionsOf(config);
    // biome-ignore lint/complexity/noThisInStatic: the class that was called, perhaps a subclass
    const { registry } = this as unknown as WrapperClass;
    const inner = registry.get(innerOptimizer, customObjects);
    return withKeysOf(config, () => new this(inner as never, options as never));
  }

  override dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    this.checkSelf();
    innerOf(this).dispose();
    super.dispose();
  }

  /** @internal */
  override checkUpdate(given: StepInputs): void {
    checkInputs(this.name, given, given);
    innerOf(this).checkUpdate(given);
  }

  /** That of the inner optimizer: both are one. @internal */
  override get busy(): Busy {
    return innerOf(this).busy;
  }
}

/** Makes options of the inner optimizer that are read from outside those of the one around it. */
export function forwardOptions(outer: Wrapper): void {
  const { innerOptimizer: inner } = outer;
  for (const name of ["lossScaleFactor", "clipnorm", "globalClipnorm", "clipvalue"] as const) {
    Object.defineProperty(outer, name, {
      get: () => inner[name],
      set: (value: number | null) => {
        if (name === "lossScaleFactor") inner.lossScaleFactor = value;
      },
      enumerable: true,
    });
  }
}
