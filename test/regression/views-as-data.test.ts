// Data that are a view of WebAssembly memory: the view is detached when memory grows, in the middle of fit.

import { expect, it } from "vitest";
import { tensor, Variable } from "../../ts/index.js";
import { line, numbers, x, y } from "../support/regression-line.js";

it("a view of WebAssembly memory trains like a copy of it", async () => {
  const held = new Variable(x);
  const labels = tensor(y);
  const [byView, byCopy] = [line(), line()];
  const big: Variable[] = [];
  await byView.fit(held.value, labels.value, {
    epochs: 3,
    shuffle: false,
    callbacks: [{ onTrainBatchBegin: () => void big.push(new Variable(new Float32Array(1 << 21))) }],
  });
  await byCopy.fit(held.array(), labels.array(), { epochs: 3, shuffle: false });
  for (const variable of big) variable.dispose();
  expect(numbers(byView.weights)).toEqual(numbers(byCopy.weights));
});
