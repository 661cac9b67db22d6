/** Projects that installed the packed package, with the scripts of `ranks/` in them: for all files of this folder. */

import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { makeConsumer } from "../../scripts/packed-package.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** One with koffi. */
    consumer: string;
    /** One without. */
    bare: string;
  }
}

export default function setUp(project: TestProject): () => void {
  const consumer = makeConsumer();
  const bare = mkdtempSync(join(tmpdir(), "gradstep-bare-"));
  writeFileSync(join(bare, "package.json"), JSON.stringify({ name: "bare", private: true, type: "module" }));
  cpSync(join(consumer, "node_modules/gradstep"), join(bare, "node_modules/gradstep"), { recursive: true });
  symlinkSync(resolve(import.meta.dirname, "../../node_modules/koffi"), join(consumer, "node_modules/koffi"));
  for (const folder of [consumer, bare]) {
    cpSync(resolve(import.meta.dirname, "ranks"), join(folder, "ranks"), { recursive: true });
  }
  project.provide("consumer", consumer);
  project.provide("bare", bare);
  return () => {
    for (const folder of [consumer, bare]) rmSync(folder, { recursive: true, force: true });
  };
}
