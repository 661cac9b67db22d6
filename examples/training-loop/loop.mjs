// The two ways of training in Keras's documentation: compile and fit, and a custom loop with a GradientTape.

import { GradientTape, layers, losses, optimizers, Sequential, setRandomSeed, tensor, zip } from "gradstep";

setRandomSeed(1);

// Ten numbers, and which of the first three is the largest.
const x = Array.from({ length: 320 }, (_, i) =>
  Array.from({ length: 10 }, (_, j) => Math.fround((((i * 31 + j * 17) * (j + 3)) % 23) / 11.5 - 1)),
);
const classes = x.map((row) => row.indexOf(Math.max(...row.slice(0, 3))));
const y = classes.map((label) => [0, 1, 2].map((other) => (other === label ? 1 : 0)));

const makeModel = () => {
  const model = new Sequential();
  model.add(new layers.Dense(64, { kernelInitializer: "uniform", activation: "relu", inputShape: [10] }));
  model.add(new layers.Dense(3));
  model.add(new layers.Activation("softmax"));
  return model;
};

// 1. compile and fit.
const fitted = makeModel();
fitted.compile({
  loss: "categorical_crossentropy",
  optimizer: new optimizers.Adam({ learningRate: 0.01 }),
  metrics: ["accuracy"],
});
const { history } = await fitted.fit(x, y, { batchSize: 32, epochs: 20 });
console.log(`fit:  loss ${history.loss.at(-1).toFixed(4)}, accuracy ${history.accuracy.at(-1).toFixed(3)}`);

// 2. A loop: a step's temporaries are freed when the next one begins; nothing needs dispose().
const model = makeModel();
const optimizer = new optimizers.Adam({ learningRate: 0.01 });
const lossFn = new losses.CategoricalCrossentropy();
const dataset = Array.from({ length: 10 }, (_, i) => [
  tensor(x.slice(i * 32, i * 32 + 32)),
  tensor(y.slice(i * 32, i * 32 + 32)),
]);

for (let epoch = 1; epoch <= 20; epoch++) {
  let total = 0;
  for (const [inputs, labels] of dataset) {
    const tape = new GradientTape();
    const lossValue = tape.run(() => lossFn.apply(labels, model.apply(inputs, { training: true })));
    const gradients = tape.gradient(lossValue, model.trainableWeights);
    optimizer.applyGradients(zip(gradients, model.trainableWeights));
    total += lossValue.item();
  }
  if (epoch % 5 === 0)
    console.log(`loop: epoch ${String(epoch).padStart(2)}, loss ${(total / dataset.length).toFixed(4)}`);
}
console.log(`${optimizer.iterations} updates`);
