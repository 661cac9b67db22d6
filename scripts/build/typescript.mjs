// TypeScript to dist/: plain ES modules, one for each source file, with their types; and what tsc does not copy.

import { copyFileSync, cpSync, rmSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { captureOrStop } from "../process.mjs";
import { generated } from "./embed.mjs";
import { rebuildIfStale } from "./stale.mjs";

const wasm = inRoot("pkg/gradstep.wasm");
const settings = ["tsconfig.json", "tsconfig.build.json", "package-lock.json", "scripts/build/typescript.mjs"];

export function buildTypeScript() {
  const work = () => {
    // Emptied first: a module that was renamed must not stay in the package.
    rmSync(inRoot("dist"), { recursive: true, force: true });
    const tsc = inRoot("node_modules/typescript/bin/tsc");
    captureOrStop(process.execPath, [tsc, "-p", inRoot("tsconfig.build.json")], {
      sentence: "tsc found the errors above.",
    });
    cpSync(generated, inRoot("dist/runtime/generated"), { recursive: true });
    copyFileSync(wasm, inRoot("dist/gradstep.wasm"));
  };
  const inputs = [inRoot("ts"), wasm, ...settings.map((file) => inRoot(file))];
  return rebuildIfStale({ name: "typescript", inputs, outputs: [inRoot("dist")], work });
}
