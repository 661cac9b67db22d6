// How big gradstep is: the wasm file, and what a page loads.

import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const dist = new URL("../../dist/", import.meta.url);

/** Bytes of the wasm file, and of `import { Adam }` bundled, minified and compressed. */
export async function packageSizes() {
  const bundle = await build({
    stdin: { contents: `export { Adam } from "./index.js";`, resolveDir: fileURLToPath(dist) },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  return {
    wasm: statSync(new URL("gradstep.wasm", dist)).size,
    page: gzipSync(bundle.outputFiles[0].contents, { level: 9 }).length,
  };
}
