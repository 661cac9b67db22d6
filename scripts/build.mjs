// npm run build: everything that the package is made of, as far as it is stale.

import { pathToFileURL } from "node:url";
import { embed } from "./build/embed.mjs";
import { optimiseThreads, optimiseWasm } from "./build/optimise.mjs";
import { reportSizes } from "./build/sizes.mjs";
import { buildTypeScript } from "./build/typescript.mjs";
import { buildScalar, buildThreads, buildWasm } from "./build/wasm.mjs";
import { embedWorker } from "./build/worker-script.mjs";
import { setUp } from "./setup.mjs";
import { runScript, step } from "./steps.mjs";

/** Builds dist/; with `scalar`, the test build without SIMD as well. */
export async function build({ rust, scalar = false }) {
  console.log("Build");
  await step("rust to wasm", () => buildWasm(rust));
  await step("wasm-opt", optimiseWasm);
  await step("rust to wasm on shared memory", () => buildThreads(rust));
  await step("wasm-opt on shared memory", optimiseThreads);
  await step("embed", embed);
  await step("worker script", embedWorker);
  await step("typescript", buildTypeScript);
  if (scalar) await step("rust to wasm without SIMD", () => buildScalar(rust));
  await step("gradstep.wasm", () => reportSizes(rust));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runScript(async () => build(await setUp()));
}
