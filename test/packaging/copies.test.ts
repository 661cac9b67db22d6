/**
 * Two copies of gradstep in one program, as two installs or two bundles create them: errors name objects of the other
 * copy as such.
 */

import { cpSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, it } from "vitest";
import type * as distribute from "../../ts/distribute/index.js";
import type * as gradstep from "../../ts/index.js";
import { useConsumer } from "./consumer.js";

type Gradstep = typeof gradstep;
interface Copy extends Gradstep {
  readonly MirroredStrategy: typeof distribute.MirroredStrategy;
  readonly setReplicaContext: typeof distribute.setReplicaContext;
  readonly getReplicaContext: typeof distribute.getReplicaContext;
}

const consumer = useConsumer();
let ours: Copy;
let theirs: Copy;

async function copy(name: string): Promise<Copy> {
  const load = (entry: string) => import(pathToFileURL(consumer.path(`node_modules/${name}/dist/${entry}.js`)).href);
  return { ...(await load("index")), ...(await load("distribute/index")) };
}

beforeAll(async () => {
  cpSync(consumer.path("node_modules/gradstep"), consumer.path("node_modules/another"), { recursive: true });
  ours = await copy("gradstep");
  theirs = await copy("another");
});

const model = ({ Sequential, layers }: Copy) => {
  const made = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  made.compile({ optimizer: "sgd", loss: "mse" });
  return made;
};
const compiled = (options: object) => {
  const made = new ours.Sequential([new ours.layers.Dense(1, { inputShape: [1] })]);
  made.compile({ optimizer: "sgd", loss: "mse", ...options });
  return made.fit([[1]], [[1]], { verbose: 0 });
};
const variable = (copy: Copy) => new copy.Variable([1], { name: "w" });
const target = () => {
  const tape = new ours.GradientTape();
  const w = variable(ours);
  return { tape, w, y: tape.run(() => ours.ops.square(w)) };
};
const x = () => theirs.tensor([[1]]);

const CASES: Readonly<Record<string, () => unknown>> = {
  "applyGradients: a variable": () => new ours.SGD().applyGradients([[[1], variable(theirs)]]),
  "applyGradients: a gradient": () => new ours.SGD().applyGradients([[theirs.tensor([1]), variable(ours)]]),
  "apply: variables": () => new ours.SGD().apply([[1]], [variable(theirs)]),
  "minimize: variables": () => new ours.SGD().minimize(() => ours.ops.square(variable(ours)), [variable(theirs)]),
  "minimize: a loss": () => new ours.SGD().minimize(() => theirs.tensor(1), [variable(ours)]),
  "minimize: a tape": () =>
    new ours.SGD().minimize(target().y, [variable(ours)], { tape: new theirs.GradientTape() as never }),
  "build: variables": () => new ours.SGD().build([variable(theirs)]),
  "excludeFromWeightDecay: variables": () =>
    new ours.AdamW().excludeFromWeightDecay({ varList: [variable(theirs)] } as never),
  "a schedule as learning rate": () =>
    new ours.SGD({
      learningRate: new theirs.schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 10 }) as never,
    }),
  "an inner optimizer": () => new ours.LossScaleOptimizer(new theirs.SGD() as never),
  "optimizers.get: an optimizer": () => ours.optimizers.get(new theirs.Adam()),
  "optimizers.get: a class": () => ours.optimizers.get(theirs.Adam as never),
  "optimizers.serialize": () => ours.optimizers.serialize(new theirs.Adam() as never),
  "losses.get: a loss": () => ours.losses.get(new theirs.losses.MeanSquaredError() as never),
  "losses.get: a class": () => ours.losses.get(theirs.losses.MeanSquaredError as never),
  "metrics.get: a metric": () => ours.metrics.get(new theirs.metrics.Accuracy() as never),
  "metrics.get: a class": () => ours.metrics.get(theirs.metrics.Accuracy as never),
  "initializers.get": () => ours.initializers.get(new theirs.initializers.Zeros() as never),
  "constraints.get": () => ours.constraints.get(new theirs.constraints.NonNeg() as never),
  "regularizers.get": () => ours.regularizers.get(new theirs.regularizers.L2() as never),
  "an initializer of a layer": () =>
    new ours.layers.Dense(1, { kernelInitializer: new theirs.initializers.Zeros() as never }),
  "a constraint of a layer": () =>
    new ours.layers.Dense(1, { kernelConstraint: new theirs.constraints.NonNeg() as never }),
  "a regularizer of a layer": () =>
    new ours.layers.Dense(1, { kernelRegularizer: new theirs.regularizers.L2() as never }),
  "an activation of a layer": () => new ours.layers.Dense(1, { activation: new theirs.layers.ReLU() as never }),
  "a seed": () => new ours.initializers.RandomNormal({ seed: new theirs.random.SeedGenerator(1) as never }),
  "a seed of a layer": () => new ours.layers.Dropout(0.5, { seed: new theirs.random.SeedGenerator(1) as never }),
  "Sequential: a layer": () => new ours.Sequential([new theirs.layers.Dense(1) as never]),
  "add: a layer": () => new ours.Sequential().add(new theirs.layers.Dense(1) as never),
  "add: a model": () => new ours.Sequential().add(model(theirs) as never),
  "apply of a layer: a tensor": () => new ours.layers.Dense(1).apply(x() as never),
  "apply of a layer: a symbolic tensor": () =>
    new ours.layers.Dense(1).apply(theirs.layers.Input({ shape: [1] }) as never),
  "Model: inputs": () => {
    const input = theirs.layers.Input({ shape: [1] });
    return new ours.Model({ inputs: input as never, outputs: new theirs.layers.Dense(1).apply(input) as never });
  },
  "Concatenate: tensors": () => new ours.layers.Concatenate().apply([ours.tensor([[1]]), x()] as never),
  "compile: an optimizer": () => compiled({ optimizer: new theirs.SGD() }),
  "compile: a loss": () => compiled({ loss: new theirs.losses.MeanSquaredError() }),
  "compile: a loss class": () => compiled({ loss: theirs.losses.MeanSquaredError }),
  "compile: a metric": () => compiled({ metrics: [new theirs.metrics.MeanSquaredError()] }),
  "compile: a metric class": () => compiled({ metrics: [theirs.metrics.MeanSquaredError] }),
  "compile: a loss as a metric": () => compiled({ metrics: [new theirs.losses.MeanSquaredError()] }),
  "compile: a strategy": () => compiled({ distribute: new theirs.MirroredStrategy({ replicas: 1 }) }),
  "compile: a group": () => compiled({ distribute: theirs.getReplicaContext() }),
  "fit: x": () => model(ours).fit(x() as never, [[1]]),
  "fit: y": () => model(ours).fit([[1]], x() as never),
  "fit: sampleWeight": () => model(ours).fit([[1]], [[1]], { sampleWeight: theirs.tensor([1]) as never }),
  "fit: validationData": () => model(ours).fit([[1]], [[1]], { validationData: [x() as never, [[1]]] }),
  "fit: a batch": () => model(ours).fit((() => [[x(), [[1]]]]) as never),
  "fit: a callback": () =>
    model(ours).fit([[1]], [[1]], { callbacks: [new theirs.callbacks.EarlyStopping({ monitor: "loss" }) as never] }),
  predict: () => model(ours).predict(x() as never),
  evaluate: () => model(ours).evaluate(x() as never, [[1]]),
  trainOnBatch: () => model(ours).trainOnBatch(x() as never, [[1]]),
  "setWeights of a model": () => model(ours).setWeights([theirs.tensor([[1]]), theirs.tensor([1])] as never),
  "setWeights of an optimizer": () => {
    const optimizer = new ours.SGD();
    optimizer.build([variable(ours)]);
    optimizer.setWeights(optimizer.weights.map(() => theirs.tensor(1)) as never);
  },
  "a variable of a variable": () => new ours.Variable(variable(theirs) as never),
  assign: () => variable(ours).assign(theirs.tensor([1]) as never),
  tensor: () => ours.tensor(theirs.tensor([1]) as never),
  operations: () => ours.ops.add(theirs.tensor([1]) as never, 1),
  "operations on a list": () => ours.ops.concatenate([ours.tensor([1]), theirs.tensor([1])] as never, 0),
  stopGradient: () => ours.ops.stopGradient(theirs.tensor([1]) as never),
  losses: () => ours.losses.meanSquaredError(theirs.tensor([[1]]) as never, [[1]]),
  "a loss's apply": () => new ours.losses.MeanSquaredError().apply(theirs.tensor([[1]]) as never, [[1]]),
  updateState: () => new ours.metrics.Accuracy().updateState(theirs.tensor([[1]]) as never, [[1]]),
  activations: () => ours.activations.get("relu")(theirs.tensor([1]) as never),
  "gradient: a target": () => target().tape.gradient(theirs.tensor(1) as never, variable(ours)),
  "gradient: a source": () => {
    const { tape, y } = target();
    return tape.gradient(y, variable(theirs) as never);
  },
  "gradient: outputGradients": () => {
    const { tape, y, w } = target();
    return tape.gradient(y, w, { outputGradients: theirs.tensor([1]) as never });
  },
  watch: () => new ours.GradientTape().watch(theirs.tensor([1]) as never),
  allReduce: () => ours.getReplicaContext().allReduce("sum", theirs.tensor([1]) as never),
  setReplicaContext: () => ours.setReplicaContext(theirs.getReplicaContext() as never),
  customObjects: () =>
    ours.losses.deserialize(
      { class_name: "Mine", config: {} } as never,
      { Mine: theirs.losses.MeanSquaredError } as never,
    ),
};

it.each(Object.entries(CASES))("%s", async (_, run) => {
  const refused = await (async () => run())().then(
    () => "nothing was refused",
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({
    code: expect.stringMatching(/^ERR_/),
    message: expect.stringMatching(/from another copy of gradstep: .*npm ls gradstep.*dedupe/),
  });
});
