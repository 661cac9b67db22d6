/** Constants that the kernels and the rules for their derivatives both have. Node only: it reads the source. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const constant = (source: string, name: string) =>
  new RegExp(`const ${name}(?:: f32)? = ([\\d._]+);`).exec(source)?.[1];

it.each([
  ["GELU_SCALE", "GELU_SLOPE"],
  ["GELU_CUBIC", "GELU_CUBIC"],
])("%s of the kernel is %s of the rule", (rust, typescript) => {
  const kernel = constant(read("crates/nn/src/elementwise/functions.rs"), rust);
  expect(kernel).toMatch(/^\d/);
  expect(constant(read("ts/ops/unary.ts"), typescript)).toBe(kernel);
});
