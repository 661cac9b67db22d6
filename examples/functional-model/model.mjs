// Two inputs, two outputs, a shared layer: layers connected as a graph.

import { Input, layers, Model, setRandomSeed } from "gradstep";

setRandomSeed(1);

// Two numbers from each of two sensors. Outputs: the position of the source, and whether both sensors are left of it.
const left = Array.from({ length: 256 }, (_, i) => [
  Math.fround((i % 16) / 8 - 1),
  Math.fround(Math.floor(i / 16) / 8 - 1),
]);
const right = left.map(([a, b]) => [b, -a]);
const position = left.map(([a, b]) => [a * b]);
const isLeft = left.map(([a, b]) => (a + b < 0 ? 1 : 0));

const inputs = ["left", "right"].map((name) => Input({ shape: [2], name }));
const shared = new layers.Dense(32, { activation: "tanh", name: "shared" });
const both = new layers.Concatenate().apply(inputs.map((input) => shared.apply(input)));
const hidden = new layers.Dense(32, { activation: "relu" }).apply(both);
const outputs = [
  new layers.Dense(1, { name: "position" }).apply(hidden),
  new layers.Dense(1, { activation: "sigmoid", name: "side" }).apply(hidden),
];

const model = new Model({ inputs, outputs, name: "sensors" });
model.summary();
model.compile({
  optimizer: "adam",
  loss: { position: "mse", side: "binary_crossentropy" },
  lossWeights: { position: 2, side: 1 },
  metrics: { side: ["accuracy"] },
});
const { history } = await model.fit({ left, right }, { position, side: isLeft }, { epochs: 60, batchSize: 32 });
for (const name of ["position_loss", "side_loss", "side_accuracy"]) {
  console.log(`${name.padEnd(14)} ${history[name][0].toFixed(3)} -> ${history[name].at(-1).toFixed(3)}`);
}
