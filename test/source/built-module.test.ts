/**
 * The built module: the order of its functions is a permutation that keeps the most called ones in numbers of one byte, and
 * texts of panics are gone.
 */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { namedByOrder } from "../../scripts/build/similar.mjs";

const module = readFileSync(new URL("../../pkg/gradstep.wasm", import.meta.url));

/** The names of functions by their numbers, in a module with a section of names. */
function namesOf(bytes: Buffer): [number, string][] {
  const [content] = WebAssembly.Module.customSections(new WebAssembly.Module(Uint8Array.from(bytes)), "name");
  const names = Buffer.from(content!);
  let at = 1;
  const number = () => {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = names[at++]!;
      value += (byte & 127) * 2 ** shift;
      shift += 7;
    } while (byte >= 128);
    return value;
  };
  number();
  return Array.from({ length: number() }, () => {
    const [index, length] = [number(), number()];
    at += length;
    return [index, names.toString("latin1", at - length, at)];
  });
}

it("every function has one place, and calls stay as short", () => {
  const names = namesOf(namedByOrder(module));
  expect(names.length).toBeGreaterThan(300);
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(module)).filter(({ kind }) => kind === "function");
  expect(names.map(([index]) => index)).toEqual(names.map((_, i) => imported.length + i));
  expect(names.map(([, name]) => name).sort()).toEqual(names.map((_, i) => `f${10_000 + i}`));
  for (const [index, name] of names) {
    expect(index < 128).toBe(imported.length + Number(name.slice(1)) - 10_000 < 128);
  }
});

it("no text of a panic is left", () => {
  const text = module.toString("latin1");
  expect(text.match(/assertion failed|slice index|out of range for|capacity overflow|crates\/|\.rs\b/g)).toBe(null);
  // Texts that the package reads are there.
  expect(text).toContain("learning_rate");
});
