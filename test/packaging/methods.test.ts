/** `gradstep/methods` of the installed package: in each runtime, in a bundle, in types, and nowhere without its import. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { BUDGETS } from "../../scripts/build/sizes.mjs";
import { tool, useConsumer } from "./consumer.js";

const consumer = useConsumer();

const PROGRAM = `
import { tensor } from "gradstep";
import "gradstep/methods";
console.log(tensor([[1, 2], [3, 4]]).matMul([[1], [1]]).add(1).sum(0).item());`;

const RUNTIMES = [
  ["Node", process.execPath, []],
  ["Deno", tool(".bin/deno"), ["run", "-A", "--no-lock"]],
  ["Bun", tool(".bin/bun"), ["run"]],
] as const;

test.each(RUNTIMES)("methods in %s", (_, program, args) => {
  expect(consumer.run(program, ...args, consumer.write("methods.mjs", PROGRAM)).trim()).toBe("12");
});

test.each(RUNTIMES)("all entries share the classes in %s", (_, program, args) => {
  const source = `
import * as gradstep from "gradstep";
import * as slim from "gradstep/slim";
import * as saving from "gradstep/saving";
import { MpiGroup } from "gradstep/mpi";
import { RemoteModel } from "gradstep/worker";
import { ReplicaGroup } from "gradstep/distribute";
const other = Object.keys(gradstep).filter((name) => gradstep[name] !== slim[name] && typeof gradstep[name] === "function");
const { layers, Sequential, ValueError } = gradstep;
let saved;
try { await saving.loadWeights(new Sequential([new layers.Dense(1, { inputShape: [1] })]), new Uint8Array(3)); } catch (error) { saved = error; }
console.log(JSON.stringify([other, MpiGroup.prototype instanceof ReplicaGroup, typeof RemoteModel, saved instanceof Error, saved instanceof ValueError || saved?.code]));`;
  const printed = consumer.run(program, ...args, consumer.write("shared.mjs", source));
  expect(JSON.parse(printed.trim())).toEqual([[], true, "function", true, true]);
});

describe("a bundle", () => {
  async function bundled(name: string, source: string): Promise<string> {
    const outfile = consumer.path(`${name}.bundle.mjs`);
    const entryPoints = [consumer.write(`${name}.mjs`, source)];
    await build({ entryPoints, outfile, bundle: true, minify: true, format: "esm", platform: "browser" });
    return outfile;
  }

  test("has the methods by an import without names", async () => {
    const file = await bundled("with", PROGRAM);
    expect(consumer.run(process.execPath, file).trim()).toBe("12");
    expect(gzipSync(readFileSync(file)).length).toBeLessThanOrEqual(BUDGETS.page);
  });

  test("does not have them without", async () => {
    const file = await bundled(
      "without",
      PROGRAM.replace('import "gradstep/methods";', "").replace(/console.*/, "console.log(tensor(1));"),
    );
    expect(readFileSync(file, "utf8")).not.toContain("matMul");
  });
});

test("types are those of the import", () => {
  const program = `
import { tensor, type Tensor, Variable } from "gradstep";
IMPORT
const sum: Tensor<"float32"> = tensor([1, 2]).add([1, 2]).sum();
const kept: Tensor<"int32"> = tensor([1], [1], "int32").reshape([1, 1]);
const square: Tensor<"float32"> = new Variable(1).square();
export { kept, square, sum };
`;
  for (const resolution of ["nodenext", "bundler"]) {
    const withMethods = program.replace("IMPORT", 'import "gradstep/methods";');
    expect(consumer.typeErrors({ withMethods }, resolution)).toBe("");
  }
  const without = program.replace("IMPORT", "").replaceAll("\nconst", "\n// @ts-expect-error: not imported.\nconst");
  expect(consumer.typeErrors({ without }, "nodenext")).toBe("");
});
