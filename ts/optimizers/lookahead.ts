/**
 * Lookahead: slow weights that follow those of another optimizer.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { nextChange } from "../changes.js";
import { checkKnownOptions, integer, numberIn, text } from "../options.js";
import type { OptimizerConfig } from "./config.js";
import { CopyingWrapper, checkedRule } from "./copying-wrapper.js";
import { registryWith } from "./list.js";
import { MultiOptimizer } from "./multi-optimizer.js";
import type { Optimizer } from "./optimizer.js";
import { type OptimizerVariable, scalarVariable } from "./state.js";
import type { Mode, StepResult } from "./step.js";
import type { StepInputs } from "./step-inputs.js";
import type { WeightCopies } from "./weight-copies.js";
import { forwardOptions } from "./wrapper.js";

/** Options of {@link Lookahead}. All others belong to the inner optimizer. */
export interface LookaheadOptions {
  /** Number of updates of the inner optimizer between updates of the slow weights, 1 or more. Default: 5. */
  readonly syncPeriod?: number | undefined;
  /** Fraction of the distance by which the slow weights move; above 0, and 1 at most. Default: 0.5. */
  readonly slowStepSize?: number | undefined;
  /** A name for messages and saved files. Default: `"lookahead"`, made unique. */
  readonly name?: string | null | undefined;
}

const OPTIONS = ["syncPeriod", "slowStepSize", "name"];
const registry = registryWith(() => [MultiOptimizer]);

/**
 * Lookahead (Zhang et al. 2019): the inner optimizer takes `syncPeriod` steps; then the slow weights move part of the
 * way to its weights, and it continues from there. The slow weights start as the initial weights.
 *
 * @remarks
 * ```text
 * every syncPeriod updates:  slow <- slow + slowStepSize (w - slow) ;  w <- slow
 * ```
 *
 * State: a counter, a copy of the weights, and the inner optimizer's state, which a synchronization does not change.
 * Use it for steadier training with a high learning rate, at the cost of the copy. Constraints apply to the weights
 * before a synchronization. `iterations`, `learningRate` and clipping are those of the inner optimizer.
 *
 * Example: `new Lookahead(new Adam(), { syncPeriod: 5 })`.
 *
 * @param innerOptimizer - The optimizer that updates the variables: an optimizer with an update rule, or a MultiOptimizer.
 * @throws TypeError ERR_OPTION_TYPE when `innerOptimizer` is not an optimizer; ValueError ERR_OPTION_CONFLICT for an
 * inner optimizer that wraps another one or keeps averages; ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN
 * @see [Zhang et al. 2019](https://arxiv.org/abs/1907.08610)
 * @example
 * ```ts
 * import { Lookahead, SGD, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const optimizer = new Lookahead(new SGD({ learningRate: 0.5 }), { syncPeriod: 2 });
 * optimizer.apply([[1, 2]], [w]);
 * console.log(w.array()); // Float32Array [0.5, 1]
 * optimizer.apply([[1, 2]], [w]); // slow weights: from 1 to 0.5
 * console.log(w.array()); // Float32Array [0.5, 1]
 * ```
 */
export class Lookahead extends CopyingWrapper {
  static override readonly className: string = "Lookahead";
  /** Number of updates between updates of the slow weights. */
  readonly syncPeriod: number;
  /** Fraction of the distance by which the slow weights move. */
  readonly slowStepSize: number;
  #steps = 0;

  constructor(
    innerOptimizer: Optimizer,
    syncPeriod?: LookaheadOptions["syncPeriod"] | LookaheadOptions,
    slowStepSize?: LookaheadOptions["slowStepSize"] | LookaheadOptions,
    name?: LookaheadOptions["name"] | LookaheadOptions,
    others?: LookaheadOptions,
  );
  constructor(innerOptimizer: Optimizer, ...given: unknown[]) {
    const owner = "Lookahead";
    const options = placedOptions<LookaheadOptions>(owner, OPTIONS, given, 1);
    const inner = checkedRule(owner, innerOptimizer);
    checkKnownOptions(owner, options, OPTIONS);
    const syncPeriod = integer(owner, "syncPeriod", options.syncPeriod ?? 5, 1, 2 ** 31 - 1);
    const slowStepSize = numberIn(owner, "slowStepSize", options.slowStepSize ?? 0.5, { above: 0, most: 1 });
    text(owner, "name", options.name ?? "");
    super(owner, inner, options.name);
    forwardOptions(this);
    this.syncPeriod = syncPeriod;
    this.slowStepSize = slowStepSize;
  }

  /** @internal */
  protected override get slot(): string {
    return "slow";
  }

  /** @internal */
  protected override numbers(): OptimizerVariable[] {
    const read = () => this.#steps;
    const write = (value: number) => {
      this.#steps = value;
    };
    return [scalarVariable(`${this.name}/step_counter`, "int32", read, write)];
  }

  /** @internal */
  protected override step(copies: WeightCopies, given: StepInputs, mode: Mode): StepResult {
    const result = this.innerOptimizer.update(given, mode);
    if (result !== "updated") return result;
    this.#steps++;
    if (this.#steps < this.syncPeriod) return result;
    this.#steps = 0;
    const changed = nextChange();
    const part = this.slowStepSize;
    copies.variables.forEach((variable, row) => {
      if (variable.disposed) return;
      copies.blend(row, part);
      variable.value.set(copies.of(row));
      variable.changed = changed;
    });
    return result;
  }

  /** @internal */
  static get registry(): typeof registry {
    return registry;
  }

  /** @internal */
  protected override get ownConfig(): OptimizerConfig {
    return { sync_period: this.syncPeriod, slow_step_size: this.slowStepSize };
  }
}
