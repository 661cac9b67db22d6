// The module as text next to wasm-bindgen's glue, where TypeScript imports both.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "../paths.mjs";
import { placesOf } from "./fusible.mjs";
import { PACKERS, packedText, THOROUGH } from "./packed-text.mjs";
import { rebuildIfStale } from "./stale.mjs";

const wasm = inRoot("pkg/gradstep.wasm");
const threads = inRoot("pkg-threads/gradstep.wasm");
const glue = ["gradstep.js", "gradstep.d.ts"];
export const generated = inRoot("ts/runtime/generated");

export function embed() {
  const work = () => {
    mkdirSync(generated, { recursive: true });
    for (const file of glue)
      writeFileSync(join(generated, file), anyRealm(readFileSync(inRoot("pkg", file), "utf8"), file));
    const modules = { module: readFileSync(wasm), threads: readFileSync(threads) };
    writePacked("bytes", modules.module, THOROUGH);
    writePacked("threads-bytes", modules.threads, THOROUGH);
    writeFusible(modules);
  };
  const inputs = [
    wasm,
    threads,
    ...glue.map((file) => inRoot("pkg", file)),
    ...["embed", ...PACKERS, "fusible", "wasm-code"].map((name) => inRoot(`scripts/build/${name}.mjs`)),
  ];
  const outputs = [
    ...glue,
    ...["bytes", "threads-bytes", "fusible"].flatMap((name) => [`${name}.js`, `${name}.d.ts`]),
  ].map((file) => join(generated, file));
  return rebuildIfStale({ name: "embed", inputs, outputs, work });
}

/**
 * The glue without its `instanceof WebAssembly.Module`, which fails for a module compiled in another realm, as in
 * Next.js's edge sandbox and Jest. ts/runtime/module.ts has already checked the module.
 */
function anyRealm(code, file) {
  if (!file.endsWith(".js")) return code;
  const check = /\n {4}if \(!\(module instanceof WebAssembly\.Module\)\) \{\n.*\n {4}\}(?=\n {4}const instance)/;
  if (!check.test(code)) throw new Error(`${file}: wasm-bindgen's initSync has changed.`);
  return code.replace(check, "");
}

/** The places that relaxed SIMD changes, see ts/runtime/relaxed.ts. */
function writeFusible(modules) {
  const distances = (places) => places.flatMap(([at, ...lengths], i) => [at - (places[i - 1]?.[0] ?? 0), ...lengths]);
  const places = Object.entries(modules).map(([name, bytes]) => [name, distances(placesOf(bytes))]);
  if (places.some(([, numbers]) => numbers.length === 0))
    throw new Error("fusible.mjs: no loop of a product was found in the module.");
  writeFileSync(
    join(generated, "fusible.js"),
    `export const places = ${JSON.stringify(Object.fromEntries(places))};\n`,
  );
  const type = places.map(([name]) => `readonly ${name}: readonly number[]`).join("; ");
  writeFileSync(join(generated, "fusible.d.ts"), `export declare const places: { ${type} };\n`);
}

/** Writes a module of ts/runtime/generated/ that contains `bytes`. */
export function writePacked(name, bytes, effort) {
  // JavaScript with a declaration, not TypeScript: tsc would repeat the text in the source map.
  const values = { text: packedText(bytes, effort), size: bytes.length };
  const lines = Object.entries(values).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`);
  writeFileSync(join(generated, `${name}.js`), lines.join(""));
  const types = ["text: string", "size: number"];
  writeFileSync(join(generated, `${name}.d.ts`), types.map((type) => `export declare const ${type};\n`).join(""));
}
