/** Training runs as modules: each exports, as text, its weights to the last digit. */

export const TRAINING: Readonly<Record<string, string>> = {
  "a training run": `
import { Adam, layers, Sequential, setRandomSeed, schedules, stringify } from "gradstep";
setRandomSeed(1);
const model = new Sequential([new layers.Dense(8, { activation: "tanh", inputShape: [2], name: "a" }), new layers.Dropout(0.2, { name: "b" }), new layers.Dense(1, { activation: "sigmoid", name: "c" })], { name: "m" });
const learningRate = new schedules.CosineDecay({ initialLearningRate: 0, decaySteps: 90, warmupTarget: 1, warmupSteps: 9 });
model.compile({ optimizer: new Adam({ learningRate, name: "o" }), loss: "binary_crossentropy", metrics: ["accuracy"] });
const { history } = await model.fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], { epochs: 30, batchSize: 2, verbose: 0 });
export default JSON.stringify([history, model.getWeights().map(({ data }) => [...data]), stringify(model.optimizer), model.toJSON().config.layers.length]);`,

  // Everything is named by a string: nothing but the registries leads to the classes.
  "a training run of images, by names": `
import { layers, Sequential, setRandomSeed, modelFromJSON } from "gradstep";
setRandomSeed(2);
const model = new Sequential([
  new layers.Conv2D(3, 2, { inputShape: [4, 4, 1], activation: "leaky_relu", kernelInitializer: "he_normal", kernelRegularizer: "l1_l2", kernelConstraint: "max_norm", name: "a" }),
  new layers.BatchNormalization({ name: "b" }),
  new layers.MaxPooling2D({ name: "c" }),
  new layers.Flatten({ name: "d" }),
  new layers.Dense(3, { activation: "softmax", biasInitializer: "ones", name: "e" }),
], { name: "m" });
model.compile({ optimizer: "nadam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
const again = modelFromJSON(model.toJSON());
const out = [];
for (const each of [model, again]) {
  each.setWeights(model.getWeights());
  const x = Array.from({ length: 6 }, (_, n) => Array.from({ length: 4 }, (_, i) => Array.from({ length: 4 }, (_, j) => [((n * 7 + i * 5 + j * 3) % 11) / 11])));
  const { history } = await each.fit(x, [0, 1, 2, 0, 1, 2], { epochs: 4, batchSize: 4, validationSplit: 0.34, verbose: 0 });
  out.push(history, each.getWeights().map(({ data }) => [...data]), [...(await each.predict(x)).array()]);
}
export default JSON.stringify(out);`,

  // Custom classes, whose names a minifier changes; neither Sequential nor modelFromJSON is there.
  "a training run of a graph, with custom classes": `
import { Input, layers, losses, Model, ops, optimizers, schedules, setRandomSeed } from "gradstep";
setRandomSeed(3);
class Scale extends layers.Layer {
  static className = "Scale";
  build() { this.scale = this.addWeight({ name: "scale", shape: [], initializer: "ones" }); }
  call(x) { return ops.multiply(x, this.scale); }
}
class Halving extends schedules.LearningRateSchedule {
  static className = "Halving";
  at(step) { return step < 3 ? 0.5 : 0.25; }
  getConfig() { return {}; }
}
const a = Input({ shape: [2], name: "a" });
const b = Input({ shape: [2], name: "b" });
const joined = new layers.Concatenate({ name: "j" }).apply([new Scale({ name: "s" }).apply(a), b]);
const out = new layers.Dense(1, { activation: new layers.LeakyReLU({ negativeSlope: 0.5, name: "leaky" }), name: "d" }).apply(new layers.Dropout(0.25, { name: "r" }).apply(joined, { training: true }));
const model = new Model({ inputs: [a, b], outputs: out, name: "m" });
model.compile({ optimizer: optimizers.get({ class_name: "rmsprop", config: { learning_rate: new Halving(), momentum: 0.5, name: "o" } }), loss: new losses.Huber(), metrics: ["mae"] });
const { history } = await model.fit([[[1, 2], [3, 4], [5, 6]], [[1, 0], [0, 1], [1, 1]]], [[1], [2], [3]], { epochs: 5, batchSize: 2, shuffle: false, verbose: 0 });
export default JSON.stringify([history, model.getWeights().map(({ data }) => [...data])]);`,

  "a loop with a tape": `
import { GradientTape, losses, metrics, Muon, ops, random, Variable } from "gradstep";
const w = new Variable(random.normal([3, 2], { seed: 5 }).array(), { shape: [3, 2], name: "w" });
const x = random.uniform([4, 3], { seed: 6 });
const optimizer = new Muon({ learningRate: 0.1, name: "o" });
const metric = new metrics.CosineSimilarity({ name: "c" });
const seen = [];
for (let step = 0; step < 5; step++) {
  const tape = new GradientTape();
  let y;
  const loss = tape.run(() => {
    y = ops.softmax(ops.matmul(x, w));
    return ops.mean(losses.get("kld")([[0, 1], [1, 0], [0, 1], [1, 0]], y));
  });
  optimizer.applyGradients([[tape.gradient(loss, w), w]]);
  metric.updateState([[0, 1], [1, 0], [0, 1], [1, 0]], y);
  seen.push(loss.item(), metric.result());
}
export default JSON.stringify([seen, [...w.array()]]);`,

  // Nothing here leads to a registry but what saves and reads the instances.
  "instances of every family, saved and read": `
import { constraints, initializers, layers, losses, metrics, optimizers, regularizers, schedules, stringify } from "gradstep";
const activations = [new layers.LeakyReLU({ negativeSlope: 0.5, name: "a" }), new layers.ELU({ alpha: 0.25, name: "b" }), new layers.ReLU({ maxValue: 1, name: "c" }), new layers.Softmax({ name: "d" })];
const dense = activations.map((activation, i) => new layers.Dense(2, {
  activation,
  kernelInitializer: new initializers.VarianceScaling({ seed: 7 }),
  biasInitializer: new initializers.Constant(0.5),
  kernelRegularizer: new regularizers.L1L2({ l1: 0.25, l2: 0.5 }),
  kernelConstraint: new constraints.MaxNorm(1),
  name: "dense" + i,
}));
const optimizer = new optimizers.LossScaleOptimizer(new optimizers.SGD({ learningRate: new schedules.ExponentialDecay({ initialLearningRate: 1, decaySteps: 2, decayRate: 0.5 }), name: "e" }), { name: "f" });
const others = [optimizer, new losses.Huber({ delta: 2 }), new metrics.AUC({ numThresholds: 3, name: "g" })];
const x = [[1, -2, 3], [-1, 2, -3]];
export default JSON.stringify([
  ...[...dense, ...dense.map((layer) => layers.Dense.fromConfig(JSON.parse(JSON.stringify(layer.getConfig()))))].map((layer) => [[...layer.apply(x).array()], stringify(layer)]),
  ...others.map((each) => stringify(each)),
  stringify(optimizers.get(JSON.parse(stringify(optimizer)))),
]);`,
};
