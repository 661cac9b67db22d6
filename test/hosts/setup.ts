/** The packed package, installed once for all files of this folder, and the weights that every host must reach. */

import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { makeConsumer } from "../../scripts/packed-package.mjs";
import { WEIGHTS, WORKERS } from "../packaging/worker-programs.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A project that has gradstep installed. */
    installed: string;
    /** The weights that `WORKERS` prints in this Node. */
    weights: string;
  }
}

export default function setUp(project: TestProject): () => void {
  const installed = makeConsumer();
  const program = join(installed, "program.mjs");
  writeFileSync(program, WORKERS);
  const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: "utf8" });
  const weights = WEIGHTS.exec(stdout)?.[1];
  if (weights === undefined) throw new Error(`The package does not train in this Node:\n${stdout}${stderr}`);
  project.provide("installed", installed);
  project.provide("weights", weights);
  return () => rmSync(installed, { recursive: true, force: true });
}
