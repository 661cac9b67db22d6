// Run by `npm test` in a separate project, with the packed package installed and no permission granted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Adam, Variable } from "gradstep";

test("an optimizer step needs no permission", () => {
  const w = new Variable([1, 2, 3, 4], { shape: [4], name: "w" });
  const optimizer = new Adam({ learningRate: 0.5 });
  optimizer.applyGradients([[new Float32Array([1, 6, 7, 2]), w]]);
  // The first step of Adam moves each weight by the learning rate, whatever the size of its gradient.
  const expected = [0.5, 1.5, 2.5, 3.5];
  w.array().forEach((value, i) => {
    assert.ok(
      Math.abs(value - (expected[i] ?? Number.NaN)) < 1e-5,
      `weight ${i}: expected ${expected[i]}, got ${value}`,
    );
  });
});

test("errors arrive as they do elsewhere", () => {
  const w = new Variable([1, 2], { shape: [2], name: "kernel" });
  const optimizer = new Adam();
  assert.throws(() => optimizer.applyGradients([[new Float32Array(3), w]]), /kernel/);
  assert.deepEqual([...w.array()], [1, 2]);
});
