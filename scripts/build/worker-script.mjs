// The worker's script as text, without the WebAssembly module: started by ts/worker/client.ts if the script's file
// cannot be found: in programs bundled to one file, and behind development servers that move the package's modules.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "../paths.mjs";
import { generated, writePacked } from "./embed.mjs";
import { MINIFIED } from "./minified.mjs";
import { PACKERS } from "./packed-text.mjs";
import { rebuildIfStale } from "./stale.mjs";

const NAME = "worker-script";

/** `gradstepPort` is what ts/worker/hosts/host-node.ts puts in front of the script. */
const ENTRY = `
import { ownEndpoint } from "./hosts/scope-web.js";
import { serve } from "./service.js";
serve(typeof gradstepPort === "undefined" ? ownEndpoint() : gradstepPort, {});
`;

export function embedWorker() {
  const outputs = [`${NAME}.js`, `${NAME}.d.ts`].map((file) => join(generated, file));
  const sources = readdirSync(inRoot("ts"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !outputs.includes(file));
  const scripts = [NAME, "embed", "minified", ...PACKERS].map((name) => `scripts/build/${name}.mjs`);
  const settings = ["tsconfig.json", "package-lock.json", ...scripts];
  const inputs = [...sources, ...settings.map((file) => inRoot(file))];
  return rebuildIfStale({ name: NAME, inputs, outputs, work: async () => writePacked(NAME, await script()) });
}

/** A classic script, which module workers accept too. */
async function script() {
  // Not at the top: this file is loaded before the npm packages are installed.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: inRoot("."),
    stdin: { contents: ENTRY, loader: "ts", resolveDir: inRoot("ts/worker") },
    tsconfig: inRoot("tsconfig.json"),
    write: false,
    bundle: true,
    format: "iife",
    platform: "browser",
    ...MINIFIED,
    logLevel: "error",
  });
  return outputFiles[0].contents;
}
