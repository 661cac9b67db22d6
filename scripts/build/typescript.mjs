// TypeScript to dist/: plain ES modules, one for each source file, with their types.

import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { capture } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { rebuildIfStale } from "./stale.mjs";

export function buildTypeScript() {
  return rebuildIfStale({
    name: "typescript",
    inputs: ["ts", "tsconfig.json", "tsconfig.build.json", "package-lock.json", "scripts/build/typescript.mjs"].map(
      (path) => inRoot(path),
    ),
    outputs: [inRoot("dist")],
    work: () => {
      rmSync(inRoot("dist"), { recursive: true, force: true });
      const tsc = capture(process.execPath, [inRoot("node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"]);
      if (!tsc.ok) throw new StepFailed("TypeScript found errors (above).", tsc.stdout + tsc.stderr);
      const generated = inRoot("dist/runtime/generated");
      mkdirSync(generated, { recursive: true });
      for (const name of ["gradstep.js", "gradstep.d.ts"]) {
        copyFileSync(inRoot("ts/runtime/generated", name), `${generated}/${name}`);
      }
      copyFileSync(inRoot("pkg/gradstep_bg.wasm"), inRoot("dist/gradstep.wasm"));
    },
  });
}
