/**
 * SAM: gradients for another optimizer, computed where the loss near the weights is highest.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { tidy } from "../autodiff/arena.js";
import { nextChange } from "../changes.js";
import { ValueError } from "../errors.js";
import { checkKnownOptions, checkMethod, numberIn, text } from "../options.js";
import { SeedGenerator } from "../random/generator.js";
import { currentGroup } from "../replicas/current.js";
import { Block, float32 } from "../runtime/memory.js";
import { isTensor, type Tensor } from "../tensor.js";
import { refusable, repeatable } from "../undo.js";
import { withUpdatesLast } from "../updates.js";
import type { Variable } from "../variable.js";
import { SumsOverReplicas } from "./aggregate.js";
import type { OptimizerConfig } from "./config.js";
import { registryWith } from "./list.js";
import { type Ascent, lossFunction, refuseGradients } from "./loss-users.js";
import { lossGradients, type MinimizedLoss, type MinimizedVariables, type MinimizeOptions } from "./minimize.js";
import { MultiOptimizer } from "./multi-optimizer.js";
import type { Optimizer } from "./optimizer.js";
import type { OptimizerVariable } from "./state.js";
import type { Mode, StepResult } from "./step.js";
import { checkInputs, type StepInputs } from "./step-inputs.js";
import { checkedInner, forwardOptions, innerOf, Wrapper } from "./wrapper.js";

/** Options of {@link SAM}. All others belong to the inner optimizer. */
export interface SAMOptions {
  /** Distance by which the weights move uphill before the second gradient, 0 or more. Default: 0.05. */
  readonly rho?: number | undefined;
  /** A name for messages and saved files. Default: `"sam"`, made unique. */
  readonly name?: string | null | undefined;
}

const OPTIONS = ["rho", "name"];
const registry = registryWith(() => [MultiOptimizer]);

/** Avoids a division by 0. */
const EPSILON = 1e-12;

/**
 * Sharpness-aware minimization (Foret et al. 2020): each step computes two gradients. The first moves the weights
 * uphill by a distance of `rho`; the second is computed there, and the inner optimizer applies it to the original
 * weights.
 *
 * @remarks
 * ```text
 * e <- rho g(w) / (||g(w)|| + 1e-12) ;  w <- step of the inner optimizer from w, by g(w + e)
 * ```
 *
 * State: that of the inner optimizer; a copy of the weights during a step. Use it when a model fits its training data
 * but generalizes badly; each step takes twice as long. `fit`, `trainOnBatch` and `minimize` compute both gradients; it
 * cannot take gradients that were computed elsewhere. The norm covers all variables. Dropout uses the same mask for
 * both gradients; metrics, moving averages of `BatchNormalization` and random generators count only the first pass.
 * Clipping and weight decay act on the second gradient.
 *
 * Example: `new SAM(new SGD({ momentum: 0.9 }), { rho: 0.05 })`.
 *
 * @param innerOptimizer - The optimizer that updates the variables: an optimizer with an update rule, or a MultiOptimizer.
 * @throws TypeError ERR_OPTION_TYPE when `innerOptimizer` is not an optimizer; ValueError ERR_OPTION_CONFLICT for an
 * inner optimizer that wraps another one or computes the loss itself; ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN
 * @see [Foret et al. 2020](https://arxiv.org/abs/2010.01412)
 * @example
 * ```ts
 * import { ops, SAM, SGD, Variable } from "gradstep";
 *
 * const w = new Variable([3, 4]);
 * const optimizer = new SAM(new SGD({ learningRate: 0.5 }), { rho: 5 });
 * optimizer.minimize(() => ops.multiply(ops.sum(ops.square(w)), 0.5), [w]);
 * console.log(w.array()); // Float32Array [0, 0]
 * ```
 */
export class SAM extends Wrapper {
  static override readonly className: string = "SAM";
  /** Distance by which the weights move uphill before the second gradient. */
  readonly rho: number;
  readonly #sums = new SumsOverReplicas();
  /** Room for the weights of a step. */
  #block: Block | undefined;
  /** Variables moved uphill, in the order of their copies. */
  #moved: readonly Variable[] | undefined;

  constructor(
    innerOptimizer: Optimizer,
    rho?: SAMOptions["rho"] | SAMOptions,
    name?: SAMOptions["name"] | SAMOptions,
    others?: SAMOptions,
  );
  constructor(innerOptimizer: Optimizer, ...given: unknown[]) {
    const owner = "SAM";
    const options = placedOptions<SAMOptions>(owner, OPTIONS, given, 1);
    const inner = checkedInner(owner, innerOptimizer);
    if (inner instanceof Wrapper) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${owner} cannot wrap a ${inner.className}. Pass it an optimizer with an update rule, such as new ${owner}(new SGD()).`,
      );
    }
    checkKnownOptions(owner, options, OPTIONS);
    const rho = numberIn(owner, "rho", options.rho ?? 0.05, { least: 0 });
    text(owner, "name", options.name ?? "");
    super(owner, inner, options.name);
    forwardOptions(this);
    this.rho = rho;
  }

  /** @internal */
  get lossUse(): string {
    return "call minimize(loss, variables) with a function, or compile a model with it and call fit or trainOnBatch";
  }

  /** @internal */
  static get registry(): typeof registry {
    return registry;
  }

  /** @internal */
  protected override get ownConfig(): OptimizerConfig {
    return { rho: this.rho };
  }

  /** The inner optimizer's state in Keras's order. */
  override get variables(): OptimizerVariable[] {
    this.checkLive();
    return this.innerOptimizer.variables;
  }

  /** The inner optimizer's state in Keras 2's order. */
  override get weights(): OptimizerVariable[] {
    this.checkLive();
    return this.innerOptimizer.weights;
  }

  override scaleLoss(loss: number): number {
    checkMethod(this, "scaleLoss", arguments.length, 1);
    return innerOf(this).scaleLoss(loss);
  }

  override dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    super.dispose();
    this.#sums.free();
    this.#block?.free();
    this.#block = undefined;
  }

  /**
   * Minimizes a loss in one step with two gradients.
   *
   * @param loss - A function that computes the loss, a scalar, from the variables. It is called twice.
   * @param variables - Those to update, or a function that returns them, called after the loss.
   * @returns the new `iterations`
   * @throws the errors of {@link Optimizer.minimize}; TypeError ERR_OPTION_TYPE for a tensor as loss
   */
  override minimize(loss: MinimizedLoss, variables: MinimizedVariables, options: MinimizeOptions = {}): number {
    checkMethod(this, "minimize", arguments.length, 3);
    this.checkLive();
    const given = lossFunction(this.name, loss, options);
    const { name } = given.options;
    const giving = () => lossGradients(this.name, given.loss, variables, { name }, 1);
    const first = () => this.busy.during(this.name, () => this.ascent.summed(name ?? this.name, giving));
    const { showsAverages } = this;
    try {
      if (showsAverages) this.showsAverages = false;
      let iterations = 0;
      const second = () => {
        iterations = super.minimize(given.loss, variables, given.options);
      };
      // One step: at its end, layers write the values of the first pass.
      tidy(() =>
        refusable(() => {
          withUpdatesLast(() => this.ascent.twice(first, second)).handOn();
        }),
      );
      return iterations;
    } catch (error) {
      if (showsAverages) this.reshow();
      throw error;
    }
  }

  /** Steps with two passes. @internal */
  readonly ascent: Ascent = {
    summed: (label, giving) => {
      this.checkLive();
      const group = currentGroup();
      if (group === null || group.size === 1) return giving();
      return this.#sums.of(label, group, giving, (own) => this.innerOptimizer.checkUpdate(own));
    },
    twice: (first, second) => {
      this.checkLive();
      const again = repeatable(
        () => this.#ascend(first()),
        (target) => target instanceof SeedGenerator,
      );
      try {
        again();
        withUpdatesLast(second);
      } finally {
        this.#descend();
      }
    },
  };

  #ascend(given: StepInputs): void {
    if (given.length === 0) return;
    this.innerOptimizer.checkUpdate(given);
    const moved: Variable[] = [];
    const gradients: Tensor[] = [];
    let length = 0;
    for (let at = 0; at < given.length; at++) {
      const gradient = given.gradient(at);
      if (!isTensor(gradient)) continue;
      moved.push(given.variable(at));
      gradients.push(gradient);
      length += gradient.size;
    }
    if (this.#block === undefined || this.#block.length < length) {
      this.#block?.free();
      this.#block = undefined;
      this.#block = new Block(Math.max(1, length));
    }
    let sum = 0;
    for (const { numbers } of gradients) for (let i = 0; i < numbers.length; i++) sum += numbers[i]! * numbers[i]!;
    const scale = this.rho / (Math.sqrt(sum) + EPSILON);
    const changed = nextChange();
    this.#moved = moved;
    this.#each((variable, copy, at) => {
      const [weights, { numbers }] = [variable.value, gradients[at]!];
      copy.set(weights);
      for (let i = 0; i < weights.length; i++) weights[i] = weights[i]! + scale * numbers[i]!;
      variable.changed = changed;
    });
  }

  /** Restores the weights if they are uphill. */
  #descend(): void {
    if (this.#moved === undefined) return;
    const changed = nextChange();
    this.#each((variable, copy) => {
      if (variable.disposed) return;
      variable.value.set(copy);
      variable.changed = changed;
    });
    this.#moved = undefined;
  }

  #each(work: (variable: Variable, copy: Float32Array, at: number) => void): void {
    let address = (this.#block as Block).address;
    this.#moved?.forEach((variable, at) => {
      work(variable, float32(address, variable.size), at);
      address += variable.size * 4;
    });
  }

  /** @internal */
  override checkUpdate(given: StepInputs): void {
    checkInputs(this.name, given, given);
    this.#refuseUnmoved();
    super.checkUpdate(given);
  }

  /** @internal */
  override update(given: StepInputs, mode: Mode): StepResult {
    checkInputs(this.name, given, mode);
    this.checkLive();
    this.#refuseUnmoved();
    this.#descend();
    return this.innerOptimizer.update(given, mode);
  }

  /** Refuses gradients that it has not computed. */
  #refuseUnmoved(): void {
    if (this.#moved === undefined) refuseGradients(this);
  }
}
