// npm run build: set-up, then dist/.

import { buildAll } from "./build/all.mjs";
import { setUp } from "./setup.mjs";
import { runScript } from "./steps.mjs";

await runScript(async () => buildAll(await setUp()));
