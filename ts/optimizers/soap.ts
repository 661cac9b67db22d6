/**
 * SOAP. It has no kernel in `crates/core`: most of its time goes to products of matrices, which are wasm already.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { allocate } from "../autodiff/arena.js";
import { ValueError } from "../errors.js";
import { checkMethod, DECAY, NON_NEGATIVE } from "../options.js";
import { saturated } from "../runtime/float32.js";
import { LearningRateSchedule } from "../schedules/schedule.js";
import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { CUSTOM_RULE } from "./custom-definition.js";
import { Optimizer } from "./optimizer.js";
import { BASE_RANGES, type OptimizerOptions } from "./options.js";
import { enlarged, Preconditioner } from "./preconditioner.js";
import { isSchedule, numberAt, type Scheduled } from "./scheduled.js";

/** Options of {@link SOAP}. */
export interface SOAPOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.95. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients in the eigenbasis; 0 or above, and below 1. Default: 0.95. */
  readonly beta2?: Scheduled | undefined;
  /** Added to the root of the second moment; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
  /** Decay of the preconditioners; 0 or above, and below 1. Default: null, that of the second moment. */
  readonly shampooBeta?: Scheduled | null | undefined;
  /** Updates between two of the eigenbases, 1 or more, rounded down. Default: 10. */
  readonly preconditionFrequency?: number | undefined;
  /** The longest axis that has a preconditioner, 1 or more. Default: 10000. */
  readonly maxPreconditionDim?: number | undefined;
}

const PLACED = [
  "learningRate",
  "beta1",
  "beta2",
  "epsilon",
  "shampooBeta",
  "preconditionFrequency",
  "maxPreconditionDim",
  "weightDecay",
];

const LEAST_ONE = { least: 1 };

/** State of one variable. */
interface Slots {
  readonly momentum: Variable;
  readonly velocity: Variable;
  readonly preconditioners: readonly Preconditioner[];
}

/**
 * SOAP (Vyas et al. 2024): Adam in the eigenbases of Shampoo's preconditioners, which are renewed every few steps.
 *
 * @remarks
 * ```text
 * L <- L + (g g' - L)(1 - shampooBeta) ;  R <- the same of g' g           after the update; at each axis of more than two
 * step 1:  Q = eigenvectors of L, S of R, largest first ;  w stays
 * each preconditionFrequency steps:  Q <- the Q of QR(L Q), its columns sorted by diag(Q' L Q) ;  S likewise
 * s = t - 1 ;  G = Q' g S ;  m <- m + (g - m)(1 - beta1) ;  v <- v + (G^2 - v)(1 - beta2)
 * w <- w - learningRate sqrt(1 - beta2^s) / (1 - beta1^s) Q (Q' m S / (sqrt(v) + epsilon)) S'
 * w <- w - w weightDecay learningRate
 * ```
 *
 * The first gradient of a matrix moves nothing, nor does the first update. State: two slots, and two square matrices for each axis of a variable of two axes or more, if it
 * is not longer than `maxPreconditionDim`: a kernel of 512 x 512 keeps six times its size. Use it in place of AdamW for dense
 * layers of up to a thousand units, where fewer steps are worth more than a quick step: an update has eight matrix products, and the
 * first one computes all eigenvectors. A kernel of 512 x 512 takes 0.06 s
 * a step on one thread, 0.15 s where the eigenbases are renewed, and 2.9 s in the first step; one of 128 x 128 1.7 ms, 6 ms and
 * 0.1 s. The rule of vectors is Adam's.
 *
 * Example: `new SOAP({ learningRate: 0.003, maxPreconditionDim: 1024 })`.
 *
 * @see [Vyas et al. 2024](https://arxiv.org/abs/2409.11321)
 *
 * @example
 * ```ts
 * import { SOAP, Variable } from "gradstep";
 *
 * const w = new Variable([[1, 2], [3, 4]]);
 * const optimizer = new SOAP({ learningRate: 0.5, weightDecay: null });
 * for (let step = 0; step < 2; step++) optimizer.apply([[[1, 0], [0, 2]]], [w]);
 * console.log(w.array()); // about [0.5, 2, 3, 3.5]
 * ```
 */
export class SOAP extends Optimizer<SOAPOptions> {
  static override readonly className: string = "SOAP";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the second moment. */
  declare readonly epsilon: number;
  /** Decay of the preconditioners, or `null`. */
  declare readonly shampooBeta: number | null;
  /** Updates between two of the eigenbases. */
  declare readonly preconditionFrequency: number;
  /** The longest axis that has a preconditioner. */
  declare readonly maxPreconditionDim: number;
  readonly #slots = new Map<Variable, Slots>();

  /**
   * SOAP (Vyas et al. 2024): Adam in the eigenbases of Shampoo's preconditioners, which are renewed every few steps.
   *
   * @param options - `learningRate` is 0.003 by default, `weightDecay` 0.01.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: SOAPOptions | SOAPOptions["learningRate"],
    beta1?: SOAPOptions["beta1"] | SOAPOptions,
    beta2?: SOAPOptions["beta2"] | SOAPOptions,
    epsilon?: SOAPOptions["epsilon"] | SOAPOptions,
    shampooBeta?: SOAPOptions["shampooBeta"] | SOAPOptions,
    preconditionFrequency?: SOAPOptions["preconditionFrequency"] | SOAPOptions,
    maxPreconditionDim?: SOAPOptions["maxPreconditionDim"] | SOAPOptions,
    weightDecay?: SOAPOptions["weightDecay"] | SOAPOptions,
    others?: SOAPOptions,
  );
  constructor(...given: unknown[]) {
    const owner = "SOAP";
    const options = placedOptions<SOAPOptions>(owner, PLACED, given);
    super(
      {
        className: owner,
        rule: CUSTOM_RULE,
        learningRate: 0.003,
        weightDecay: 0.01,
        defaults: {
          beta1: 0.95,
          beta2: 0.95,
          epsilon: 1e-8,
          shampooBeta: null,
          preconditionFrequency: 10,
          maxPreconditionDim: 10000,
        },
        ranges: {
          beta1: DECAY,
          beta2: DECAY,
          epsilon: NON_NEGATIVE,
          shampooBeta: DECAY,
          preconditionFrequency: LEAST_ONE,
          maxPreconditionDim: LEAST_ONE,
        },
      },
      options,
    );
    // The core sets base options before a step; the others are read in it.
    Object.assign(this, { scheduled: this.scheduled.filter(({ name }) => name in BASE_RANGES) });
  }

  override build(variables: Iterable<Variable>): void {
    checkMethod(this, "build", arguments.length, 1);
    const list = [...variables];
    super.build(list);
    this.#slots.clear();
    for (const variable of list) this.#slots.set(variable, this.#slotsOf(variable));
  }

  #slotsOf(variable: Variable): Slots {
    const { shape, size } = variable;
    const preconditioners: Preconditioner[] = [];
    const momentum = this.addVariableFromReference(variable, "momentum");
    const velocity = this.addVariableFromReference(variable, "velocity");
    const place = variable.path.replaceAll("/", "_");
    let before = 1;
    shape.forEach((length, axis) => {
      if (shape.length > 1 && size > 0 && length <= this.maxPreconditionDim) {
        const add = (name: string) => this.addVariable([length, length], { name: `${place}_${name}_${axis}` });
        const after = size / before / length;
        preconditioners.push(new Preconditioner({ before, length, after }, add("preconditioner"), add("basis")));
      }
      before *= length;
    });
    return { momentum, velocity, preconditioners };
  }

  override updateStep(gradient: Tensor<"float32">, variable: Variable, learningRate: number): void {
    checkMethod(this, "updateStep", arguments.length, 3);
    this.checkLive();
    const slots = this.#slots.get(variable);
    if (slots === undefined) {
      throw new ValueError(
        "ERR_VARIABLE_UNKNOWN",
        `${this.name}: updateStep is a part of a step, got a variable that it was not built for. Call apply or applyGradients.`,
      );
    }
    const { momentum, velocity, preconditioners } = slots;
    const steps = this.iterations;
    if (this.#isFirst(variable, steps)) {
      for (const each of preconditioners) each.begin(gradient);
      this.#precondition(gradient, preconditioners);
      return;
    }
    const { beta1, beta2, epsilon } = this;
    const projected = (x: Tensor<"float32">, isBack: boolean) =>
      enlarged(x, 1, (given) => preconditioners.reduce((from, each) => each.project(from, isBack), given));
    const turned = projected(gradient, false);
    // One that is not of the state, for the products.
    const mean = allocate(variable.shape);
    const [g, m, v, h] = [gradient.numbers, momentum.value, velocity.value, turned.numbers];
    for (let i = 0; i < m.length; i++) {
      m[i]! += (1 - beta1) * (g[i]! - m[i]!);
      v[i] = saturated(v[i]! + (1 - beta2) * (h[i]! * h[i]! - v[i]!));
    }
    mean.numbers.set(m);
    const scaled = projected(mean, false);
    const [u, root] = [scaled.numbers, velocity.value];
    // Without a gradient there is no update, though epsilon may be 0.
    for (let i = 0; i < u.length; i++) if (u[i] !== 0) u[i] = saturated(u[i]! / (Math.sqrt(root[i]!) + epsilon));
    const update = projected(scaled, true).numbers;
    const corrected = Math.sqrt(1 - power(beta2, steps)) / (1 - power(beta1, steps));
    // The core's weight decay comes before the update, that of the authors after it.
    const step = learningRate * corrected * (1 - learningRate * this.#decayOf(variable));
    const w = variable.value;
    for (let i = 0; i < w.length; i++) w[i] = saturated(w[i]! - step * update[i]!);
    this.#precondition(gradient, preconditioners);
    if (steps % Math.floor(this.preconditionFrequency) !== 0) return;
    for (const each of preconditioners) each.turn(velocity);
  }

  #precondition(gradient: Tensor<"float32">, preconditioners: readonly Preconditioner[]): void {
    const share = 1 - (this.shampooBeta ?? this.beta2);
    for (const each of preconditioners) each.update(gradient, share);
  }

  /** Whether the gradient of this step only initializes the state: a basis computed from the same gradient would tell nothing about it. */
  #isFirst(variable: Variable, updates: number): boolean {
    const { preconditioners } = this.#slots.get(variable)!;
    return updates === 0 || preconditioners.some(({ hasBegun }) => !hasBegun);
  }

  /** There is no weight decay either when a gradient moves nothing. @internal */
  protected override decayFactor(variable: Variable): Scheduled {
    return new Factor((updates) => (this.#isFirst(variable, updates) ? 0 : this.#factorOf(variable, updates)));
  }

  #factorOf(variable: Variable, updates: number): number {
    const factor = super.decayFactor(variable);
    if (!isSchedule(factor)) return factor;
    return numberAt(this.name, { name: "weightDecayMultipliers", schedule: factor, range: NON_NEGATIVE }, updates);
  }

  /** The weight decay that the core took before this update. */
  #decayOf(variable: Variable): number {
    if (this.cautiousWeightDecay || this.decayExclusions.excludes(variable)) return 0;
    return (this.weightDecay ?? 0) * this.#factorOf(variable, this.iterations);
  }
}

/** A multiplier that depends on the state. */
class Factor extends LearningRateSchedule {
  override readonly at: (updates: number) => number;

  constructor(at: (updates: number) => number) {
    super();
    this.at = at;
  }
}

/** A power by products alone: engines differ in that of Math. */
function power(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
