// npm start: trains on handwritten digits, after everything that it needs was installed and built.

import { runBuilt } from "./built-program.mjs";

await runBuilt("examples/digits/main.mjs");
