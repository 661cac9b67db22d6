// The module as base64 text beside wasm-bindgen's glue, where the TypeScript imports them from.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "../paths.mjs";
import { rebuildIfStale } from "./stale.mjs";

const wasm = inRoot("pkg/gradstep.wasm");
const glue = ["gradstep.js", "gradstep.d.ts"];
export const generated = inRoot("ts/runtime/generated");

export function embed() {
  const work = () => {
    rmSync(generated, { recursive: true, force: true });
    mkdirSync(generated, { recursive: true });
    for (const file of glue) copyFileSync(inRoot("pkg", file), join(generated, file));
    // JavaScript with a declaration, not TypeScript: tsc would put the text into the source map once more.
    writeFileSync(join(generated, "bytes.js"), `export const base64 = "${readFileSync(wasm, "base64")}";\n`);
    writeFileSync(join(generated, "bytes.d.ts"), "export declare const base64: string;\n");
  };
  const inputs = [wasm, ...glue.map((file) => inRoot("pkg", file)), inRoot("scripts/build/embed.mjs")];
  return rebuildIfStale({ name: "embed", inputs, outputs: [generated], work });
}
