/**
 * The base of wrapper optimizers that keep a copy of each weight: Lookahead, ScheduleFree, SWA.
 *
 * @module
 */

import { ofMade } from "../copies.js";
import { ValueError } from "../errors.js";
import { checkMethod, isList } from "../options.js";
import type { Variable } from "../variable.js";
import type { Optimizer } from "./optimizer.js";
import { type AverageExchange, ShownAverages } from "./shown-averages.js";
import type { OptimizerVariable } from "./state.js";
import { checkVariables, type Mode, type StepResult } from "./step.js";
import { checkInputs, outlastingInputs, type StepInputs, variablesOf } from "./step-inputs.js";
import { WeightCopies } from "./weight-copies.js";
import { checkedInner, Wrapper } from "./wrapper.js";

/** Checks the inner optimizer of this class. @throws TypeError; ValueError when both would do the same */
export function checkedRule(owner: string, inner: unknown): Optimizer {
  const optimizer = checkedInner(owner, inner);
  if (optimizer instanceof Wrapper) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `${owner} cannot wrap a ${optimizer.className}. Pass it an optimizer with an update rule, such as new ${owner}(new Adam()); a LossScaleOptimizer goes around it.`,
    );
  }
  if (optimizer.keepsAverages) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `${owner}: "${optimizer.name}" keeps averages of the weights itself. Leave out useEma, or use the schedule-free rule without ${owner}.`,
    );
  }
  return optimizer;
}

/** A wrapper optimizer, with a copy of each weight as state. */
export abstract class CopyingWrapper extends Wrapper {
  #copies: WeightCopies | undefined;
  #averages: ShownAverages | undefined;
  /** As in the base: the local stand-in for an optimizer in a worker is not built. */
  #isAskedForAverages = false;

  /** Name of the copies in the state. @internal */
  protected abstract readonly slot: string;

  /** Single numbers of the state. @internal */
  protected abstract numbers(): OptimizerVariable[];

  /** One step. @internal */
  protected abstract step(copies: WeightCopies, given: StepInputs, mode: Mode): StepResult;

  /** Exchanges weights and averages; undefined if the copies are not averages. @internal */
  protected exchange(_copies: WeightCopies): AverageExchange | undefined {
    return undefined;
  }

  /** Whether an average exists. @internal */
  protected get isAveraged(): boolean {
    return this.iterations > 0;
  }

  override get built(): boolean {
    this.checkSelf();
    return this.#copies !== undefined;
  }

  override build(variables: Iterable<Variable>): void {
    checkMethod(this, "build", arguments.length, 1);
    this.checkLive();
    const { innerOptimizer: inner } = this;
    const wasBuilt = inner.built;
    inner.build(variables);
    if (this.#copies !== undefined) return;
    try {
      this.#copy(inner.trained);
    } catch (error) {
      if (!wasBuilt) inner.unbuild();
      throw error;
    }
  }

  #copy(variables: readonly Variable[]): void {
    checkedRule(this.className, this.innerOptimizer);
    const copies = new WeightCopies(variables, () => {
      if (this.#averages !== undefined) this.#averages.isOn = false;
    });
    this.#copies = copies;
    if (this.keepsAverages) {
      this.#averages = new ShownAverages(variables, () => this.exchange(copies) as AverageExchange);
    }
  }

  /** @internal */
  override get followers(): Optimizer["followers"] {
    this.checkSelf();
    const { followers } = this.innerOptimizer;
    const own = this.#copies?.followers;
    if (own === undefined || followers === undefined) return own ?? followers;
    return {
      close: () => {
        own.close();
        followers.close();
      },
      restoring: (write) => own.restoring(() => followers.restoring(write)),
    };
  }

  /** @internal */
  override set evaluates(on: boolean) {
    this.checkSelf();
    this.showsAverages = on;
  }

  /** @internal */
  override get averageModes(): readonly boolean[] {
    this.checkSelf();
    return [this.#averages?.isOn ?? false];
  }

  /** @internal */
  override set averageModes(modes: readonly boolean[]) {
    this.checkSelf();
    if (this.#averages !== undefined) this.#averages.isOn = isList(modes) && modes[0] === true;
  }

  /** @internal */
  override get showsAverages(): boolean {
    this.checkSelf();
    return this.#averages?.isOn ?? this.#isAskedForAverages;
  }

  /** @internal */
  override set showsAverages(on: boolean) {
    this.checkSelf();
    if (!this.keepsAverages) return;
    this.#isAskedForAverages = on;
    const averages = this.#averages;
    if (averages === undefined || (on && !this.isAveraged)) return;
    this.#copies?.followers.settleAll();
    averages.show(on);
  }

  override finalizeVariableValues(variables: Iterable<Variable>): void {
    checkMethod(this, "finalizeVariableValues", arguments.length, 1);
    this.checkLive();
    if (this.keepsAverages) this.showsAverages = true;
    else super.finalizeVariableValues(variables);
  }

  /** All state in Keras's order: numbers and copies once built, then the inner optimizer. */
  override get variables(): OptimizerVariable[] {
    this.checkLive();
    return [...this.#own(), ...this.innerOptimizer.variables];
  }

  /** State in Keras 2's order: iterations, numbers and copies once built, slots. */
  override get weights(): OptimizerVariable[] {
    this.checkLive();
    const [iterations, ...slots] = this.innerOptimizer.weights;
    return [iterations as OptimizerVariable, ...this.#own(), ...slots];
  }

  #own(): OptimizerVariable[] {
    const copies = this.#copies;
    return copies === undefined ? [] : [...this.numbers(), ...copies.state(this, this.slot)];
  }

  /** @internal */
  override unbuild(): void {
    super.unbuild();
    this.#free();
  }

  override dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    super.dispose();
    this.#free();
  }

  #free(): void {
    this.#copies?.free();
    this.#copies = undefined;
    this.#averages = undefined;
  }

  override scaleLoss(loss: number): number {
    checkMethod(this, "scaleLoss", arguments.length, 1);
    return ofMade("optimizer", this.innerOptimizer).scaleLoss(loss);
  }

  /** @internal */
  override update(given: StepInputs, mode: Mode): StepResult {
    checkInputs(this.name, given, mode);
    this.checkLive();
    const { innerOptimizer: inner } = this;
    const isFirst = this.#copies === undefined;
    let lasting = given;
    if (isFirst) {
      inner.checkUpdate(given);
      lasting = outlastingInputs(this.name, given);
      this.#copy(inner.built ? inner.trained : checkVariables(this.name, variablesOf(given)));
    }
    const copies = this.#copies as WeightCopies;
    const averages = this.#averages;
    const isOn = averages?.isOn ?? false;
    try {
      copies.followers.settleAll();
      if (isOn) averages?.show(false);
      const result = this.step(copies, lasting, mode);
      averages?.forget();
      copies.followers.close();
      return result;
    } catch (error) {
      if (isOn) this.reshow();
      if (isFirst) this.#free();
      throw error;
    }
  }
}
