/** The module that sums in shared memory equals its text format. */

import { readFileSync } from "node:fs";
import binaryen from "binaryen";
import { expect, it } from "vitest";
import { root } from "../examples/program.js";

it("the bytes in shared-sum.ts are shared-sum.wat, assembled", () => {
  const text = readFileSync(`${root}/ts/replicas/shared-sum.wat`, "utf8");
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.SIMD128 | binaryen.Features.Atomics);
  expect(module.validate()).toBe(1);
  const source = readFileSync(`${root}/ts/replicas/shared-sum.ts`, "utf8");
  const [, list = ""] = /const BYTES: readonly number\[\] = \[([\d,\s]+)\]/.exec(source) ?? [];
  const bytes = list
    .split(",")
    .map((byte) => byte.trim())
    .filter((byte) => byte !== "")
    .map(Number);
  expect(bytes).toEqual([...module.emitBinary()]);
});
