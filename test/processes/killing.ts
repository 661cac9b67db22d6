/**
 * Training processes, killed by SIGKILL and started again.
 *
 * @module
 */

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect } from "vitest";
import { readSafetensors } from "../../ts/saving/formats/safetensors.js";
import { Random } from "../support/random.js";

const PROGRAM = resolve(import.meta.dirname, "trained.mjs");

/** Arguments of trained.mjs. */
export interface Training {
  readonly folder: string | null;
  readonly saveFreq?: "epoch" | number;
  readonly optimizer?: string;
  readonly epochs?: number;
  readonly fault?: { readonly kind: string; readonly nth: number; readonly when?: "before" | "half" | "after" };
}

const last = (text: string) => text.trim().split("\n").at(-1) as string;

/** Runs the program to its end. @returns its last line, and the signal that ended it */
export function trained(training: Training): { readonly last: string; readonly signal: string | null } {
  const { stdout, signal } = spawnSync(process.execPath, [PROGRAM, JSON.stringify(training)], { encoding: "utf8" });
  return { last: last(stdout), signal };
}

/** A run in a separate process, while others continue. */
export function training(of: Training): {
  readonly ended: Promise<{ readonly last: string; readonly signal: string | null }>;
  /** Kills it after a number of lines, and some milliseconds more. */
  killAfter(lines: number, milliseconds: number): void;
} {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(of)], { stdio: ["ignore", "pipe", "inherit"] });
  let [count, target, delay, text] = [0, Number.POSITIVE_INFINITY, 0, ""];
  createInterface({ input: child.stdout }).on("line", (line) => {
    text = line;
    if (++count === target) setTimeout(() => child.kill("SIGKILL"), delay);
  });
  const ended = new Promise<{ last: string; signal: string | null }>((done) => {
    child.on("close", (_code, signal) => done({ last: text, signal }));
  });
  return {
    ended,
    killAfter(lines, milliseconds) {
      [target, delay] = [lines, milliseconds];
    },
  };
}

/** Folders of a test file, removed at its end. */
export function useFolders(): () => string {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    made.push(mkdtempSync(join(tmpdir(), "gradstep-kills-")));
    return join(made.at(-1) as string, "backup");
  };
}

/** Names in a folder, none where there is no folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Every backup of the folder is whole; of unfinished ones there is one at most, that of the last process. */
export function expectWhole(folder: string): void {
  const names = namesIn(folder);
  for (const name of names.filter((each) => !each.endsWith(".tmp"))) {
    expect(name).toBe("latest.safetensors");
    expect(readSafetensors(name, readFileSync(join(folder, name))).metadata.has("gradstep_run")).toBe(true);
  }
  expect(names.filter((name) => name.endsWith(".tmp")).length).toBeLessThanOrEqual(1);
}

/** Kills a run at random moments a number of times, and starts it again after each. */
export async function killOften(folder: string, kills: number, seed: number, of: Omit<Training, "folder">) {
  const whole = trained({ ...of, folder: null }).last;
  expect(whole).toMatch(/^[0-9a-f]{64}$/);
  const random = new Random(seed);
  for (let killed = 0; killed < kills; ) {
    const run = training({ ...of, folder });
    // Lines are batches and calls of the file system. The milliseconds reach moments between them.
    run.killAfter(1 + (random.integer() % 400), random.integer() % 4);
    const { last: line, signal } = await run.ended;
    expectWhole(folder);
    if (signal === "SIGKILL") killed++;
    else expect(line).toBe(whole);
  }
  expect(trained({ ...of, folder }).last).toBe(whole);
  expect(namesIn(folder)).toEqual([]);
}
