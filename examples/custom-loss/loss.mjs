// A custom loss and a custom metric, composed of operations, which fit differentiates.

import { layers, ops, Sequential, setRandomSeed } from "gradstep";

setRandomSeed(1);

// y = 3 x - 1, with every tenth point an outlier.
const x = Array.from({ length: 200 }, (_, i) => [i / 100 - 1]);
const y = x.map(([value], i) => [3 * value - 1 + (i % 10 === 0 ? 20 : 0)]);

/** Squares near 0, absolute values far from it: outliers have less influence. One number per sample. */
const robust = (yTrue, yPred) => {
  const error = ops.abs(ops.subtract(yTrue, yPred));
  return ops.mean(ops.where(ops.greater(error, 1), error, ops.square(error)), { axis: -1 });
};

/** The mean error without the outliers. */
const smallErrors = (yTrue, yPred) => ops.mean(ops.minimum(ops.abs(ops.subtract(yTrue, yPred)), 1), { axis: -1 });

for (const loss of ["mse", robust]) {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
  model.compile({ optimizer: "adam", loss, metrics: [smallErrors] });
  model.optimizer.learningRate = 0.05;
  await model.fit(x, y, { epochs: 60, batchSize: 20 });
  const [kernel, bias] = model.getWeights().map(({ data }) => data[0].toFixed(2));
  console.log(`${(loss === "mse" ? "mse:" : "robust:").padEnd(8)} y = ${kernel} x + ${bias}`);
}
