/**
 * The documented page's API and Keras 3's beside it, in TypeScript.
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
  schedules,
  tensor,
  Variable,
  zip,
} from "../../ts/index.js";
import { CLASS_NAMES, isWrapper, PLAIN_TRIALS, started, variablesOf } from "../support/optimizers.js";
import { Random } from "../support/random.js";

const kernel = () => new Variable(new Float32Array(200), { shape: [20, 10], name: "dense/kernel" });
const bias = () => new Variable(new Float32Array(10), { name: "dense/bias" });
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

  it("before any variable is known, the state is the count alone", () => {
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

describe("learning rates", () => {
  it("a number is rounded to float32, and can be set", () => {
    const optimizer = new SGD({ learningRate: 0.1 });
    expect(optimizer.learningRate).toBe(Math.fround(0.1));
    optimizer.learningRate = 1;
    const variable = new Variable([3]);
    optimizer.apply([[1]], [variable]);
    expect(variable.array()).toEqual(Float32Array.of(2));
    expect(optimizer.variables[1]?.array()).toEqual(Float32Array.of(1));
  });

  it("a function is asked before each step", () => {
    let rate = 1;
    const optimizer = new SGD({ learningRate: () => rate });
    const variable = new Variable([8]);
    optimizer.apply([[1]], [variable]);
    rate = 2;
    optimizer.apply([[1]], [variable]);
    expect(variable.array()).toEqual(Float32Array.of(5));
  });

  it("a schedule or a function may replace anything, and leaves the list of variables", () => {
    const optimizer = new SGD({ learningRate: 1 });
    expect(optimizer.variables).toHaveLength(2);
    optimizer.learningRate = new schedules.PiecewiseConstantDecay({ boundaries: [1], values: [0.5, 0.25] });
    expect(optimizer.variables).toHaveLength(1);
    expect(optimizer.learningRate).toBe(0.5);
    optimizer.learningRate = () => 4;
    expect(optimizer.learningRate).toBe(4);
  });

  it("a schedule counts calls, iterations count updates", () => {
    const learningRate = new schedules.PiecewiseConstantDecay({ boundaries: [2], values: [1, 0.5] });
    const optimizer = new SGD({ learningRate, gradientAccumulationSteps: 2 });
    const variable = new Variable([10]);
    const seen = [1, 2, 3, 4].map(() => [optimizer.apply([[1]], [variable]), optimizer.learningRate]);
    expect(seen).toEqual([
      [0, 1],
      [1, 1],
      [1, 0.5],
      [2, 0.5],
    ]);
    expect(variable.array()).toEqual(Float32Array.of(8.5));
  });
});

describe("Keras 3's pipeline", () => {
  it("scaleLoss multiplies, the step divides", () => {
    const optimizer = new SGD({ learningRate: 1, lossScaleFactor: 8 });
    const variable = new Variable([1]);
    expect(optimizer.scaleLoss(0.5)).toBe(4);
    expect(new SGD().scaleLoss(0.5)).toBe(0.5);
    optimizer.apply([[4]], [variable]);
    expect(variable.array()).toEqual(Float32Array.of(0.5));
  });

  it("LossScaleOptimizer halves after an infinity, and doubles after enough good steps", () => {
    const inner = new SGD({ learningRate: 1, lossScaleFactor: 3 });
    const optimizer = new LossScaleOptimizer(inner, { initialScale: 4, dynamicGrowthSteps: 2 });
    expect(inner.lossScaleFactor).toBeNull();
    const variable = new Variable([1]);
    expect(optimizer.scaleLoss(1)).toBe(4);
    expect(optimizer.apply([[4]], [variable])).toBe(1);
    expect(optimizer.apply([[Infinity]], [variable])).toBe(1);
    expect([optimizer.dynamicScale, variable.array()]).toEqual([2, Float32Array.of(0)]);
    for (const gradient of [2, 2]) optimizer.apply([[gradient]], [variable]);
    expect([optimizer.dynamicScale, optimizer.iterations, variable.array()]).toEqual([4, 3, Float32Array.of(-2)]);
  });

  it("finalizeVariableValues copies the averages, once they are kept", () => {
    const optimizer = new SGD({ learningRate: 1, useEma: true, emaMomentum: 0.5 });
    const variable = new Variable([4]);
    optimizer.apply([[2]], [variable]);
    optimizer.apply([[2]], [variable]);
    expect(variable.array()).toEqual(Float32Array.of(0));
    optimizer.finalizeVariableValues([variable]);
    expect(variable.array()).toEqual(Float32Array.of(1));
    const plain = new SGD();
    plain.finalizeVariableValues([variable]);
    expect(variable.array()).toEqual(Float32Array.of(1));
  });

  it("excludeFromWeightDecay: by variable, by the last part of the name, before build or after", () => {
    const decayed = (exclude: (optimizer: Optimizer, variables: Variable[]) => void) => {
      const optimizer = new SGD({ learningRate: 1, weightDecay: 0.5 });
      const variables = ["bias_layer/kernel", "dense/bias", "dense/gamma"].map((name) => new Variable([2], { name }));
      exclude(optimizer, variables);
      optimizer.apply([[0], [0], [0]], variables);
      return variables.map((variable) => variable.value[0]);
    };
    expect(decayed(() => {})).toEqual([1, 1, 1]);
    expect(decayed((o) => o.excludeFromWeightDecay({ varNames: ["bias"] }))).toEqual([1, 2, 1]);
    expect(decayed((o) => o.excludeFromWeightDecay({ varNames: ["^b.*s$", "gam"] }))).toEqual([1, 2, 2]);
    expect(decayed((o, [kernel]) => o.excludeFromWeightDecay({ varList: [kernel as Variable] }))).toEqual([2, 1, 1]);
    expect(
      decayed((o, variables) => {
        o.excludeFromWeightDecay({ varNames: ["gamma"] });
        o.build(variables);
        o.excludeFromWeightDecay({ varNames: ["bias"] });
      }),
    ).toEqual([1, 2, 1]);
  });

  it("clipGradients: copies, clipped by whichever limit is set", () => {
    const [a, b] = [new Variable([0, 0]), new Variable([0])];
    const pairs = () => zip([Float32Array.of(3, 4), [12]], [a, b]);
    const clipped = (optimizer: Optimizer) =>
      optimizer.clipGradients(pairs()).map(([gradient]) => [...(gradient ?? [])]);
    expect(clipped(new SGD())).toEqual([[3, 4], [12]]);
    expect(clipped(new SGD({ clipvalue: 3.5 }))).toEqual([[3, 3.5], [3.5]]);
    expect(clipped(new SGD({ clipnorm: 5 }))).toEqual([[3, 4], [5]]);
    expect(clipped(new SGD({ globalClipnorm: 6.5 }))).toEqual([[1.5, 2], [6]]);
    const given = Float32Array.of(3, 4);
    new SGD({ clipvalue: 1 }).clipGradients([[given, a]]);
    expect(given).toEqual(Float32Array.of(3, 4));
    expect(new SGD({ clipvalue: 1 }).clipGradients([[null, a]])).toEqual([[null, a]]);
    expect(a.array()).toEqual(new Float32Array(2));
  });

  it("constraints are applied after the update, by value or in place", () => {
    const [first, second] = [new Variable([1, -1]), new Variable([1, -1])];
    first.constraint = (variable) => variable.array().map((x) => (x < 0 ? 0 : x));
    second.constraint = (variable) => {
      variable.value[0] = 7;
      return null;
    };
    new SGD({ learningRate: 1 }).apply(
      [
        [0, 1],
        [0, 1],
      ],
      [first, second],
    );
    expect([...first.value]).toEqual([1, 0]);
    expect([...second.value]).toEqual([7, -2]);
  });

  it("build a second time does nothing", () => {
    const optimizer = new SGD({ momentum: 0.9 });
    const variable = bias();
    optimizer.build([variable]);
    optimizer.build([kernel()]);
    expect(optimizer.weights).toHaveLength(2);
    expect(optimizer.built).toBe(true);
  });

  it("gradients as any iterable", () => {
    const variables = [new Variable([1]), new Variable([2])];
    const optimizer = new SGD({ learningRate: 1 });
    optimizer.applyGradients(new Map<Float32Array, Variable>([[Float32Array.of(1), variables[0] as Variable]]));
    expect(variables[0]?.array()).toEqual(Float32Array.of(0));
    const generated = new SGD({ learningRate: 1 });
    generated.apply(
      (function* () {
        yield [1];
        yield [2];
      })(),
      new Set(variables),
    );
    expect(variables.map((variable) => variable.value[0])).toEqual([-1, 0]);
  });
});

describe("names", () => {
  it.each(CLASS_NAMES)("optimizers.get(%j), in any case", (className) => {
    if (isWrapper(className)) return void expect(() => optimizers.get(className)).toThrow(TypeError);
    for (const name of [className, className.toLowerCase(), className.toUpperCase()]) {
      expect(optimizers.get(name).className).toBe(className);
    }
  });

  it("optimizers.get: an instance, a config, null", () => {
    const optimizer = new Adam();
    expect(optimizers.get(optimizer)).toBe(optimizer);
    expect(optimizers.get(null)).toBeNull();
    expect(optimizers.get({ class_name: "adam" })).toBeInstanceOf(Adam);
    const made = optimizers.get({ class_name: "Adam", config: { beta_1: 0.5 } }) as Adam;
    expect(made.beta1).toBe(0.5);
  });

  it("are unique unless they are given", () => {
    const names = [new Adam(), new Adam(), new Adam()].map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^adam(_\d+)?$/);
    expect(new Adam({ name: "mine" }).name).toBe("mine");
    expect(new Set([new Variable(1), new Variable(1)].map(({ name }) => name)).size).toBe(2);
  });

  it("an optimizer of one's own: saved by its name, made again by customObjects", () => {
    class Gentle extends SGD {
      static override readonly className = "Gentle" as never;
    }
    const optimizer = new Gentle({ momentum: 0.5 });
    expect(optimizer).toBeInstanceOf(SGD);
    const saved = { class_name: "Gentle", config: optimizer.getConfig(), registered_name: "Gentle" };
    const again = optimizers.deserialize(saved, { Gentle });
    expect(again).toBeInstanceOf(Gentle);
    expect(again.getConfig()).toEqual(optimizer.getConfig());
  });
});

describe("variables and tensors", () => {
  it("shapes: from the nesting, the length, or given", () => {
    expect(
      new Variable([
        [1, 2, 3],
        [4, 5, 6],
      ]).shape,
    ).toEqual([2, 3]);
    expect(new Variable(new Float32Array(6)).shape).toEqual([6]);
    expect(new Variable(5).shape).toEqual([]);
    expect(new Variable(new Float32Array(6), { shape: [3, 2] }).shape).toEqual([3, 2]);
    expect(tensor([[1], [2]]).shape).toEqual([2, 1]);
    expect(tensor(Int32Array.of(1, 2)).dtype).toBe("int32");
    expect(tensor([1, 2], [2], "int32").array()).toEqual(Int32Array.of(1, 2));
  });

  it("value is a view that writes, array is a copy, assign overwrites", () => {
    const variable = new Variable([1, 2], { name: "w", trainable: false });
    variable.value[0] = 5;
    expect(variable.array()).toEqual(Float32Array.of(5, 2));
    variable.array()[1] = 9;
    expect(variable.array()).toEqual(Float32Array.of(5, 2));
    expect(variable.assign([3, 4])).toBe(variable);
    expect([variable.array(), variable.name, variable.trainable, variable.dtype, variable.size]).toEqual([
      Float32Array.of(3, 4),
      "w",
      false,
      "float32",
      2,
    ]);
  });

  it("the data that is passed in is copied", () => {
    const data = Float32Array.of(1, 2);
    const variable = new Variable(data);
    data[0] = 9;
    expect(variable.array()).toEqual(Float32Array.of(1, 2));
  });
});
