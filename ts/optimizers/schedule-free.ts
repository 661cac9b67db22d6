/**
 * ScheduleFree: schedule-free learning with any optimizer.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { nextChange } from "../changes.js";
import { ValueError } from "../errors.js";
import { checkKnownOptions, numberIn, text } from "../options.js";
import { saturated } from "../runtime/float32.js";
import type { Variable } from "../variable.js";
import type { OptimizerConfig } from "./config.js";
import { CopyingWrapper, checkedRule } from "./copying-wrapper.js";
import { registryWith } from "./list.js";
import type { Optimizer } from "./optimizer.js";
import { type AverageExchange, interpolatedAverages } from "./shown-averages.js";
import { type OptimizerVariable, scalarVariable } from "./state.js";
import type { Mode, StepResult } from "./step.js";
import type { StepInputs } from "./step-inputs.js";
import type { WeightCopies } from "./weight-copies.js";
import { forwardOptions } from "./wrapper.js";

/** Options of {@link ScheduleFree}. All others belong to the inner optimizer. */
export interface ScheduleFreeOptions {
  /** Fraction of the average in the weights, where gradients are computed; above 0, and 1 at most. Default: 0.9. */
  readonly momentum?: number | undefined;
  /** A name for messages and saved files. Default: `"schedule_free"`, made unique. */
  readonly name?: string | null | undefined;
}

const OPTIONS = ["momentum", "name"];
const registry = registryWith(() => []);

/**
 * Schedule-free learning with any optimizer (Defazio et al. 2024): the inner optimizer updates z; the model is
 * evaluated at x, the average of z, and gradients are computed at y, between x and z.
 *
 * @remarks
 * ```text
 * z <- step of the inner optimizer from z, by the gradient at y
 * r <- max(r, lr) ;  s <- s + r^2 ;  x <- x + (z - x) r^2 / s ;  y <- x + (z - x)(1 - momentum)
 * ```
 *
 * State: z, two numbers, and the state of the inner optimizer. Use it when the length of training is not known in
 * advance, for rules without a schedule-free class; the classes {@link ScheduleFreeSGD}, {@link ScheduleFreeAdamW} and
 * {@link ScheduleFreeRAdam} are faster. The inner optimizer should have no momentum. Its weight decay and constraints
 * act on z. Evaluations, checkpoints and the end of `fit` use x, training uses y; in custom loops, `evalMode` and
 * `trainMode` switch between them.
 *
 * Example: `new ScheduleFree(new RMSprop(), { momentum: 0.9 })`.
 *
 * @param innerOptimizer - The optimizer that updates z, which must have an update rule.
 * @throws TypeError ERR_OPTION_TYPE when `innerOptimizer` is not an optimizer; ValueError ERR_OPTION_CONFLICT for an
 * inner optimizer that wraps others or keeps averages; ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN
 * @see [Defazio et al. 2024](https://arxiv.org/abs/2405.15682)
 * @example
 * ```ts
 * import { ScheduleFree, SGD, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const optimizer = new ScheduleFree(new SGD({ learningRate: 0.5 }));
 * for (let step = 0; step < 2; step++) optimizer.apply([[1, 2]], [w]);
 * optimizer.evalMode();
 * console.log(w.array()); // Float32Array [0.25, 0.5]
 * ```
 */
export class ScheduleFree extends CopyingWrapper {
  static override readonly className: string = "ScheduleFree";
  /** Fraction of the average in the weights. */
  readonly momentum: number;
  #weightSum = 0;
  #maxRate = 0;
  /** The weights before a step, in case it is skipped or refused. */
  #before: readonly Float32Array[] = [];

  constructor(
    innerOptimizer: Optimizer,
    momentum?: ScheduleFreeOptions["momentum"] | ScheduleFreeOptions,
    name?: ScheduleFreeOptions["name"] | ScheduleFreeOptions,
    others?: ScheduleFreeOptions,
  );
  constructor(innerOptimizer: Optimizer, ...given: unknown[]) {
    const owner = "ScheduleFree";
    const options = placedOptions<ScheduleFreeOptions>(owner, OPTIONS, given, 1);
    const inner = checkedRule(owner, innerOptimizer);
    if (inner.holdsOthers) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${owner} cannot wrap a ${inner.className}, which has several learning rates. Pass it an optimizer with an update rule, such as new ${owner}(new SGD()).`,
      );
    }
    checkKnownOptions(owner, options, OPTIONS);
    const momentum = numberIn(owner, "momentum", options.momentum ?? 0.9, { above: 0, most: 1 });
    text(owner, "name", options.name ?? "");
    super(owner, inner, options.name);
    forwardOptions(this);
    this.momentum = momentum;
  }

  /** @internal */
  protected override get slot(): string {
    return "z";
  }

  /** @internal */
  override get keepsAverages(): boolean {
    return true;
  }

  /** @internal */
  protected override exchange(copies: WeightCopies): AverageExchange {
    return interpolatedAverages((row) => copies.of(row), this.momentum);
  }

  /** @internal */
  protected override numbers(): OptimizerVariable[] {
    const [sum, rate] = [`${this.name}/weight_sum`, `${this.name}/lr_max`];
    return [
      scalarVariable(
        sum,
        "float32",
        () => this.#weightSum,
        (value) => {
          this.#weightSum = value;
        },
      ),
      scalarVariable(
        rate,
        "float32",
        () => this.#maxRate,
        (value) => {
          this.#maxRate = value;
        },
      ),
    ];
  }

  /** @internal */
  protected override step(copies: WeightCopies, given: StepInputs, mode: Mode): StepResult {
    const { innerOptimizer: inner, momentum } = this;
    const rate = inner.learningRate;
    inner.checkUpdate(given);
    const rows = this.#rows(copies.variables, given);
    if (this.#before.length !== copies.variables.length) {
      this.#before = copies.variables.map(({ size }) => new Float32Array(size));
    }
    for (const row of rows) {
      this.#before[row]!.set(copies.variables[row]!.value);
      // From y and z to z and x: the weights step from z, and the copy holds x meanwhile.
      copies.cross(row, saturated(1 - 1 / momentum));
    }
    let result: StepResult | undefined;
    try {
      result = inner.update(given, mode);
      return result;
    } finally {
      // A refused or skipped step has not moved z.
      if (result === "updated") this.#average(copies, rows, rate);
      else {
        for (const row of rows) {
          const variable = copies.variables[row]!;
          copies.of(row).set(variable.value);
          variable.value.set(this.#before[row]!);
        }
      }
    }
  }

  /** Rows with a gradient, perhaps from an earlier accumulating call: the average of other rows does not move. */
  #rows(variables: readonly Variable[], given: StepInputs): number[] {
    const isAccumulated = this.innerOptimizer.gradientAccumulationSteps !== null;
    const present = new Set<Variable>();
    for (let at = 0; at < given.length; at++) if (given.gradient(at) !== null) present.add(given.variable(at));
    return variables.flatMap((variable, row) =>
      !variable.disposed && (isAccumulated || present.has(variable)) ? [row] : [],
    );
  }

  #average(copies: WeightCopies, rows: readonly number[], rate: number): void {
    this.#maxRate = Math.max(this.#maxRate, rate);
    // The square of a rate may overflow, and a quotient of infinities is NaN.
    const weight = Math.fround(saturated(this.#maxRate * this.#maxRate));
    this.#weightSum = Math.fround(saturated(this.#weightSum + weight));
    const part = this.#weightSum > 0 ? weight / this.#weightSum : 0;
    const changed = nextChange();
    for (const row of rows) {
      const variable = copies.variables[row]!;
      // From the new z and x to the new x, and to y and z.
      copies.blend(row, part);
      copies.crossBack(row, 1 - this.momentum);
      variable.changed = changed;
    }
  }

  /** @internal */
  static get registry(): typeof registry {
    return registry;
  }

  /** @internal */
  protected override get ownConfig(): OptimizerConfig {
    return { momentum: this.momentum };
  }
}
