// npm run bench: measures, compares, writes bench/RESULTS.md.

import { runBuilt } from "./built-program.mjs";

await runBuilt("bench/main.mjs");
