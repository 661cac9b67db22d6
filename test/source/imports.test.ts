/** The order of folders: imports go down only. CONTRIBUTING.md quotes the table. Node only: it reads the source. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { expect, it } from "vitest";

/** Folders and files of ts/, from the top. Each imports from the rows below its own, and from its own folder. */
const ORDER = `
distribute index.ts slim.ts
worker saving methods tfjs jax api.ts
worker/data worker/hosts saving/formats
saving/stores
models stringify.ts
layers metrics
losses activations callbacks constraints initializers regularizers
optimizers ops mpi
random
autodiff replicas updates.ts weights.ts
saved-arguments.ts tensor.ts variable.ts counters.ts schedules
values.ts class-registry.ts float-arguments.ts foreign-names.ts display.ts primitive.ts
shape.ts
array-like.ts init.ts threads
runtime arguments.ts bodies.ts custom-objects.ts iterators.ts plain-json.ts zip.ts
families.ts getters.ts options.ts
busy.ts copies.ts keras-names.ts names.ts
brands.ts changes.ts constructor-source.ts errors.ts named-options.ts platform-types.ts spellings.ts undo.ts warnings.ts without-new.ts
`;

/** Imports that do not go down, each with its reason: two at most. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "random/index.ts -> ops": "Keras has dropout in its namespace random, though it is an operation with a gradient",
};

const root = new URL("../../ts/", import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts") && !name.includes("generated"));
const rows = ORDER.trim()
  .split("\n")
  .map((row) => row.split(" "));
const rowOf = (place: string): number => rows.findIndex((row) => row.includes(place));
const places = new Set(rows.flat());
/** The deepest row of a file: "worker/data" of "worker/data/packing.ts", "worker" of "worker/client.ts". */
function placeOf(file: string): string {
  const [folder = "", inner] = file.split("/");
  return places.has(`${folder}/${inner}`) ? `${folder}/${inner}` : folder;
}

/** All imports from one folder or file of ts/ to another. */
const arrows = files.flatMap((file) => {
  const source = readFileSync(new URL(file, root), "utf8");
  return [...source.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)\.js"/g)].flatMap(([, path = ""]) => {
    const to = placeOf(`${join(dirname(file), path)}.ts`);
    return to === placeOf(file) ? [] : [{ file, to, name: `${file} -> ${to}` }];
  });
});

it("the table has every folder and file of ts/, and nothing else", () => {
  expect(rows.flat().sort()).toEqual([...new Set(files.map(placeOf))].sort());
});

it("imports go down, but for the exceptions", () => {
  expect(arrows.length).toBeGreaterThan(1000);
  const climbing = arrows.filter(({ file, to }) => rowOf(to) <= rowOf(placeOf(file))).map(({ name }) => name);
  expect([...new Set(climbing)].sort()).toEqual(Object.keys(EXCEPTIONS));
});

it("CONTRIBUTING.md quotes the table", () => {
  expect(readFileSync(new URL("../CONTRIBUTING.md", root), "utf8")).toContain(`\`\`\`\n${ORDER.trim()}\n\`\`\``);
});
