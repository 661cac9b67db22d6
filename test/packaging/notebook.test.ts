/** Deno's notebooks show what cells return: a tensor's table, a model's summary, the curves of a `History`. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { tool, useConsumer } from "./consumer.js";
import { Kernel } from "./jupyter-kernel.js";

const consumer = useConsumer();
let kernel: Kernel;

beforeAll(async () => {
  kernel = await Kernel.started(tool(".bin/deno"), consumer.path("."));
}, 60_000);
afterAll(() => kernel?.close());

test("a tensor and a variable are tables", { timeout: 60_000 }, async () => {
  const imported = `import { layers, Sequential, tensor, Variable } from "gradstep";`;
  const shown = await kernel.run(`${imported}\ntensor([[1, 2.5], [3, 4]])`);
  expect(shown).toEqual({
    "text/plain": "Tensor float32 [2, 2]\n[[  1, 2.5],\n [  3,   4]]",
    "text/html": "<table><caption>Tensor float32 [2, 2]</caption><tr><td>1<td>2.5<tr><td>3<td>4</table>",
  });
  const variable = await kernel.run(`new Variable([1, 2], { name: "w" })`);
  expect(variable["text/plain"]).toBe('Variable "w" float32 [2] [1, 2]');
  expect(variable["text/html"]).toContain('<caption>Variable "w" float32 [2] [1, 2]</caption>');
});

test("the History of fit is its curves", { timeout: 60_000 }, async () => {
  const shown = await kernel.run(`
const model = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
model.compile({ optimizer: "sgd", loss: "mse" });
await model.fit([[1], [2]], [2, 4], { epochs: 3, validationSplit: 0.5, verbose: 0 })`);
  expect(shown["image/svg+xml"]?.match(/<polyline/g)).toHaveLength(2);
  expect(Object.keys(JSON.parse(shown["text/plain"] ?? ""))).toEqual(["loss", "val_loss"]);
});

test("a model is its summary", { timeout: 60_000 }, async () => {
  expect((await kernel.run("model"))["text/plain"]).toMatch(/Total params: 2/);
});
