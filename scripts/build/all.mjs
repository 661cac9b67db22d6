// The build, step by step; each runs only when its output is stale.

import { step } from "../steps.mjs";
import { embedScalarWasm, embedWasm } from "./embed.mjs";
import { optimiseWasm } from "./optimise.mjs";
import { printSizes } from "./sizes.mjs";
import { buildTypeScript } from "./typescript.mjs";
import { buildScalarWasm, buildWasm } from "./wasm.mjs";

/** `scalar` builds the module without SIMD too, which only tests and type checks need. */
export async function buildAll({ rust, scalar = false }) {
  console.log("Build");
  await step("rust to wasm", () => buildWasm(rust));
  await step("wasm-opt", optimiseWasm);
  await step("embed", embedWasm);
  if (scalar) {
    await step("rust to wasm without SIMD", () => buildScalarWasm(rust));
    await step("embed without SIMD", embedScalarWasm);
  }
  await step("typescript", buildTypeScript);
  printSizes();
}
