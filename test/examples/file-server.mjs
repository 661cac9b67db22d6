// A page's web server, for the examples that fetch the module.

import { readFileSync } from "node:fs";

globalThis.fetch = async (url) =>
  String(url).endsWith("gradstep.wasm")
    ? new Response(readFileSync(new URL("../../dist/gradstep.wasm", import.meta.url)))
    : new Response(null, { status: 404 });
