/**
 * Layers that are frozen and trained again: the optimizer keeps their state; if it has none for them, its message
 * names the cure.
 */

import { expect, it } from "vitest";
import { Adam, layers, Sequential } from "../../ts/index.js";

const x = [
  [1, 2],
  [3, 4],
  [0, 1],
];
const y = [[1], [2], [0]];
const options = { epochs: 1, verbose: 0 } as const;

function parts() {
  const base = new layers.Dense(3, { inputShape: [2] });
  const model = new Sequential([base, new layers.Dense(1)]);
  const optimizer = new Adam();
  const compile = (by = optimizer) => model.compile({ optimizer: by, loss: "mse" });
  return { base, model, optimizer, compile };
}

it("a layer that is frozen and trained again keeps its state", async () => {
  const { base, model, optimizer, compile } = parts();
  compile();
  await model.fit(x, y, options);
  const state = optimizer.getWeights();
  base.trainable = false;
  compile();
  await model.fit(x, y, options);
  const moments = optimizer.getWeights();
  expect(moments.slice(1, 3)).toEqual(state.slice(1, 3));
  expect(moments.slice(3, 5)).not.toEqual(state.slice(3, 5));
  base.trainable = true;
  compile();
  await model.fit(x, y, options);
  expect(optimizer.iterations).toBe(3);
  expect(optimizer.getWeights().slice(1, 3)).not.toEqual(state.slice(1, 3));
});

it("a layer that was frozen at first needs the step that the message names", async () => {
  const { base, model, compile } = parts();
  base.trainable = false;
  compile();
  await model.fit(x, y, options);
  base.trainable = true;
  compile();
  await expect(model.fit(x, y, options)).rejects.toMatchObject({
    code: "ERR_VARIABLE_UNKNOWN",
    message: expect.stringContaining("make a new one and compile the model with it"),
  });
  compile(new Adam());
  await model.fit(x, y, options);
});

it("or the optimizer is built with all variables before", async () => {
  const { base, model, optimizer, compile } = parts();
  optimizer.build(model.trainableWeights);
  base.trainable = false;
  compile();
  await model.fit(x, y, options);
  base.trainable = true;
  compile();
  await model.fit(x, y, options);
  expect(optimizer.iterations).toBe(2);
});
