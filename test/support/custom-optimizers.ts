/**
 * Optimizers of the list, written as custom classes: Keras's equations by operations.
 *
 * @module
 */

import { type OptimizerOptions, ops, optimizers, type Tensor, type Variable } from "../../ts/index.js";

type Options<Own extends string> = OptimizerOptions & { readonly [Name in Own]?: number };

/** SGD with momentum. */
export class Momentum extends optimizers.Optimizer {
  static override readonly className: string = "Momentum";
  readonly momentum: number;
  #momenta = new Map<Variable, Variable>();

  constructor({ momentum = 0.9, ...options }: Options<"momentum"> = {}) {
    super({ learningRate: 0.01, ...options });
    this.momentum = momentum;
  }

  override build(variables: Variable[]) {
    super.build(variables);
    this.#momenta = new Map(variables.map((v) => [v, this.addVariableFromReference(v, "momentum")]));
  }

  override updateStep(gradient: Tensor<"float32">, variable: Variable, learningRate: number) {
    const momentum = this.#momenta.get(variable)!;
    const step = ops.multiply(gradient, learningRate);
    this.assign(momentum, ops.subtract(ops.multiply(momentum, this.momentum), step));
    this.assignAdd(variable, momentum);
  }

  override getConfig() {
    return { ...super.getConfig(), momentum: this.momentum };
  }
}

/** Adam, with a step count in its state instead of `iterations`. */
export class OwnAdam extends optimizers.Optimizer {
  static override readonly className: string = "OwnAdam";
  readonly beta1: number;
  readonly beta2: number;
  #moments: Variable[][] = [];
  #places = new Map<Variable, number>();

  constructor({ beta1 = 0.9, beta2 = 0.999, ...options }: Options<"beta1" | "beta2"> = {}) {
    super({ learningRate: 0.001, ...options });
    this.beta1 = beta1;
    this.beta2 = beta2;
  }

  override build(variables: Variable[]) {
    super.build(variables);
    this.#moments = this.addOptimizerVariables(variables, ["momentum", "velocity"]);
    this.#places = new Map(variables.map((v, i) => [v, i]));
  }

  override updateStep(gradient: Tensor<"float32">, variable: Variable, learningRate: number) {
    const at = this.#places.get(variable)!;
    const [m, v] = this.#moments.map((list) => list[at]!) as [Variable, Variable];
    const t = this.iterations + 1;
    m.assignAdd(ops.multiply(ops.subtract(gradient, m), 1 - this.beta1));
    v.assignAdd(ops.multiply(ops.subtract(ops.square(gradient), v), 1 - this.beta2));
    const corrected = (learningRate * Math.sqrt(1 - this.beta2 ** t)) / (1 - this.beta1 ** t);
    const step = ops.divide(ops.multiply(m, corrected), ops.add(ops.sqrt(v), 1e-7));
    variable.assignSub(step);
  }

  override getConfig() {
    return { ...super.getConfig(), beta_1: this.beta1, beta_2: this.beta2 };
  }
}

/** Lion. */
export class OwnLion extends optimizers.Optimizer {
  static override readonly className: string = "OwnLion";
  #momenta: Variable[] = [];
  #places = new Map<Variable, number>();

  constructor(options: OptimizerOptions = {}) {
    super({ learningRate: 0.001, ...options });
  }

  override build(variables: Variable[]) {
    super.build(variables);
    this.#momenta = this.addOptimizerVariables(variables, "momentum");
    this.#places = new Map(variables.map((v, i) => [v, i]));
  }

  override updateStep(gradient: Tensor<"float32">, variable: Variable, learningRate: number) {
    const m = this.#momenta[this.#places.get(variable)!]!;
    const direction = ops.sign(ops.add(ops.multiply(m, 0.9), ops.multiply(gradient, 1 - 0.9)));
    variable.assignSub(ops.multiply(direction, learningRate));
    m.assign(ops.add(ops.multiply(m, 0.99), ops.multiply(gradient, 1 - 0.99)));
  }
}
