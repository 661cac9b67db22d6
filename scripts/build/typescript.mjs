// TypeScript to dist/: plain ES modules, one for each source file, with their types; and files that tsc does not copy.

import { copyFileSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "../paths.mjs";
import { captureOrStop } from "../process.mjs";
import { generated } from "./embed.mjs";
import { flatten } from "./flat.mjs";
import { MINIFIED } from "./minified.mjs";
import { rebuildIfStale } from "./stale.mjs";

const wasm = inRoot("pkg/gradstep.wasm");
const settings = [
  "tsconfig.json",
  "tsconfig.build.json",
  "package-lock.json",
  "scripts/build/typescript.mjs",
  "scripts/build/flat.mjs",
  "scripts/build/minified.mjs",
];

/** Types of the file in workerd and edge runtimes; docs/hosts.md says what others give for it. */
const WASM_TYPES = `import type { WasmModule } from "./platform-types.js";
/** gradstep's compiled module, for \`initSync({ module })\` of gradstep/slim. */
declare const module: WasmModule;
export default module;
`;

export function buildTypeScript() {
  const work = async () => {
    // Emptied first: a module that was renamed must not stay in the package.
    rmSync(inRoot("dist"), { recursive: true, force: true });
    const tsc = inRoot("node_modules/typescript/bin/tsc");
    captureOrStop(process.execPath, [tsc, "-p", inRoot("tsconfig.build.json")], {
      sentence: "tsc found the errors above.",
    });
    cpSync(generated, inRoot("dist/runtime/generated"), { recursive: true });
    copyFileSync(wasm, inRoot("dist/gradstep.wasm"));
    writeFileSync(inRoot("dist/gradstep.wasm.d.ts"), WASM_TYPES);
    await bundleWorkers(inRoot("dist"));
    await flatten(inRoot("dist"));
  };
  const inputs = [inRoot("ts"), wasm, ...settings.map((file) => inRoot(file))];
  return rebuildIfStale({ name: "typescript", inputs, outputs: [inRoot("dist")], work });
}

/**
 * The workers' scripts as one file each: see ts/worker/gradstep-worker.ts. Node loads it in a fourth of the time that
 * the modules take.
 */
export async function bundleWorkers(dist) {
  // Not at the top: this file is loaded before the npm packages are installed.
  const { build } = await import("esbuild");
  for (const [name, platform] of [
    ["gradstep-worker", "browser"],
    ["gradstep-worker-node", "node"],
  ]) {
    const script = join(dist, `worker/${name}.js`);
    await build({
      absWorkingDir: dist,
      entryPoints: [script],
      outfile: script,
      allowOverwrite: true,
      // Its paths are those of the sources: each platform has its own in package.json.
      tsconfigRaw: {},
      bundle: true,
      format: "esm",
      platform,
      ...MINIFIED,
      logLevel: "error",
    });
    // The source map is that of the file written by tsc.
    rmSync(`${script}.map`, { force: true });
  }
}
