// One optimizer on one task: a search for the rate by validation, then five runs with different seeds.

import { losses, setRandomSeed } from "gradstep";

/** The rates 1 and 3 of each power of ten. */
const RATES = Array.from({ length: 19 }, (_, i) => Number(`${i % 2 === 0 ? 1 : 3}e${Math.floor(i / 2) - 6}`));
const SEARCH_SEEDS = [101, 102];
const SEEDS = [1, 2, 3, 4, 5];

/** Trains once. Resolves to `{ loss, accuracy }` of the validation data, or of the test data. */
async function trained(task, optimizer, seed, part) {
  setRandomSeed(seed);
  const model = task.model();
  const loss = new losses.SparseCategoricalCrossentropy({ fromLogits: true });
  model.compile({ optimizer, loss, metrics: ["accuracy"] });
  const { epochs, batchSize, train } = task;
  await model.fit(train.x, train.y, { epochs, batchSize, verbose: 0 });
  const { x, y } = task[part];
  const result = await model.evaluate(x, y, { batchSize: 1000, verbose: 0, returnDict: true });
  model.dispose();
  optimizer.dispose();
  return result;
}

const stepsOf = ({ epochs, batchSize, train }) => epochs * Math.ceil(train.y.length / batchSize);

/** The rate with the lowest validation loss: from the usual rate on, it moves to a better neighbour as long as there is one. */
async function searchedRate(task, { rate: usual, make }) {
  const losses = new Map();
  const lossAt = async (at) => {
    if (!losses.has(at)) {
      let sum = 0;
      for (const seed of SEARCH_SEEDS) {
        sum += (await trained(task, make(RATES[at], stepsOf(task)), seed, "validation")).loss;
      }
      losses.set(at, Number.isNaN(sum) ? Infinity : sum);
    }
    return losses.get(at);
  };
  for (let best = RATES.indexOf(usual); ; ) {
    const around = [best - 1, best, best + 1].filter((at) => at in RATES);
    for (const at of around) await lossAt(at);
    const next = around.reduce((a, b) => (losses.get(b) < losses.get(a) ? b : a));
    if (next === best) return RATES[best];
    best = next;
  }
}

/** Resolves to `{ rate, runs }`: the rate that was found, if any, and `{ loss, accuracy }` of the test data for each seed. */
export async function compared(task, entry) {
  const rate = entry.rate === undefined ? undefined : await searchedRate(task, entry);
  const runs = [];
  for (const seed of SEEDS) runs.push(await trained(task, entry.make(rate, stepsOf(task)), seed, "test"));
  return { rate, runs };
}
