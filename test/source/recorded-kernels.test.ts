/**
 * The table of kernels that can be recorded, against the signatures and bodies in crates/wasm/src/nn: a replay would read other
 * memory if an argument were added in front of an address.
 */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DRAWS, KERNELS, WORDS } from "../../ts/runtime/recorded-kernels.js";

/** Kernels that no recording has: steps of optimizers and their statistics repeat them as a whole. */
const NOT_RECORDED = ["blend_values", "change_sums", "cross_values"];

const FOLDER = new URL("../../crates/wasm/src/nn/", import.meta.url);
const code = readdirSync(FOLDER)
  .map((file) => readFileSync(new URL(file, FOLDER), "utf8"))
  .join("\n");

/** Exported functions: names of their arguments, and the code. */
const exported = new Map(
  [...code.matchAll(/^pub unsafe fn (\w+)\(([^)]*)\)[^{]*\{(.*?)^\}/gmsu)].map(
    ([, name = "", list = "", body = ""]) => {
      const names = [...list.matchAll(/(\w+):/gu)].map(([, argument = ""]) => argument);
      return [name, { names, body }] as const;
    },
  ),
);

/** Positions of the arguments of which the code makes slices: by a function, by `map` over several, or as labels. */
function addresses(kernel: string): number[] {
  const { names, body } = exported.get(kernel) ?? { names: [], body: "" };
  const several = [...body.matchAll(/\[([\w, ]+)\]\s*\.map\(\|(\w+)\| (?:values|ints)(?:_mut)?\(\2,/gu)];
  const mapped = several.flatMap(([, list = ""]) => list.split(", "));
  const isAddress = (name: string) =>
    mapped.includes(name) ||
    new RegExp(String.raw`\b(?:(?:values|ints)(?:_mut)?\(|labels\(sparse, )\s*${name}\b`, "u").test(body);
  return names.flatMap((name, i) => (isAddress(name) ? [i] : []));
}

it("the functions of Rust are found", () => {
  expect(exported.size).toBeGreaterThan(35);
});

it.each([...KERNELS])("%s has its addresses where the table says", (kernel, positions) => {
  expect(addresses(kernel)).toEqual(positions);
});

it("every kernel is in the table or in the list of those that are not recorded", () => {
  expect([...exported.keys()].sort()).toEqual([...KERNELS.keys(), ...NOT_RECORDED].sort());
});

it.each([...DRAWS])("%s has the words of its draw where the table says", (kernel, first) => {
  expect(exported.get(kernel)?.names.slice(first, first + WORDS)).toEqual(["seed", "seed_high", "call", "call_high"]);
});
