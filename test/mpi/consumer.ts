/** A project that installed the packed package and koffi, with the scripts of `ranks/` in it: for all files of this folder. */

import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { makeConsumer } from "../../scripts/packed-package.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Where it is. */
    consumer: string;
  }
}

export default function setUp(project: TestProject): () => void {
  const folder = makeConsumer();
  symlinkSync(resolve(import.meta.dirname, "../../node_modules/koffi"), join(folder, "node_modules/koffi"));
  cpSync(resolve(import.meta.dirname, "ranks"), join(folder, "ranks"), { recursive: true });
  // The same package without koffi beside it.
  const bare = join(folder, "without-koffi");
  mkdirSync(join(bare, "node_modules"), { recursive: true });
  writeFileSync(join(bare, "package.json"), JSON.stringify({ name: "bare", private: true, type: "module" }));
  cpSync(join(folder, "ranks"), join(bare, "ranks"), { recursive: true });
  project.provide("consumer", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
