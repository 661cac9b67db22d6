/** A program that is suspended for longer than its threads and replicas wait for each other: none counts as lost. */

import { spawn } from "node:child_process";
import { setTimeout as passed } from "node:timers/promises";
import { expect, it } from "vitest";

const program = new URL("suspended.mjs", import.meta.url).pathname;
/** Milliseconds; the program's threads and replicas wait for 250. */
const SUSPENDED = 400;

/** The last line of the program, which is suspended every `interval` milliseconds. */
async function ran(interval?: number): Promise<{ said: unknown; stops: number }> {
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  const isReady = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      resolve();
    });
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  let stops = 0;
  if (interval !== undefined) {
    await Promise.race([isReady, ended]);
    while (!hasEnded()) {
      await Promise.race([ended, passed(interval)]);
      if (hasEnded() || !child.kill("SIGSTOP")) break;
      stops++;
      await passed(SUSPENDED);
      child.kill("SIGCONT");
    }
  }
  await ended;
  return { said: JSON.parse(output.trim().split("\n").at(-1) ?? ""), stops };
}

it("the same bits, and no replica or thread is lost", { timeout: 120_000 }, async () => {
  const { said } = await ran();
  expect(said).toEqual({ hash: expect.any(Number), threads: 1 });
  const suspended = await ran(60);
  expect(suspended.said).toEqual(said);
  expect(suspended.stops).toBeGreaterThan(3);
});
