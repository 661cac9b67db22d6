/**
 * LBFGS: a quasi-Newton method whose line search evaluates the loss several times.
 *
 * Over 300 lines: one class, a third of which documents its options and methods.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { apart, tidy } from "../autodiff/arena.js";
import { nextChange } from "../changes.js";
import { checkCountable } from "../counters.js";
import { ValueError } from "../errors.js";
import type { NamedOptions } from "../named-options.js";
import { checkKnownOptions, checkMethod, integer, numberIn, text } from "../options.js";
import { SeedGenerator } from "../random/generator.js";
import { currentGroup } from "../replicas/current.js";
import { isTensor, type Tensor } from "../tensor.js";
import { refusable, repeatable } from "../undo.js";
import { type Updates, withUpdatesLast } from "../updates.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";
import { type OptimizerConfig, withSavedSchedules } from "./config.js";
import { dot, LBFGSMemory, largest } from "./lbfgs-memory.js";
import type { LearningRate } from "./learning-rate.js";
import { lossFunction, refuseGradients } from "./loss-users.js";
import { lossGradients, type MinimizedLoss, type MinimizedVariables, type MinimizeOptions } from "./minimize.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerVariable } from "./state.js";
import { checkVariables, StepInput, type StepResult } from "./step.js";
import { type StepInputs, variablesOf } from "./step-inputs.js";
import { type Point, strongWolfe } from "./strong-wolfe.js";

/** Options of {@link LBFGS}, which has none of the options of other optimizers. */
export interface LBFGSOptions extends NamedOptions {
  /** The first step length that each line search tries, as a multiple of the direction. Default: 1. */
  readonly learningRate?: LearningRate | undefined;
  /** Maximum number of iterations of one `minimize`, 1 or more. Default: 20. */
  readonly maxIter?: number | undefined;
  /** Number of loss evaluations after which no new iteration starts, 1 or more. Default: null, 1.25 times `maxIter`. */
  readonly maxEval?: number | null | undefined;
  /** Stops when no element of the gradient is larger, 0 or above. Default: 1e-7. */
  readonly toleranceGrad?: number | undefined;
  /** Stops when the loss, or every weight, changes by less, 0 or above. Default: 1e-9. */
  readonly toleranceChange?: number | undefined;
  /** Number of pairs (step, change of the gradient) to keep, 1 or more. Default: 100. */
  readonly historySize?: number | undefined;
}

const PLACED = ["learningRate", "maxIter", "maxEval", "toleranceGrad", "toleranceChange", "historySize"];
const MOST = 2 ** 31 - 1;

/**
 * The limited-memory BFGS method (Liu and Nocedal 1989) with a line search for the strong Wolfe conditions: it estimates the
 * curvature of the loss from its last steps. One `minimize` runs up to `maxIter` iterations, with one or a few evaluations each.
 *
 * @remarks
 * ```text
 * s_k = w_(k+1) - w_k ;  y_k = g_(k+1) - g_k ;  kept if y_k s_k > 1e-10
 * d <- -H g, by the two-loop recursion, H_0 = (y s / y y) I ;  w <- w + t d, t by line search from learningRate
 * ```
 *
 * State: the last gradient and step, and `historySize` pairs, which are 2 (`historySize` + 1) copies of the weights.
 * Use it for problems with a few thousand weights and a loss over all data: curve fitting, physics-informed networks,
 * style transfer. It does not suit batches that change between evaluations. `minimize` calls the loss many times;
 * random generators and layers' statistics advance once. Vectors are float32, their dot products float64.
 *
 * Example: `new LBFGS({ maxIter: 20 })`.
 *
 * @param options - {@link LBFGSOptions}, or the first ones by position.
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Liu and Nocedal 1989](https://doi.org/10.1007/BF01589116)
 * @example
 * ```ts
 * import { LBFGS, ops, Variable } from "gradstep";
 *
 * const w = new Variable([-1.2, 1]);
 * const part = (axis: number[]) => ops.sum(ops.multiply(w, axis));
 * const rosenbrock = () => {
 *   const [a, b] = [part([1, 0]), part([0, 1])] as const;
 *   return ops.add(ops.multiply(ops.square(ops.subtract(b, ops.square(a))), 100), ops.square(ops.subtract(1, a)));
 * };
 * const optimizer = new LBFGS();
 * for (let call = 0; call < 2; call++) optimizer.minimize(rosenbrock, [w]);
 * console.log(rosenbrock().item() < 1e-6); // true
 * ```
 */
export class LBFGS extends Optimizer {
  static override readonly className: string = "LBFGS";
  /** Maximum number of iterations of one `minimize`. */
  readonly maxIter: number;
  /** Number of loss evaluations after which no new iteration starts. */
  readonly maxEval: number;
  /** Stops when no element of the gradient is larger. */
  readonly toleranceGrad: number;
  /** Stops when the loss, or every weight, changes by less. */
  readonly toleranceChange: number;
  /** Number of pairs to keep. */
  readonly historySize: number;
  #variables: readonly Variable[] | undefined;
  #memory: LBFGSMemory | undefined;

  constructor(
    options?: LBFGSOptions | LBFGSOptions["learningRate"],
    maxIter?: LBFGSOptions["maxIter"] | LBFGSOptions,
    maxEval?: LBFGSOptions["maxEval"] | LBFGSOptions,
    toleranceGrad?: LBFGSOptions["toleranceGrad"] | LBFGSOptions,
    toleranceChange?: LBFGSOptions["toleranceChange"] | LBFGSOptions,
    historySize?: LBFGSOptions["historySize"] | LBFGSOptions,
    others?: LBFGSOptions,
  );
  constructor(...given: unknown[]) {
    const owner = "LBFGS";
    const options = placedOptions<LBFGSOptions>(owner, PLACED, given);
    checkKnownOptions(owner, options, [...PLACED, "name"]);
    const maxIter = integer(owner, "maxIter", options.maxIter ?? 20, 1, MOST);
    const maxEval = integer(owner, "maxEval", options.maxEval ?? Math.max(1, Math.floor(maxIter * 1.25)), 1);
    const tolerance = (name: "toleranceGrad" | "toleranceChange", byDefault: number) =>
      numberIn(owner, name, options[name] ?? byDefault, { least: 0 });
    const toleranceGrad = tolerance("toleranceGrad", 1e-7);
    const toleranceChange = tolerance("toleranceChange", 1e-9);
    const historySize = integer(owner, "historySize", options.historySize ?? 100, 1, 2 ** 16);
    text(owner, "name", options.name ?? "");
    const { learningRate, name } = options;
    super({ className: owner, rule: "", learningRate: 1, defaults: {}, ranges: {} }, { learningRate, name });
    this.maxIter = maxIter;
    this.maxEval = maxEval;
    this.toleranceGrad = toleranceGrad;
    this.toleranceChange = toleranceChange;
    this.historySize = historySize;
  }

  /** @internal */
  get lossUse(): string {
    return "call minimize(loss, variables) with a function; to train a model, do it with all data in a loop or in a trainStep";
  }

  /** Whether {@link LBFGS.build} has run. */
  override get built(): boolean {
    this.checkSelf();
    return this.#variables !== undefined;
  }

  /** @internal */
  override get trained(): readonly Variable[] {
    this.checkSelf();
    return this.#variables ?? [];
  }

  override build(variables: Iterable<Variable>): void {
    checkMethod(this, "build", arguments.length, 1);
    this.busy.during(this.name, () => {
      this.checkLive();
      if (this.#variables === undefined) this.#make(checkVariables(this.name, variables));
    });
  }

  #make(variables: readonly Variable[]): void {
    this.#memory = new LBFGSMemory(
      variables.reduce((sum, { size }) => sum + size, 0),
      this.historySize,
    );
    this.#variables = variables;
  }

  /**
   * Minimizes a loss in up to `maxIter` iterations, each with a line search.
   *
   * @param loss - A function that computes the loss, one number, from the variables. It is called several times, and
   * must compute the same function each time.
   * @param variables - The variables to update, the same in each call, or a function that returns them, called after the loss.
   * @param options - `name` is a name for messages; a tape is not allowed.
   * @returns the new `iterations`, which count calls
   * @throws TypeError ERR_OPTION_TYPE, ERR_TAPE; ValueError ERR_OPTION_UNKNOWN, ERR_OPTION_CONFLICT for a tape, for variables with a
   * constraint and among replicas, ERR_SHAPE for a loss of several numbers, ERR_VALUES_SHAPE, ERR_OPTION_RANGE, ERR_GRADIENT_NONE, ERR_VARIABLE_DUPLICATE,
   * ERR_VARIABLE_UNKNOWN, ERR_BUSY; DisposedError ERR_DISPOSED; whatever the loss throws. Then weights and state are unchanged
   */
  override minimize(loss: MinimizedLoss, variables: MinimizedVariables, options: MinimizeOptions = {}): number {
    checkMethod(this, "minimize", arguments.length, 3);
    this.checkLive();
    const given = lossFunction(this.name, loss, options);
    const isAlone = (currentGroup()?.size ?? 1) === 1;
    if (given.options.tape !== undefined || !isAlone) {
      const reason = isAlone
        ? "minimize cannot have a tape, as it computes the loss several times. Leave it out"
        : "it cannot train on several replicas. Use another optimizer for that";
      this.#conflict(reason);
    }
    return this.busy.during(this.name, () => {
      checkCountable(this.name, this.progress.calls);
      // One step: at its end, layers write the values of the first pass.
      return tidy(() => refusable(() => this.#minimize(given.options.name ?? this.name, given.loss, variables)));
    });
  }

  #conflict(reason: string): never {
    throw new ValueError("ERR_OPTION_CONFLICT", `${this.name}: ${reason}.`);
  }

  #minimize(label: string, loss: () => Tensor, variables: MinimizedVariables): number {
    const rate = this.learningRate;
    let again = () => {};
    let written: Updates | undefined;
    let trained: readonly Variable[] = [];
    const evaluate = (): Evaluation => {
      let made: Evaluation | undefined;
      again();
      const pass = () => {
        const { given, loss: value } = this.#evaluated(label, loss, written === undefined ? variables : trained);
        if (written === undefined) trained = this.#checked(given);
        made = { loss: value, gradient: flat(given, trained) };
      };
      again = repeatable(
        () => {
          // Values of the first evaluation stay: layers write them at the end.
          const updates = withUpdatesLast(written === undefined ? pass : () => apart(pass));
          written ??= updates;
        },
        (target) => target instanceof SeedGenerator,
      );
      return made as unknown as Evaluation;
    };
    const first = evaluate();
    if (trained.length === 0) return this.iterations;
    if (!isNumber(first)) {
      this.progress.skipped++;
      warnOnce(
        this,
        `${label}: the loss or its gradient is NaN or infinite, so nothing was changed; skippedSteps counts such calls.`,
      );
      return this.iterations;
    }
    const before = trained.map((variable) => variable.array());
    const memory = this.#memory?.copy() ?? new LBFGSMemory(first.gradient.length, this.historySize);
    try {
      this.#iterate(memory, trained, rate, first, evaluate);
    } catch (error) {
      move(trained, before, 0);
      throw error;
    }
    written?.handOn();
    this.#variables ??= trained;
    this.#memory = memory;
    this.progress.calls++;
    return this.iterations;
  }

  #iterate(
    memory: LBFGSMemory,
    trained: readonly Variable[],
    rate: number,
    first: Evaluation,
    evaluate: () => Evaluation,
  ): void {
    let evaluations = 1;
    let now = first;
    for (let iteration = 0; iteration < this.maxIter; iteration++) {
      if (evaluations >= this.maxEval && iteration > 0) break;
      if (largest(now.gradient) <= this.toleranceGrad) break;
      const direction = memory.direction(now.gradient);
      memory.step = new Float32Array(direction.length);
      const slope = dot(now.gradient, direction);
      // Also if it is NaN because of a restored state.
      if (!(slope <= -this.toleranceChange)) break;
      const start = trained.map((variable) => variable.array());
      const length = largest(direction);
      const at = (step: number): Point => {
        evaluations++;
        move(trained, start, step, direction);
        const { loss, gradient } = evaluate();
        const point = { step, loss, gradient, slope: dot(gradient, direction) };
        return isNumber(point) ? point : { ...point, loss: Number.POSITIVE_INFINITY };
      };
      const sum = now.gradient.reduce((total, value) => total + Math.abs(value), 0);
      const trial = memory.iterations === 1 ? Math.min(1, 1 / sum) * rate : rate;
      const found = strongWolfe(at, { ...now, step: 0, slope }, trial, this.toleranceChange / length);
      move(trained, start, found.step, direction);
      memory.step = Float32Array.from(direction, (value) => value * found.step);
      const change = Math.abs(found.loss - now.loss);
      now = found;
      if (largest(memory.step) <= this.toleranceChange || change < this.toleranceChange) break;
    }
  }

  #evaluated(label: string, loss: () => Tensor, variables: MinimizedVariables) {
    let value = Number.NaN;
    const seen = () => {
      const tensor = loss();
      if (isTensor(tensor)) {
        if (tensor.size !== 1) {
          throw new ValueError(
            "ERR_SHAPE",
            `${this.name}: the loss of minimize must be one number, got shape [${tensor.shape.join(", ")}]. Take ops.mean or ops.sum of it.`,
          );
        }
        value = tensor.item();
      }
      return tensor;
    };
    return { given: lossGradients(label, seen, variables, {}, 1), loss: value };
  }

  /** The variables of the first evaluation. */
  #checked(given: StepInputs): readonly Variable[] {
    if (given.length === 0) return [];
    const variables = checkVariables(this.name, variablesOf(given));
    const known = this.#variables;
    if (known !== undefined && (known.length !== variables.length || known.some((one, i) => one !== variables[i]))) {
      throw new ValueError(
        "ERR_VARIABLE_UNKNOWN",
        `${this.name}: minimize takes the variables of its build, or of its first call, in the same order: ${known.map(({ name }) => `"${name}"`).join(", ")}. Make a new optimizer for others.`,
      );
    }
    const input = new StepInput(variables);
    input.check(this.name, given);
    const constrained = variables.find(({ constraint }) => constraint !== null);
    if (constrained !== undefined) {
      this.#conflict(
        `"${constrained.name}" has a constraint, which a line search would violate. Leave it out, or use another optimizer`,
      );
    }
    input.warn(this.name, given);
    return variables;
  }

  /** All state in Keras's order: iteration, learning rate (if a number); once built two counters, then by variables. */
  override get variables(): OptimizerVariable[] {
    return [...super.variables, ...this.#state()];
  }

  /** State in Keras 2's order: iterations, two counters, then by variables. */
  override get weights(): OptimizerVariable[] {
    return [...super.weights, ...this.#state()];
  }

  #state(): OptimizerVariable[] {
    return this.#memory?.state(this, this.trained) ?? [];
  }

  override getConfig(): OptimizerConfig {
    const { name, learning_rate } = super.getConfig();
    return withSavedSchedules({
      name,
      learning_rate,
      max_iter: this.maxIter,
      max_eval: this.maxEval,
      tolerance_grad: this.toleranceGrad,
      tolerance_change: this.toleranceChange,
      history_size: this.historySize,
    });
  }

  override dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    super.dispose();
    this.#memory = undefined;
    this.#variables = undefined;
  }

  /** @internal */
  override update(): StepResult {
    return refuseGradients(this);
  }
}

/** The loss and its gradient, flat. */
interface Evaluation {
  readonly loss: number;
  readonly gradient: Float32Array;
}

function isNumber({ loss, gradient }: Evaluation): boolean {
  return Number.isFinite(loss) && gradient.every(Number.isFinite);
}

/** The gradients as one vector; zeros for missing gradients. */
function flat(given: StepInputs, variables: readonly Variable[]): Float32Array {
  const vector = new Float32Array(variables.reduce((sum, { size }) => sum + size, 0));
  let offset = 0;
  variables.forEach(({ size }, at) => {
    const gradient = given.gradient(at);
    if (isTensor(gradient)) vector.set(gradient.numbers as Float32Array, offset);
    offset += size;
  });
  return vector;
}

/** Sets variables to a start plus a multiple of a direction. */
function move(
  variables: readonly Variable[],
  start: readonly Float32Array[],
  step: number,
  direction?: Float64Array,
): void {
  const changed = nextChange();
  let offset = 0;
  variables.forEach((variable, at) => {
    const [weights, from] = [variable.value, start[at]!];
    for (let i = 0; i < from.length; i++) {
      weights[i] = direction === undefined ? from[i]! : from[i]! + step * direction[offset + i]!;
    }
    offset += from.length;
    variable.changed = changed;
  });
}
