/** The API of Keras 3 beyond the documented page: rates, the pipeline, names, variables. */

import { describe, expect, it } from "vitest";
import {
  Adam,
  LossScaleOptimizer,
  type Optimizer,
  optimizers,
  SGD,
  schedules,
  tensor,
  Variable,
  zip,
} from "../../ts/index.js";
import { bias, CLASS_NAMES, isWrapper, kernel } from "../support/optimizers.js";

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

  it("a function is called before each step", () => {
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

  it("a custom optimizer: saved by its name, made again by customObjects", () => {
    class Gentle extends SGD {
      static override readonly className = "Gentle";
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
