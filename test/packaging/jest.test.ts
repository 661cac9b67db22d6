/** Jest, whose tests run in a vm context, with the classes of Node or those of jsdom. */

import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { tool, useConsumer } from "./consumer.js";

const consumer = useConsumer();

const suite = (environment: string) => `
import { SGD, Variable, Sequential, layers, losses, metrics } from "gradstep";
import { offload } from "gradstep/worker";

const compiled = () => {
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer: new SGD({ learningRate: 0.25 }), loss: "mse" });
  return model;
};
const ones = () => new Float32Array([1, 1]);

test("the environment", () => {
  expect(typeof document).toBe(${JSON.stringify(environment === "jsdom" ? "object" : "undefined")});
});

test("a step", () => {
  const w = new Variable(new Float32Array([1, 2]), { name: "w" });
  new SGD({ learningRate: 0.5 }).applyGradients([[new Float32Array([1, 1]), w]]);
  expect([...w.array()]).toEqual([0.5, 1.5]);
});

test("fit, evaluate and predict, for longer than a pause", async () => {
  const model = compiled();
  const onTrainBatchEnd = () => { for (const start = Date.now(); Date.now() - start < 12; ); };
  const { history } = await model.fit(ones(), ones(), { batchSize: 1, verbose: 0, callbacks: [{ onTrainBatchEnd }] });
  expect(history.loss).toEqual([0.625]);
  model.setWeights(model.getWeights());
  expect((await model.predict(ones())).array()[0]).toBe(0.75);
  expect(await model.evaluate(ones(), ones(), { verbose: 0 })).toBe(0.0625);
});

test("losses and metrics", () => {
  expect(losses.meanSquaredError(new Float32Array([1, 2]), new Float32Array([2, 4])).item()).toBe(2.5);
  const metric = new metrics.Accuracy();
  metric.updateState(new Int32Array([1, 2]), new Int32Array([1, 3]));
  expect(metric.result()).toBe(0.5);
});

test("offload: the weights return, or the error names the missing feature", async () => {
  const model = compiled();
  const remote = await offload(model).catch((error) => error);
  if (typeof document === "object") {
    expect(remote).toMatchObject({ name: "ModuleError", code: "ERR_MODULE_UNSUPPORTED" });
    return;
  }
  await remote.fit(ones(), ones(), { batchSize: 1, verbose: 0 });
  model.setWeights(await remote.getWeights());
  expect(model.getWeights()[0].data[0]).toBe(0.75);
  await remote.dispose();
});
`;

test.each(["jsdom", "node"])("Jest with the environment of %s", (environment) => {
  consumer.write(`${environment}.test.js`, suite(environment));
  const config = consumer.write(
    `${environment}.json`,
    JSON.stringify({
      rootDir: consumer.path("."),
      testEnvironment: tool(`jest-environment-${environment}`),
      testMatch: [`**/${environment}.test.js`],
      transform: {},
      watchman: false,
    }),
  );
  const args = ["--experimental-vm-modules", tool("jest/bin/jest.js"), "--config", config, "--ci", "--runInBand"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: consumer.path("."), encoding: "utf8" });
  expect(stderr).toMatch(/Tests:\s+5 passed, 5 total/);
  expect(status).toBe(0);
});
