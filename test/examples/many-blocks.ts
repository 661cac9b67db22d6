/**
 * Blocks of the documentation, many in one process: starting Node and loading the package takes longer than most of them. A block that
 * fails among others runs again alone, which decides; with GRADSTEP_ALONE=1, as `npm test -- all` sets it, each block runs alone.
 *
 * @module
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type CodeBlock, runnable } from "./code-blocks.js";
import { nodeModule, root } from "./program.js";

/** Blocks in one process. */
const MOST = 40;

/** Blocks that set up the module or the process, start workers, or add methods: these would act on the blocks after them. */
const SETS_UP =
  /gradstep\/(?:worker|distribute|threads|mpi|slim|methods)\b|\b(?:initSync|memoryUse|setReplicaContext|process)\b/;

/** Runs a block alone. @returns the error; an empty text for none */
async function alone({ code }: CodeBlock): Promise<string> {
  const { code: exit, stderr } = await nodeModule(runnable(code));
  return exit === 0 ? "" : `exit code ${exit}: ${stderr}`;
}

/** Runs blocks one after the other in one process. @returns those that succeeded */
async function together(blocks: readonly CodeBlock[]): Promise<ReadonlySet<CodeBlock>> {
  mkdirSync(`${root}/.cache`, { recursive: true });
  // Inside the repository, where `import ... from "gradstep"` is this package.
  const folder = mkdtempSync(`${root}/.cache/blocks-`);
  try {
    blocks.forEach(({ code }, i) => writeFileSync(`${folder}/${i}.mjs`, runnable(code, "../..")));
    const { code } = await nodeModule(`
import { writeFileSync } from "node:fs";
const done = [];
for (let i = 0; i < ${blocks.length}; i++) {
  await import(${JSON.stringify(folder)} + "/" + i + ".mjs").then(() => done.push(i), () => {});
}
writeFileSync(${JSON.stringify(`${folder}/done.json`)}, JSON.stringify(done));
`);
    if (code !== 0 || !existsSync(`${folder}/done.json`)) return new Set();
    const done = JSON.parse(readFileSync(`${folder}/done.json`, "utf8")) as readonly number[];
    return new Set(done.map((i) => blocks[i]!));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A function that runs a block of these. @returns the error; an empty text for none */
export function blockRunner(blocks: readonly CodeBlock[]): (block: CodeBlock) => Promise<string> {
  const shareable = process.env.GRADSTEP_ALONE === "1" ? [] : blocks.filter(({ code }) => !SETS_UP.test(code));
  const groups = new Map<number, Promise<ReadonlySet<CodeBlock>>>();
  return async (block) => {
    const at = Math.floor(shareable.indexOf(block) / MOST);
    if (at < 0) return alone(block);
    const group = groups.get(at) ?? together(shareable.slice(at * MOST, (at + 1) * MOST));
    groups.set(at, group);
    return (await group).has(block) ? "" : alone(block);
  };
}
