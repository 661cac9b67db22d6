/**
 * `gradstep/saving`, installed: files in Node, Deno and Bun, completely or not at all; no code of it if it is not
 * imported.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { build } from "esbuild";
import { expect, test } from "vitest";
import kerasFiles from "../golden/keras-files.json" with { type: "json" };
import { tool, useConsumer } from "./consumer.js";

const consumer = useConsumer();

const PROGRAM = `
import { layers, Sequential } from "gradstep";
import { loadWeights, saveWeights } from "gradstep/saving";
const [folder, mode] = process.argv.slice(2);
const model = new Sequential([new layers.Dense(2, { inputShape: [3], name: "dense" })]);
const url = new URL("b%20c.npz", "file://" + folder + "/");
if (mode === "write") {
  model.setWeights([[[1, 2], [3, 4], [5, 6]], [7, 8]]);
  await saveWeights(model, folder + "/new/folder/a.safetensors");
  await saveWeights(model, url);
  const failed = await saveWeights(model, folder + "/new/folder", { format: "npz" }).catch((error) => error);
  console.log(failed.name);
}
for (const place of [folder + "/new/folder/a.safetensors", url, url.href]) {
  model.setWeights([new Float32Array(6), new Float32Array(2)]);
  await loadWeights(model, place, { format: String(place).endsWith("npz") ? null : "safetensors" });
  console.log(model.getWeights().map(({ data }) => data.join()).join(";"));
}
const missing = await loadWeights(model, folder + "/none.npz").catch((error) => error);
console.log(missing.name, missing.code, missing.message.includes("none.npz"));
`;

const READ = ["1,2,3,4,5,6;7,8", "1,2,3,4,5,6;7,8", "1,2,3,4,5,6;7,8", "FileError ERR_FILE_ACCESS true"];

const runtimes: readonly (readonly [name: string, program: string, args: readonly string[]])[] = [
  ["Node", process.execPath, []],
  ["Deno", tool(".bin/deno"), ["run", "--no-prompt", "--no-lock", "--allow-read", "--allow-write"]],
  ["Bun", tool(".bin/bun"), ["run"]],
];

test.each(runtimes)("%s: gradstep/saving alone loads a model of Keras, and predicts", (_, program, args) => {
  const { x, predicted, files } = kerasFiles.cases.Adagrad;
  const file = consumer.write(
    "load.mjs",
    `import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { loadModel } from "gradstep/saving";
const model = await loadModel(gunzipSync(Buffer.from("${files[".keras"]}", "base64")), { format: "keras" });
const { shape, values } = ${JSON.stringify(x[0])};
const rows = Array.from({ length: shape[0] }, (_, i) => values.slice(i * shape[1], (i + 1) * shape[1]));
const expected = ${JSON.stringify(predicted)};
const got = (await model.predict(rows)).array();
console.log(expected.every((value, i) => Math.abs(value - got[i]) < 1e-5));
`,
  );
  expect(consumer.run(program, ...args, file).trim()).toBe("true");
});

test.each(runtimes)(
  "%s tells how far it has written and read, and leaves nothing behind of what is given up",
  (name, program, args) => {
    const file = consumer.write(
      "progress.mjs",
      `import { layers, Sequential } from "gradstep";
import { loadWeights, saveWeights } from "gradstep/saving";
const [folder] = process.argv.slice(2);
const model = new Sequential([new layers.Dense(2500, { inputShape: [1000], name: "d" })]);
const place = folder + "/big.safetensors";
const told = async (work) => {
  const seen = [];
  await work({ onProgress: (progress) => void seen.push(progress) });
  const { loaded, total } = seen.at(-1);
  console.log(seen.length > 1, seen.every(({ file }) => file === place), loaded === total && loaded > 10_000_000);
};
await told((options) => saveWeights(model, place, options));
await told((options) => loadWeights(model, place, options));
const onProgress = () => {
  throw new RangeError("enough");
};
const refused = async (work) => console.log((await work.catch((error) => error)).name);
await refused(saveWeights(model, folder + "/none.npz", { onProgress }));
await refused(loadWeights(model, place, { onProgress }));
await refused(loadWeights(model, folder + "/none.npz", { onProgress }));
`,
    );
    const folder = consumer.path(`progress of ${name}`).replaceAll(" ", "-");
    const printed = consumer
      .run(program, ...args, file, folder)
      .trim()
      .split("\n");
    expect(printed).toEqual(["true true true", "true true true", "RangeError", "RangeError", "FileError"]);
    expect(readdirSync(folder)).toEqual(["big.safetensors"]);
  },
);

test.each(runtimes)("%s writes files, and every runtime reads them", (name, program, args) => {
  const file = consumer.write("saving.mjs", PROGRAM);
  const folder = consumer.path(`files of ${name}`).replaceAll(" ", "-");
  expect(
    consumer
      .run(program, ...args, file, folder, "write")
      .trim()
      .split("\n"),
  ).toEqual(["FileError", ...READ]);
  // The failed write left nothing behind.
  expect(readdirSync(folder).sort()).toEqual(["b c.npz", "new"]);
  expect(readdirSync(`${folder}/new`)).toEqual(["folder"]);
  expect(readdirSync(`${folder}/new/folder`)).toEqual(["a.safetensors"]);
  for (const [, reader, own] of runtimes) {
    expect(
      consumer
        .run(reader, ...own, file, folder, "read")
        .trim()
        .split("\n"),
    ).toEqual(READ);
  }
});

const KILLED = `
import { layers, Sequential } from "gradstep";
import { saveWeights } from "gradstep/saving";
const model = new Sequential([new layers.Dense(200, { inputShape: [200], name: "dense", useBias: false })]);
for (let i = 0; ; i++) {
  model.setWeights([new Float32Array(40_000).fill(i)]);
  await saveWeights(model, process.argv[2]);
  if (i === 3) setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(process.argv[3]));
}`;

test("a process that is killed while it writes leaves a whole file", () => {
  const file = consumer.write("killed.mjs", KILLED);
  for (let delay = 0; delay < 10; delay++) {
    const path = consumer.path(`killed-${delay}.npz`);
    expect(() => consumer.run(process.execPath, file, path, String(delay))).toThrow();
    expect(existsSync(path)).toBe(true);
    const bytes = readFileSync(path);
    // The end of the archive is the last that is written.
    expect(bytes.readUInt32LE(bytes.length - 22)).toBe(0x06054b50);
  }
});

test("a page that imports only gradstep has no code of gradstep/saving; one that imports both has no code for Node", async () => {
  const inputs = async (name: string, source: string) => {
    const entryPoints = [consumer.write(`${name}.mjs`, source)];
    const result = await build({
      entryPoints,
      bundle: true,
      metafile: true,
      format: "esm",
      write: false,
      logLevel: "silent",
    });
    return Object.keys(result.metafile.inputs);
  };
  expect((await inputs("all", 'import * as a from "gradstep"; console.log(a);')).join()).not.toContain("/saving/");
  const saving = (await inputs("files", 'export * from "gradstep/saving";')).join();
  expect(saving).toContain("files-none.js");
  expect(saving).not.toContain("files-node.js");
});
