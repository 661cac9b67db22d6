/** Every public name alone, in bundles: code that a bundler removes must not be needed by the rest. */

import { readdirSync } from "node:fs";
import { build } from "esbuild";
import { expect, test } from "vitest";
import * as gradstep from "../../ts/index.js";
import { useConsumer } from "./consumer.js";
import { TRAINING } from "./training-programs.js";

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

/**
 * The behaviour of a name, as text: functions and classes are called with arguments of many kinds, layers are applied; the
 * results, or the codes of the errors, are kept.
 */
const USE = `
crypto.getRandomValues = (words) => words.fill(7);
const X = [[0.25, 0.5], [0.75, 1]];
const LISTS = [
  [], [{}], [1], [2, 3], ["relu"], ["l2"], ["zeros"], ["mse"], ["adam"], [[2, 2]], [[2, 2], { seed: 3 }], [X], [X, X], [X, 1], [X, [0, 1]], [X, [1, 2]], [[0, 1], 2],
  [X, X, X], [X, X, [0.5, 1]], [[X], [X]], [[X, X]], [[X, X], 0], [() => 1], [{ initialLearningRate: 1, decaySteps: 9, decayRate: 1 }], [[1], [1, 2]], ["Dense"],
  [[[[[1], [2]], [[3], [4]]]], [[[[1]], [[2]]], [[[3]], [[4]]]]], [[[[[1], [2]], [[3], [4]]]], { poolSize: 1 }], [0.5, X], [X, 0, 1],
];
const text = (value) => JSON.stringify(value, (key, each) => {
  if (/^(name|seed|stack|createdAt)$/.test(key)) return undefined;
  if (typeof each === "function") return "function";
  if (ArrayBuffer.isView(each)) return [...each].slice(0, 20);
  if (typeof each?.array === "function") return [each.shape, each.array()];
  if (typeof each?.getConfig === "function") return [each.constructor.className, each.getConfig()];
  return typeof each === "object" && each !== null && !Array.isArray(each) && ![Object.prototype, null].includes(Object.getPrototypeOf(each)) ? "object" : each;
}) ?? "undefined";
/** Random results differ between calls: only their form is kept. */
const steady = (call) => {
  const [first, second] = [outcome(call), outcome(call)];
  return first === second ? first : first.replace(/-?\\d[\\d.e-]*/g, "#");
};
const outcome = (call) => {
  try {
    const result = call();
    // Asynchronous functions refuse later; their form is enough.
    if (result instanceof Promise) result.catch(() => {});
    return text(result);
  } catch (error) {
    return error.code ?? "no code";
  }
};
const use = (name, value) => {
  // Memory of the whole page, bundled or not.
  if (name === "memoryUse") return Object.keys(value());
  // It refuses other things once the module is in use.
  if (name === "initSync") return outcome(() => value({ relaxed: false }));
  if (typeof value !== "function") return text(value);
  const made = /^[A-Z]/.test(name) && /^class\\b/.test(Function.prototype.toString.call(value));
  return LISTS.map((args) => steady(() => {
    const result = made ? new value(...args) : value(...args);
    if (!made) return result;
    return [result, outcome(() => result.apply?.(X)), outcome(() => result.call?.(X, X)), outcome(() => result.result?.())];
  }));
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
  ...TRAINING,
};

/** By number: some names differ only in case, which file systems may not distinguish. */
const FILES = Object.fromEntries(Object.keys(programs).map((name, i) => [name, `program${i}`]));

/** Runs modules in one process each after the other, and returns their exports. */
function results(folder: string, names: readonly string[]): Record<string, unknown> {
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

test("esbuild and Rolldown: each name alone behaves as in the whole package", { timeout: 300_000 }, async () => {
  const sources = writeAll("plain");
  const plain = results("plain", names);
  expect(names.length).toBeGreaterThan(350);
  // Those that want something else, such as deserialize.
  const unused = Object.values(plain).filter(
    (value) => Array.isArray(value) && value.every((each) => /^ERR_|^no code/.test(each)),
  );
  // Optimizers and layers around others are among them: a text cannot name what is to be inside.
  expect(unused.length).toBeLessThan(64);
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
