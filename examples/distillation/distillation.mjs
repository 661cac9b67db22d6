// Knowledge distillation (Hinton et al. 2015, arXiv:1503.02531), as in Keras's example: a small student learns the
// digits from a teacher's soft predictions and the labels, with a custom computeLoss.

import { layers, losses, Model, ops, Sequential, setRandomSeed } from "gradstep";
import { loadDigits } from "../digits/data.mjs";

class Distiller extends Model {
  constructor(student, teacher, { alpha = 0.2, temperature = 4 } = {}) {
    super();
    this.student = student;
    this.teacher = teacher;
    // Its weights belong to this model, but training does not change them.
    this.teacher.trainable = false;
    Object.assign(this, { alpha, temperature });
  }

  call(x, { training }) {
    return this.student.apply(x, { training });
  }

  computeLoss({ x, y, yPred }) {
    const hard = ops.mean(losses.sparseCategoricalCrossentropy(y, yPred, { fromLogits: true }));
    const soft = (logits) => ops.softmax(ops.divide(logits, this.temperature));
    // The square of the temperature keeps the gradients of both terms at one scale.
    const distance = losses.klDivergence(soft(this.teacher.apply(x)), soft(yPred));
    const learned = ops.multiply(ops.mean(distance), this.temperature ** 2);
    return ops.add(ops.multiply(hard, this.alpha), ops.multiply(learned, 1 - this.alpha));
  }
}

const network = (filters, name) =>
  new Sequential(
    [
      new layers.Conv2D(filters, 3, { strides: 2, padding: "same", activation: "relu", inputShape: [8, 8, 1] }),
      new layers.Conv2D(filters * 2, 3, { strides: 2, padding: "same", activation: "relu" }),
      new layers.Flatten(),
      new layers.Dense(10),
    ],
    { name },
  );

setRandomSeed(1);
const { train, test } = loadDigits();
const images = ({ x, count }) => ops.reshape(x, [count, 8, 8, 1]);
const [x, testX] = [images(train), images(test)];
const options = {
  optimizer: "adam",
  loss: new losses.SparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ["sparse_categorical_accuracy"],
};

const teacher = network(32, "teacher");
teacher.compile(options);
await teacher.fit(x, train.y, { epochs: 12, batchSize: 32, verbose: 0 });

const student = network(4, "student");
const distiller = new Distiller(student, teacher);
const before = teacher.getWeights();
distiller.compile({ ...options, loss: null });
const { history } = await distiller.fit(x, train.y, { epochs: 20, batchSize: 32, verbose: 0 });

const alone = network(4, "alone");
alone.compile(options);
await alone.fit(x, train.y, { epochs: 20, batchSize: 32, verbose: 0 });

for (const [name, model] of Object.entries({
  teacher,
  "student, distilled": distiller,
  "student, from labels alone": alone,
})) {
  const result = await model.evaluate(testX, test.y, { verbose: 0, returnDict: true });
  const weights = (model === distiller ? student : model).countParams();
  console.log(`${name}: ${weights} weights, accuracy ${(result.sparse_categorical_accuracy * 100).toFixed(1)} %`);
}
console.log(`distillation loss: ${history.loss[0].toFixed(3)} -> ${history.loss.at(-1).toFixed(3)}`);
const same = teacher.getWeights().every(({ data }, i) => data.every((value, at) => value === before[i].data[at]));
console.log(same ? "the teacher is as it was" : "the teacher has changed");
