/**
 * Every example, run as its README says.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";
import { nodeModule, type Outcome, program, root } from "./program.js";

const deno = `${root}/node_modules/.bin/deno`;
const node = (folder: string, file: string) => program(process.execPath, [file], { cwd: `examples/${folder}` });

function lines({ code, stdout, stderr }: Outcome): string[] {
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout.trimEnd().split("\n");
}

/** Numbers before a percent sign. */
const percentages = (line: string) => [...line.matchAll(/([\d.]+) %/g)].map(([, number]) => Number(number));

it("digits: at least 95 % of the test digits are recognised, by each of five optimizers", async () => {
  const printed = lines(await node("digits", "main.mjs"));
  const [accuracy = 0] = percentages(printed.find((line) => line.startsWith("Test accuracy:")) ?? "");
  expect(accuracy).toBeGreaterThanOrEqual(95);
  // No terminal, so no bar: a plain line every ten epochs.
  expect(
    printed.filter((line) => /^Adam {2}epoch \d+\/60 {2}loss \d\.\d{4} {2}accuracy [\d.]+ %$/.test(line)),
  ).toHaveLength(6);
  const head = printed.findIndex((line) => line.includes("test accuracy"));
  const table = printed.slice(head + 1, head + 6);
  expect(table.map((line) => line.trim().split(/[ ,]/)[0])).toEqual(["SGD", "RMSprop", "Adam", "Lion", "Lamb"]);
  for (const line of table) expect(percentages(line)[0], line).toBeGreaterThanOrEqual(95);
  for (const line of table) expect(line).toMatch(/ [\d,]+ +[\d.]+$/);
});

it("node-quickstart: finds the line", async () => {
  const printed = lines(await node("node-quickstart", "quickstart.mjs"));
  expect(printed.at(-1)).toBe("y = slope * x + offset, with slope 3.00 and offset -1.00");
});

it("deno-script: runs without permissions, and gives Node's bits", async () => {
  const args = ["run", "--no-prompt", "--no-lock", "main.ts"];
  const inDeno = lines(await program(deno, args, { cwd: "examples/deno-script" }));
  expect(inDeno).toHaveLength(3);
  for (const line of inDeno) expect(line).toMatch(/^\w+ +x (1\.00|0\.99)\d\d +y (1\.00|0\.99)\d\d +hash [0-9a-f]{8}$/);
  const source = readFileSync(`${root}/examples/deno-script/main.ts`, "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  expect(lines(await nodeModule(outputText))).toEqual(inDeno);
});

it("custom-loop: learns, and resumes to the same bits", async () => {
  const printed = lines(await node("custom-loop", "loop.mjs"));
  expect(printed.find((line) => line.startsWith("Checkpoint:"))).toMatch(/the resumed run has the same bits$/);
  const updates = printed.filter((line) => line.startsWith("update"));
  expect(updates.slice(0, 6)).toEqual(updates.slice(6));
  const accuracies = printed.filter((line) => line.startsWith("Accuracy")).flatMap(percentages);
  expect(accuracies).toHaveLength(2);
  for (const accuracy of accuracies) expect(accuracy).toBeGreaterThanOrEqual(95);
});

it("each folder tells how to run it, and is tested", () => {
  const folders = readdirSync(`${root}/examples`);
  const untested = folders.filter(
    (folder) => !/^(data|digits|node-quickstart|deno-script|custom-loop|browser-playground)$/.test(folder),
  );
  expect(untested).toEqual([]);
  for (const folder of folders) expect(existsSync(`${root}/examples/${folder}/README.md`), folder).toBe(true);
  expect(readFileSync(`${root}/examples/data/README.md`, "utf8")).toMatch(/UCI[\s\S]*CC BY 4\.0/);
});
