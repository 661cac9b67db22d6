// Fine-tuning with two rates: a pretrained base moves slowly, its new head fast.

import { Adam, AdamW, layers, Sequential, setRandomSeed } from "gradstep";
import { offload } from "gradstep/worker";

setRandomSeed(1);

// Points in a square. The first task: is it in a circle? The second has few points: is it in a shifted circle?
const points = (count) =>
  Array.from({ length: count }, (_, i) => [((i * 37) % 101) / 50 - 1, ((i * 53) % 97) / 48 - 1]);
const inCircle = (list, shift) => list.map(([a, b]) => ((a - shift) ** 2 + b * b < 0.5 ? 1 : 0));
const [many, few, test] = [points(1500), points(120), points(2500).slice(1500)];

const first = new Sequential([
  new layers.Dense(32, { activation: "relu", inputShape: [2], name: "base_1" }),
  new layers.Dense(32, { activation: "relu", name: "base_2" }),
  new layers.Dense(1, { activation: "sigmoid", name: "old_head" }),
]);
first.compile({ optimizer: new Adam(0.01), loss: "binary_crossentropy", metrics: ["accuracy"] });
await first.fit(many, inCircle(many, 0), { epochs: 20, batchSize: 50, verbose: 0 });
const pretrained = first.getWeights().slice(0, -2);

/** The pretrained base with a new head; `rate` multiplies the learning rate of the base. */
function withNewHead(rate) {
  setRandomSeed(2);
  const base = [
    new layers.Dense(32, { activation: "relu", inputShape: [2], name: "base_1" }),
    new layers.Dense(32, { activation: "relu", name: "base_2" }),
  ];
  const model = new Sequential([...base, new layers.Dense(1, { activation: "sigmoid", name: "head" })]);
  model.setWeights([...pretrained, ...model.getWeights().slice(pretrained.length)]);
  const optimizer = new AdamW({
    learningRate: 0.02,
    weightDecay: 0.01,
    // Regular expressions that match whole paths, such as "base_1/kernel".
    learningRateMultipliers: { "base_.*": rate },
    weightDecayMultipliers: { ".*/bias": 0, "base_.*/kernel": rate },
  });
  model.compile({ optimizer, loss: "binary_crossentropy", metrics: ["accuracy"] });
  return model;
}

const train = (model) => model.fit(few, inCircle(few, 0.4), { epochs: 60, batchSize: 20, verbose: 0 });
async function report(name, model) {
  const { accuracy } = await model.evaluate(test, inCircle(test, 0.4), { verbose: 0, returnDict: true });
  const moved = pretrained.map(({ data }, i) => {
    const now = model.getWeights()[i].data;
    return Math.max(...data.map((value, at) => Math.abs(value - now[at])));
  });
  console.log(`${name}: accuracy ${(accuracy * 100).toFixed(1)} %, base moved by ${Math.max(...moved).toFixed(3)}`);
}

const frozen = withNewHead(0);
await train(frozen);
await report("base frozen", frozen);

const slow = withNewHead(0.1);
await train(slow);
await report("base at a tenth", slow);

// The optimizer is sent to a worker with its multipliers, together with the random generator that shuffles.
const remote = await offload(withNewHead(0.1));
await train(remote);
const there = await remote.getWeights();
await remote.dispose();
const same = slow.getWeights().every(({ data }, i) => data.every((value, at) => value === there[i].data[at]));
console.log(same ? "in a worker: the same weights" : "in a worker: other weights");
