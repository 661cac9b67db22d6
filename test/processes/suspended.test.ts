/** A program that is suspended for longer than its threads and replicas wait for each other: none counts as lost. */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as passed } from "node:timers/promises";
import { expect, it } from "vitest";

const program = new URL("suspended.mjs", import.meta.url).pathname;
/** Milliseconds; the program's threads and replicas wait for 1500. */
const [RUNNING, SUSPENDED] = [60, 2000];

/** The last line of the program, which is suspended at most `stops` times in each phase. */
async function ran(stops: number): Promise<{ said: unknown; stopped: string[] }> {
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  const stopped: string[] = [];
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  while (!hasEnded()) {
    await Promise.race([ended, passed(RUNNING)]);
    const phase = lines.at(-1);
    if (phase === undefined || stopped.filter((at) => at === phase).length >= stops || !child.kill("SIGSTOP")) continue;
    stopped.push(phase);
    await passed(SUSPENDED);
    child.kill("SIGCONT");
  }
  await ended;
  return { said: JSON.parse(lines.at(-1) ?? ""), stopped };
}

it("the same bits, and no replica or thread is lost", { timeout: 120_000 }, async () => {
  const { said } = await ran(0);
  expect(said).toEqual({ hash: expect.any(Number), threads: 1 });
  const suspended = await ran(4);
  expect(suspended.said).toEqual(said);
  expect(suspended.stopped).toEqual(expect.arrayContaining(["replicas", "threads"]));
});
