// The module as base64 in a TypeScript file, and the glue beside it.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { rebuildIfStale } from "./stale.mjs";

const generated = (name) => inRoot("ts/runtime/generated", name);
const wasm = inRoot("pkg/gradstep_bg.wasm");

export function embed() {
  return rebuildIfStale({
    name: "embed",
    inputs: [wasm, inRoot("pkg/gradstep.js"), inRoot("pkg/gradstep.d.ts"), inRoot("scripts/build/embed.mjs")],
    outputs: ["bytes.ts", "gradstep.js", "gradstep.d.ts"].map(generated),
    work: () => {
      mkdirSync(generated(""), { recursive: true });
      const base64 = readFileSync(wasm).toString("base64");
      writeFileSync(generated("bytes.ts"), `export const base64: string = "${base64}";\n`);
      for (const name of ["gradstep.js", "gradstep.d.ts"]) copyFileSync(inRoot("pkg", name), generated(name));
    },
  });
}
