/**
 * A model with two networks, each with its optimizer, as text: worker scripts and tests have the same.
 *
 * @module
 */

export const TWO_OPTIMIZERS = `
const { Adam, GradientTape, layers, Model, ops, Sequential } = gradstep;
/** As Keras's DCGAN: \`compile\` takes the optimizers. */
class Pair extends Model {
  first = new Sequential([new layers.Dense(4, { activation: "tanh", inputShape: [6], name: "a" })]);
  second = new Sequential([new layers.Dense(1, { inputShape: [4], name: "b" })]);
  getConfig() { return {}; }
  compile({ headOptimizer, bodyOptimizer, ...others } = {}) {
    super.compile(others);
    Object.assign(this, { headOptimizer, bodyOptimizer });
  }
  call(x) { return this.second.apply(this.first.apply(x)); }
  trainStep([x, y]) {
    let total;
    for (const [network, optimizer] of [[this.second, this.headOptimizer], [this.first, this.bodyOptimizer]]) {
      const tape = new GradientTape();
      total = tape.run(() => ops.mean(ops.square(ops.subtract(this.apply(x), y))));
      optimizer.apply(tape.gradient(total, network.trainableWeights), network.trainableWeights);
    }
    return { loss: total };
  }
}
/** The constructor makes them. */
class Fixed extends Pair {
  headOptimizer = new Adam(0.02);
  bodyOptimizer = new gradstep.SGD({ learningRate: 0.05, momentum: 0.9 });
  compile({ headOptimizer, bodyOptimizer, ...others } = {}) { Model.prototype.compile.call(this, others); }
}
const customObjects = { Pair, Fixed };
`;

/** The two classes. */
export function pairs(gradstep: object): Record<"Pair" | "Fixed", never> {
  return new Function("gradstep", `${TWO_OPTIMIZERS}; return customObjects;`)(gradstep) as never;
}
