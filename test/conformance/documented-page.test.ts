/**
 * The documented page, example by example, and its order of weights.
 */

import { describe, expect, it } from "vitest";
import {
  Adam,
  LossScaleOptimizer,
  Nadam,
  type Optimizer,
  optimizers,
  RMSprop,
  SGD,
  tensor,
  Variable,
  zip,
} from "../../ts/index.js";
import { bias, kernel, PLAIN_TRIALS, started, variablesOf } from "../support/optimizers.js";
import { Random } from "../support/random.js";

const paths = (optimizer: Optimizer) => optimizer.weights.map(({ path }) => path.slice(path.indexOf("/") + 1));

describe("the page", () => {
  it("a custom training loop: gradients zipped with variables", () => {
    const optimizer = new optimizers.Adam();
    const variables = [kernel(), bias()];
    for (let batch = 1; batch <= 3; batch++) {
      const gradients = variables.map(({ size }) => new Float32Array(size).fill(batch));
      expect(optimizer.applyGradients(zip(gradients, variables))).toBe(batch);
    }
    expect(optimizer.iterations).toBe(3);
  });

  it("gradients that were summed over replicas already", () => {
    const variable = new Variable([1]);
    const optimizer = new SGD({ learningRate: 1 });
    optimizer.applyGradients(zip([[0.5]], [variable]), { experimentalAggregateGradients: false, name: "apply" });
    optimizer.applyGradients(zip([[0.5]], [variable]), { experimentalAggregateGradients: true });
    expect(variable.array()).toEqual(Float32Array.of(0));
  });

  it("a schedule as learning rate", () => {
    const learningRate = new optimizers.schedules.ExponentialDecay({
      initialLearningRate: 1e-2,
      decaySteps: 10000,
      decayRate: 0.9,
    });
    const optimizer = new optimizers.SGD({ learningRate });
    const variable = new Variable([1]);
    for (let step = 0; step < 4; step++) {
      expect(optimizer.learningRate).toBe(learningRate.at(step));
      optimizer.apply([[1]], [variable]);
    }
  });

  it("RMSprop for one Dense layer: getWeights is of length 3, setWeights sets the iterations", () => {
    const optimizer = new RMSprop();
    const variables = [kernel(), bias()];
    optimizer.applyGradients(zip([new Float32Array(200).fill(1), new Float32Array(10).fill(1)], variables));
    const weights = optimizer.getWeights();
    expect(weights).toHaveLength(3);
    expect(weights[0]).toEqual({ data: Int32Array.of(1), shape: [], dtype: "int32" });
    expect(weights.slice(1).map(({ shape }) => shape)).toEqual([[20, 10], [10]]);
    const ones = Array.from({ length: 20 }, () => new Array<number>(10).fill(1));
    optimizer.setWeights([10, ones, new Float32Array(10)]);
    expect(optimizer.iterations).toBe(10);
    expect(optimizer.getWeights()[1]?.data).toEqual(new Float32Array(200).fill(1));
    expect(optimizer.getWeights()[2]?.data).toEqual(new Float32Array(10));
  });

  it("before build, the state is only the counter", () => {
    expect(new RMSprop().getWeights()).toEqual([{ data: Int32Array.of(0), shape: [], dtype: "int32" }]);
  });
});

describe("weights", () => {
  it("Adam: iterations, then slot by slot", () => {
    const optimizer = new Adam({ amsgrad: true });
    optimizer.build([kernel(), bias()]);
    const slots = ["momentum", "velocity", "velocity_hat"];
    const of = (slot: string) => [`dense_kernel_${slot}`, `dense_bias_${slot}`];
    expect(paths(optimizer)).toEqual(["iteration", ...slots.flatMap(of)]);
  });

  it("Adam in Keras 3's order: iteration, learning rate, then variable by variable", () => {
    const optimizer = new Adam({ name: "adam", amsgrad: true });
    optimizer.build([kernel(), bias()]);
    expect(optimizer.variables.map(({ path }) => path)).toEqual([
      "adam/iteration",
      "adam/learning_rate",
      "adam/dense_kernel_momentum",
      "adam/dense_kernel_velocity",
      "adam/dense_bias_momentum",
      "adam/dense_bias_velocity",
      "adam/dense_kernel_velocity_hat",
      "adam/dense_bias_velocity_hat",
    ]);
  });

  it("Nadam: the shared product comes first in the page's order, last in Keras 3's", () => {
    const optimizer = new Nadam();
    optimizer.build([bias()]);
    expect(optimizer.weights.map(({ shape }) => shape)).toEqual([[], [], [10], [10]]);
    expect(optimizer.variables.map(({ shape }) => shape)).toEqual([[], [], [10], [10], []]);
    expect(optimizer.weights[1]?.array()).toEqual(Float32Array.of(1));
  });

  it.each(PLAIN_TRIALS.map((trial) => [trial.className, trial] as const))(
    "%s: the same state in both orders, copies that stay, views that show",
    (_, trial) => {
      const random = new Random(1);
      const variables = variablesOf((length) => random.values(length));
      const optimizer = started(trial);
      optimizer.build(variables);
      const inner = optimizer instanceof LossScaleOptimizer ? 3 : 1; // its own rate, and its own unused count
      expect(optimizer.weights).toHaveLength(optimizer.variables.length - inner);
      const before = optimizer.getWeights();
      const kept = before.map(({ data }) => data.slice());
      const { weights } = optimizer;
      optimizer.apply(variables.map(({ size }) => random.values(size)));
      expect(before.map(({ data }) => data)).toEqual(kept);
      expect(weights.map((weight) => weight.array())).toEqual(optimizer.getWeights().map(({ data }) => data));
      expect(optimizer.getWeights()[0]?.data).toEqual(Int32Array.of(1));
    },
  );

  it("setWeights takes values, tensors, typed arrays and nested numbers", () => {
    const optimizer = new SGD({ momentum: 0.9 });
    const variable = new Variable([
      [1, 2],
      [3, 4],
    ]);
    optimizer.build([variable]);
    const momentum = Float32Array.of(5, 6, 7, 8);
    const forms = [
      { data: momentum, shape: [2, 2], dtype: "float32" as const },
      tensor(momentum, [2, 2]),
      momentum,
      [
        [5, 6],
        [7, 8],
      ],
    ];
    for (const form of forms) {
      optimizer.setWeights([0, new Float32Array(4)]);
      optimizer.setWeights([4, form]);
      expect(optimizer.getWeights().map(({ data }) => [...data])).toEqual([[4], [5, 6, 7, 8]]);
    }
  });

  it("state transfers to a worker and back", () => {
    const optimizer = new Adam();
    const variable = bias();
    optimizer.apply([new Float32Array(10).fill(1)], [variable]);
    const weights = optimizer.getWeights();
    const copy = structuredClone(weights, { transfer: weights.map(({ data }) => data.buffer as ArrayBuffer) });
    const other = new Adam();
    other.build([bias()]);
    other.setWeights(copy);
    expect(other.getWeights()).toEqual(optimizer.getWeights());
  });
});
