/**
 * A row without stages, or with weight decay alone, takes a shorter path through the core than one with a moving
 * average; lengths that are not a multiple of 4 take a third. All have the same weights, bit for bit.
 */

import { describe, expect, it } from "vitest";
import { SGD, tensor, Variable } from "../../ts/index.js";
import { expectSameBits } from "../support/bytes.js";
import { CLASS_NAMES, isWrapper, make } from "../support/optimizers.js";
import { Random } from "../support/random.js";
import { refusal } from "../support/refusal.js";

const LENGTHS = [1, 2, 3, 4, 5, 8, 63, 64, 1021, 1024, 2052];
const STEPS = 4;

/** Weights after some steps. */
function trained(className: string, config: Record<string, unknown>): Float32Array[] {
  const random = new Random(17);
  const variables = LENGTHS.map((length) => new Variable(random.values(length)));
  const optimizer = make(className, config);
  for (let step = 0; step < STEPS; step++) {
    const gradients = variables.map(({ size }) => tensor(random.values(size, 1, 9)));
    optimizer.apply(gradients, variables);
    for (const gradient of gradients) gradient.dispose();
  }
  const weights = variables.map((variable) => variable.array());
  for (const made of [optimizer, ...variables]) made.dispose();
  return weights;
}

describe.each(CLASS_NAMES.filter((name) => !isWrapper(name)))("%s", (className) => {
  it.each([null, 0.02])("with weight decay %s", (decay) => {
    const own = className === "AdamW" && decay === null ? {} : { weight_decay: decay };
    const straight = trained(className, own);
    const staged = trained(className, { ...own, use_ema: true });
    LENGTHS.forEach((length, i) => {
      expectSameBits(`${length} elements`, straight[i] as Float32Array, staged[i] as Float32Array);
    });
  });
});

it("a learning rate's function that disposes of a gradient is told so, and nothing has changed", () => {
  const variables = [new Variable([1, 2]), new Variable([3, 4])];
  const gradients = variables.map(() => tensor([1, 1]));
  let isBad = false;
  const optimizer = new SGD({
    learningRate: () => {
      if (isBad) gradients[1]?.dispose();
      return 1;
    },
  });
  optimizer.apply(gradients, variables);
  isBad = true;
  expect(refusal(() => optimizer.apply(gradients, variables))).toHaveProperty("code", "ERR_DISPOSED");
  expect(variables.map((variable) => [...variable.value])).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(optimizer.iterations).toBe(1);
});
