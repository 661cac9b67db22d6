/** Every public name alone, in bundles: what a bundler leaves out may not change what is left. */

import { readdirSync } from "node:fs";
import { build } from "esbuild";
import { expect, test } from "vitest";
import * as gradstep from "../../ts/index.js";
import { useConsumer } from "./consumer.js";

const consumer = useConsumer();

const FAMILIES = [
  "activations",
  "callbacks",
  "constraints",
  "initializers",
  "layers",
  "losses",
  "metrics",
  "ops",
  "optimizers",
  "random",
  "regularizers",
  "schedules",
] as const;

/** What a name is, and what its object says of itself, as text. */
const USE = `
const use = (name, value) => {
  // Bases have JavaScript's names, which are minified.
  if (typeof value !== "function" || (value.prototype?.getConfig && !value.className) || !/^[A-Z]/.test(name)) return typeof value;
  for (const args of [[], [{}], [1], [2, 3], ["relu"], [{ initialLearningRate: 1, decaySteps: 9, decayRate: 1 }]]) {
    try {
      const object = new value(...args);
      const { name: _, seed: __, ...config } = object.getConfig?.() ?? {};
      return JSON.stringify([object.className, config]);
    } catch {
      // The next arguments may do.
    }
  }
  return "needs other arguments";
};`;

const programs: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    FAMILIES.flatMap((family) =>
      // biome-ignore lint/performance/noDynamicNamespaceImportAccess: all of them are meant.
      Object.keys(gradstep[family]).map((name) => [
        `${family}-${name}`,
        `import { ${family} } from "gradstep";\n${USE}\nexport default use("${name}", ${family}.${name});`,
      ]),
    ),
  ),
  ...Object.fromEntries(
    Object.keys(gradstep)
      .filter((name) => !FAMILIES.includes(name as (typeof FAMILIES)[number]))
      .map((name) => [
        `top-${name}`,
        `import { ${name} } from "gradstep";\n${USE}\nexport default use("${name}", ${name});`,
      ]),
  ),
  // Neither Sequential nor modelFromJSON is there to load the list of all layers.
  "a layer as activation": `
import { layers } from "gradstep";
const dense = new layers.Dense(1, { activation: new layers.LeakyReLU({ negativeSlope: 0.5, name: "leaky" }), name: "d", kernelInitializer: "ones" });
const again = layers.Dense.fromConfig(dense.getConfig());
export default JSON.stringify([dense.getConfig(), again.getConfig(), [...again.apply([[-2, 0]]).array()]]);`,
  "a training run": `
import { Adam, layers, Sequential, setRandomSeed, schedules, stringify } from "gradstep";
setRandomSeed(1);
const model = new Sequential([new layers.Dense(8, { activation: "tanh", inputShape: [2], name: "a" }), new layers.Dropout(0.2, { name: "b" }), new layers.Dense(1, { activation: "sigmoid", name: "c" })], { name: "m" });
const learningRate = new schedules.CosineDecay({ initialLearningRate: 0, decaySteps: 90, warmupTarget: 1, warmupSteps: 9 });
model.compile({ optimizer: new Adam({ learningRate, name: "o" }), loss: "binary_crossentropy", metrics: ["accuracy"] });
const { history } = await model.fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], { epochs: 30, batchSize: 2 });
export default JSON.stringify([history, model.getWeights().map(({ data }) => [...data]), stringify(model.optimizer), model.toJSON().config.layers.length]);`,
};

/** By number: some names differ in case alone, which file systems may not tell apart. */
const FILES = Object.fromEntries(Object.keys(programs).map((name, i) => [name, `program${i}`]));

/** Runs modules in one process each after the other, and gives what they export. */
function results(folder: string, names: readonly string[]): Record<string, string> {
  const runner = consumer.write(
    "results.mjs",
    `const out = {};
const files = ${JSON.stringify(FILES)};
for (const name of ${JSON.stringify(names)}) out[name] = (await import("./${folder}/" + files[name] + ".mjs")).default;
console.log(JSON.stringify(out));`,
  );
  return JSON.parse(consumer.run(process.execPath, runner));
}

const names = Object.keys(programs);

function writeAll(folder: string): string[] {
  consumer.folder(folder);
  return names.map((name) => consumer.write(`${folder}/${FILES[name]}.mjs`, programs[name] as string));
}

test("esbuild and Rolldown: each name alone is what it is in the whole package", { timeout: 300_000 }, async () => {
  const sources = writeAll("plain");
  const plain = results("plain", names);
  expect(names.length).toBeGreaterThan(350);
  expect(Object.values(plain).filter((value) => value === "needs other arguments").length).toBeLessThan(30);
  const options = { bundle: true, minify: true, format: "esm", platform: "browser", logLevel: "silent" } as const;
  await build({ ...options, entryPoints: sources, outdir: consumer.path("esbuild"), outExtension: { ".js": ".mjs" } });
  expect(readdirSync(consumer.path("esbuild"))).toHaveLength(names.length);
  expect(results("esbuild", names)).toEqual(plain);
  const { rolldown } = await import("rolldown");
  consumer.folder("rolldown");
  const chosen = names.filter((name) => /^(layers|top|optimizers)-|^a /.test(name));
  for (const name of chosen) {
    const bundle = await rolldown({
      input: consumer.path(`plain/${FILES[name]}.mjs`),
      platform: "browser",
      logLevel: "silent",
    });
    await bundle.write({ file: consumer.path(`rolldown/${FILES[name]}.mjs`), format: "esm", minify: true });
    await bundle.close();
  }
  expect(results("rolldown", chosen)).toEqual(Object.fromEntries(chosen.map((name) => [name, plain[name]])));
});
