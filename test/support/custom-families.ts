/**
 * Custom classes and functions of every family, as text: worker scripts and tests have the same.
 *
 * @module
 */

export const CUSTOM_FAMILIES = `
const { constraints, initializers, layers, losses, metrics, ops, optimizers, regularizers, schedules } = gradstep;
class Halving extends schedules.LearningRateSchedule {
  static className = "Halving";
  constructor(from) { super(); this.from = from; }
  at(step) { return this.from / (1 + step); }
  getConfig() { return { from: this.from }; }
  static fromConfig({ from }) { return new Halving(from); }
}
class Slow extends optimizers.SGD {
  static className = "Slow";
  get learningRate() { return super.learningRate / 4; }
  set learningRate(rate) { super.learningRate = rate; }
}
class Signs extends optimizers.Optimizer {
  static className = "Signs";
  constructor({ share = 0.5, ...options } = {}) { super({ learningRate: 0.125, ...options }); this.share = share; }
  build(variables) {
    super.build(variables);
    this.momenta = new Map(variables.map((v) => [v, this.addVariableFromReference(v, "momentum")]));
  }
  updateStep(gradient, variable, learningRate) {
    const momentum = this.momenta.get(variable);
    momentum.assign(ops.add(ops.multiply(momentum, this.share), gradient));
    variable.assignSub(ops.multiply(ops.sign(momentum), learningRate));
  }
  getConfig() { return { ...super.getConfig(), share: this.share }; }
}
class Scaled extends layers.Layer {
  static className = "Scaled";
  build() { this.scale = this.addWeight({ name: "scale", shape: [], initializer: "ones" }); }
  call(x) { return ops.multiply(x, this.scale); }
}
class Around extends layers.Wrapper {
  static className = "Around";
  call(x, { training }) { return ops.add(x, this.layer.apply(x, { training })); }
}
class Steps extends initializers.Initializer {
  static className = "Steps";
  call(shape) { return gradstep.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i % 5) / 8), shape); }
}
class Sum extends regularizers.Regularizer {
  static className = "Sum";
  call(x) { return ops.multiply(ops.sum(ops.square(x)), 0.125); }
}
class Small extends constraints.Constraint {
  static className = "Small";
  call(w) { return ops.minimum(w, 0.25); }
}
class Fourth extends losses.Loss {
  static className = "Fourth";
  call(yTrue, yPred) { return ops.mean(ops.square(ops.square(ops.subtract(yTrue, yPred))), { axis: -1 }); }
}
class Twice extends metrics.Mean {
  static className = "Twice";
  updateState(yTrue, yPred, weight) { super.updateState(ops.multiply(yPred, 2), weight); }
}
function bent(x) { return ops.tanh(x); }
function stretched(x, { factor, training }) { return ops.multiply(x, training ? factor : 1); }
function cubic(yTrue, yPred) { return ops.mean(ops.abs(ops.power(ops.subtract(yTrue, yPred), 3)), { axis: -1 }); }
function largest(yTrue, yPred) { return ops.max(yPred, { axis: -1 }); }
function filled(shape) { return gradstep.tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5), shape); }
function pull(x) { return ops.multiply(ops.sum(ops.abs(x)), 0.25); }
function clamp(w) { return w.array().map((value) => Math.max(value, -0.25)); }
const customObjects = { Halving, Slow, Signs, Scaled, Around, Steps, Sum, Small, Fourth, Twice, bent, stretched, cubic, largest, filled, pull, clamp };
`;

/** One of them, made with these arguments. */
export type MakeCustom = (name: string, ...args: unknown[]) => never;

type Made = new (...args: unknown[]) => never;

/** The classes and functions by name, of a copy of gradstep, and what makes them. */
export function customFamilies(gradstep: object): {
  readonly customObjects: Record<string, Made>;
  readonly made: MakeCustom;
} {
  const customObjects = new Function("gradstep", `${CUSTOM_FAMILIES}; return customObjects;`)(gradstep);
  return { customObjects, made: (name, ...args) => new (customObjects[name] as Made)(...args) };
}
