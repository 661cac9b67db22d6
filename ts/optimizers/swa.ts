/**
 * SWA: the mean of weights along another optimizer's path.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { checkKnownOptions, integer, text } from "../options.js";
import type { OptimizerConfig } from "./config.js";
import { CopyingWrapper, checkedRule } from "./copying-wrapper.js";
import { registryWith } from "./list.js";
import { MultiOptimizer } from "./multi-optimizer.js";
import type { Optimizer } from "./optimizer.js";
import { type AverageExchange, swappedAverages } from "./shown-averages.js";
import { type OptimizerVariable, scalarVariable } from "./state.js";
import type { Mode, StepResult } from "./step.js";
import type { StepInputs } from "./step-inputs.js";
import type { WeightCopies } from "./weight-copies.js";
import { forwardOptions } from "./wrapper.js";

/** Options of {@link SWA}. All others belong to the inner optimizer. */
export interface SWAOptions {
  /** Number of updates before the first averaged weights: 0 or more. Default: 0. */
  readonly startAveraging?: number | undefined;
  /** Number of updates between averaged weights: 1 or more. Default: 10. */
  readonly averagePeriod?: number | undefined;
  /** A name for messages and saved files. Default: `"swa"`, made unique. */
  readonly name?: string | null | undefined;
}

const OPTIONS = ["startAveraging", "averagePeriod", "name"];
const registry = registryWith(() => [MultiOptimizer]);

/**
 * Stochastic weight averaging (Izmailov et al. 2018): the equally weighted mean of the weights that the inner optimizer
 * reaches at regular intervals late in training.
 *
 * @remarks
 * ```text
 * updates = startAveraging + k averagePeriod, k = 0, 1, ...:  average <- average + (w - average) / (n + 1) ;  n <- n + 1
 * ```
 *
 * State: a counter, the average, and the state of the inner optimizer. With `stepsPerEpoch` updates an epoch,
 * `startAveraging: 75 * stepsPerEpoch, averagePeriod: stepsPerEpoch` averages the weights at the end of each epoch from
 * the 75th on. Use it for the last quarter of training, with a constant rate, instead of a decay to 0. Evaluations,
 * checkpoints and the end of `fit` use the average once it exists, training uses the weights; in custom loops,
 * `evalMode` and `trainMode` switch between them. The moving averages of `BatchNormalization` belong to the weights:
 * call `updateBatchNormalization(model, x)` after `fit`.
 *
 * Example: `new SWA(new SGD({ momentum: 0.9 }), { startAveraging: 7500, averagePeriod: 100 })`.
 *
 * @param innerOptimizer - The optimizer that updates the variables: an optimizer with an update rule, or a MultiOptimizer.
 * @throws TypeError ERR_OPTION_TYPE when `innerOptimizer` is not an optimizer; ValueError ERR_OPTION_CONFLICT for an
 * inner optimizer that wraps another one or keeps averages; ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN
 * @see [Izmailov et al. 2018](https://arxiv.org/abs/1803.05407)
 * @example
 * ```ts
 * import { SGD, SWA, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const optimizer = new SWA(new SGD({ learningRate: 0.5 }), { averagePeriod: 1 });
 * for (let step = 0; step < 2; step++) optimizer.apply([[1, 2]], [w]);
 * console.log(w.array()); // Float32Array [0, 0]
 * optimizer.evalMode();
 * console.log(w.array()); // Float32Array [0.25, 0.5]
 * ```
 */
export class SWA extends CopyingWrapper {
  static override readonly className: string = "SWA";
  /** Number of updates before the first averaged weights. */
  readonly startAveraging: number;
  /** Number of updates between averaged weights. */
  readonly averagePeriod: number;
  #count = 0;

  constructor(
    innerOptimizer: Optimizer,
    startAveraging?: SWAOptions["startAveraging"] | SWAOptions,
    averagePeriod?: SWAOptions["averagePeriod"] | SWAOptions,
    name?: SWAOptions["name"] | SWAOptions,
    others?: SWAOptions,
  );
  constructor(innerOptimizer: Optimizer, ...given: unknown[]) {
    const owner = "SWA";
    const options = placedOptions<SWAOptions>(owner, OPTIONS, given, 1);
    const inner = checkedRule(owner, innerOptimizer);
    checkKnownOptions(owner, options, OPTIONS);
    const startAveraging = integer(owner, "startAveraging", options.startAveraging ?? 0, 0, 2 ** 31 - 1);
    const averagePeriod = integer(owner, "averagePeriod", options.averagePeriod ?? 10, 1, 2 ** 31 - 1);
    text(owner, "name", options.name ?? "");
    super(owner, inner, options.name);
    forwardOptions(this);
    this.startAveraging = startAveraging;
    this.averagePeriod = averagePeriod;
  }

  /** @internal */
  protected override get slot(): string {
    return "average";
  }

  /** @internal */
  override get keepsAverages(): boolean {
    return true;
  }

  /** @internal */
  protected override get isAveraged(): boolean {
    this.checkSelf();
    return this.#count > 0;
  }

  /** @internal */
  protected override exchange(copies: WeightCopies): AverageExchange {
    return swappedAverages(
      copies.variables.map((_, row) => ({
        get value() {
          return copies.of(row);
        },
      })),
    );
  }

  /** @internal */
  protected override numbers(): OptimizerVariable[] {
    const read = () => this.#count;
    const write = (value: number) => {
      this.#count = value;
    };
    return [scalarVariable(`${this.name}/n_averaged`, "int32", read, write)];
  }

  /** @internal */
  protected override step(copies: WeightCopies, given: StepInputs, mode: Mode): StepResult {
    const result = this.innerOptimizer.update(given, mode);
    const since = this.iterations - this.startAveraging;
    if (result !== "updated" || since < 0 || since % this.averagePeriod !== 0) return result;
    const count = ++this.#count;
    copies.variables.forEach((variable, row) => {
      if (variable.disposed) return;
      copies.blend(row, 1 / count);
    });
    return result;
  }

  /** @internal */
  static get registry(): typeof registry {
    return registry;
  }

  /** @internal */
  protected override get ownConfig(): OptimizerConfig {
    return { start_averaging: this.startAveraging, average_period: this.averagePeriod };
  }
}
