/** Writes the texts of text-cases.ts for texts.py: node test/golden/texts.mjs, then generate.py texts.json. */

import { rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const bundle = `${import.meta.dirname}/.texts.bundle.mjs`;
try {
  await build({
    entryPoints: [`${import.meta.dirname}/text-cases.ts`],
    outfile: bundle,
    bundle: true,
    format: "esm",
    ignoreAnnotations: true,
  });
  const { texts, classNames } = await import(bundle);
  writeFileSync(`${import.meta.dirname}/texts.json`, JSON.stringify({ cases: texts(), arguments: classNames() }));
} finally {
  rmSync(bundle, { force: true });
}
