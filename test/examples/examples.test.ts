/** Every example, run as its README describes. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";
import { nodeModule, type Outcome, program, root } from "./program.js";

const deno = `${root}/node_modules/.bin/deno`;
const runs = new Map<string, Promise<Outcome>>();

/** An example in Node. Examples print the same in each run, so one run serves all tests. */
function node(folder: string, file: string): Promise<Outcome> {
  const path = `${folder}/${file}`;
  const run = runs.get(path) ?? program(process.execPath, [file], { cwd: `examples/${folder}` });
  runs.set(path, run);
  return run;
}

function lines({ code, stdout, stderr }: Outcome): string[] {
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout.trimEnd().split("\n");
}

/** Numbers before a percent sign. */
const percentages = (line: string) => [...line.matchAll(/([\d.]+) %/g)].map(([, number]) => Number(number));

it("digits: at least 98 % of the test digits are recognised", async () => {
  const printed = lines(await node("digits", "main.mjs"));
  const [accuracy = 0] = percentages(printed.find((line) => line.startsWith("Test accuracy:")) ?? "");
  expect(accuracy).toBeGreaterThanOrEqual(98);
  // No terminal, so no bar: Keras's line for each epoch.
  const epochs = printed.filter((line) =>
    /^45\/45 - \d+s - \w+\/step - accuracy: [\d.]+ - loss: [\d.]+ - val_accuracy: [\d.]+ - val_loss: [\d.]+$/.test(
      line,
    ),
  );
  expect(epochs).toHaveLength(20);
  const head = printed.findIndex((line) => line.startsWith("Digits (rows)"));
  const table = printed.slice(head + 2, head + 12).map((line) => line.trim().split(/ +/));
  expect(table.map(([digit]) => digit)).toEqual([..."0123456789"]);
  const counted = table
    .flatMap(([, ...cells]) => cells)
    .reduce((sum, cell) => sum + (cell === "." ? 0 : Number(cell)), 0);
  expect(counted).toBe(360);
});

it("hand-written-gradients: at least 95 % of the test digits are recognised, by each of five optimizers", async () => {
  const printed = lines(await node("hand-written-gradients", "main.mjs"));
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

it("optimizers-compared: a part of it has the bits of the tables in the documents", async () => {
  const args = ["main.mjs", "digits", "Lion", "Prodigy"];
  const printed = lines(await program(process.execPath, args, { cwd: "examples/optimizers-compared" }));
  const page = readFileSync(`${root}/docs/optimizers-compared.md`, "utf8");
  const [table = ""] = page.split("\n## ").filter((section) => section.startsWith("Digits"));
  const rows = printed.filter((line) => /^\| (AdamW|Lion|Prodigy) \|/.test(line));
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(table.split("\n")).toContain(row);
});

it("training-loop: fit and the loop both learn", async () => {
  const printed = lines(await node("training-loop", "loop.mjs"));
  expect(printed[0]).toMatch(/^fit: {2}loss 0\.0\d{3}, accuracy 1\.000$/);
  const losses = printed.slice(1, 5).map((line) => Number(/loss ([\d.]+)$/.exec(line)?.[1]));
  expect([...losses].sort((a, b) => b - a)).toEqual(losses);
  expect(losses[3]).toBeLessThan(0.01);
  expect(printed.at(-1)).toBe("200 updates");
});

it("gan: values of both networks are readable after both steps, and memory stays constant", async () => {
  const printed = lines(await node("gan", "gan.mjs"));
  expect(printed.filter((line) => /^step \d+: d_loss [\d.]+, g_loss [\d.]+, accuracy [\d.]+$/.test(line))).toHaveLength(
    3,
  );
  expect(printed).toContain("memory: as in the first turns");
});

it("pinn: the equation is solved, and memory stays the same", async () => {
  const printed = lines(await node("pinn", "pinn.mjs"));
  const losses = printed.slice(0, 4).map((line) => Number(/^step \d+: loss ([\d.e+-]+)$/.exec(line)?.[1]));
  expect(losses[3]).toBeLessThan((losses[0] as number) / 1e3);
  expect(Number(/^largest error ([\d.]+)$/.exec(printed[4] ?? "")?.[1])).toBeLessThan(0.02);
  expect(printed.at(-1)).toBe("memory: as in the first turns");
});

it("wgan-gp: made points come near the real ones, and memory stays the same", async () => {
  const printed = lines(await node("wgan-gp", "wgan-gp.mjs"));
  const [, x, y] = /^made points are around (-?[\d.]+), (-?[\d.]+)$/.exec(printed.at(-2) ?? "") ?? [];
  expect(Math.abs(Number(x) - 2)).toBeLessThan(0.5);
  expect(Math.abs(Number(y) + 1)).toBeLessThan(0.5);
  expect(printed.at(-1)).toBe("memory: as in the first turns");
});

it("custom-train-step: loss and metrics fall, and a worker trains the same", async () => {
  const printed = lines(await node("custom-train-step", "main.mjs"));
  const ends = printed.slice(0, -1).map((line) => /^(\w+): ([\d.]+) -> ([\d.]+)$/.exec(line) as RegExpExecArray);
  expect(ends.map(([, name]) => name)).toEqual(["loss", "mae", "val_loss", "val_mae"]);
  for (const [line, , from, to] of ends) expect(Number(to), line).toBeLessThan(Number(from) / 2);
  expect(printed.at(-1)).toBe("in a worker: the same");
});

it("vae: the loss falls, on test images as on training images", async () => {
  const printed = lines(await node("vae", "vae.mjs"));
  const [first = 0, last = 0] = printed
    .slice(0, 2)
    .map((line) => Number(/^epoch \d+: loss ([\d.]+), /.exec(line)?.[1]));
  expect(last).toBeLessThan(first * 0.7);
  expect(Number(/^test loss ([\d.]+)$/.exec(printed[2] ?? "")?.[1])).toBeLessThan(last * 1.1);
  expect(printed.slice(3)).toHaveLength(8);
});

it("dcgan: made digits are bright where real ones are", async () => {
  const printed = lines(await node("dcgan", "dcgan.mjs"));
  expect(printed.filter((line) => /^epoch \d+: discriminator [\d.]+, generator [\d.]+$/.test(line))).toHaveLength(4);
  const [real = [], made = []] = printed.slice(-2).map((line) => line.split(": ")[1]?.split(" ").map(Number));
  expect(real).toHaveLength(8);
  for (const [i, brightness] of real.entries()) expect(Math.abs((made[i] as number) - brightness)).toBeLessThan(0.2);
});

it("distillation: the student learns more from the teacher than from the labels alone", async () => {
  const printed = lines(await node("distillation", "distillation.mjs"));
  const [teacher = 0, distilled = 0, alone = 0] = printed.slice(0, 3).map((line) => percentages(line)[0] ?? 0);
  expect(teacher).toBeGreaterThan(95);
  expect(distilled).toBeGreaterThan(alone + 1);
  expect(printed.at(-1)).toBe("the teacher is as it was");
});

it.each([
  ["vae", "vae.mjs"],
  ["dcgan", "dcgan.mjs"],
  ["distillation", "distillation.mjs"],
])("%s prints the same in a worker thread", async (folder, file) => {
  const start = `new (require("node:worker_threads").Worker)("./${file}", { execArgv: [] })`;
  const there = await program(process.execPath, ["--eval", start], { cwd: `examples/${folder}` });
  expect(lines(there)).toEqual(lines(await node(folder, file)));
});

it("metrics-in-a-loop: accuracy rises, in training and validation", async () => {
  const printed = lines(await node("metrics-in-a-loop", "loop.mjs"));
  const numbers = printed.map((line) => [...line.matchAll(/ (\d\.\d{3})/g)].map(([, number]) => Number(number)));
  expect(numbers).toHaveLength(5);
  const [first = [], last = []] = [numbers[0], numbers.at(-1)];
  expect(last[0]).toBeLessThan((first[0] as number) / 2);
  for (const at of [1, 2]) expect(last[at]).toBeGreaterThan((first[at] as number) + 0.1);
});

it("actor-critic: the reward rises, and memory stays the same", async () => {
  const printed = lines(await node("actor-critic", "actor-critic.mjs"));
  const rewards = printed.slice(0, 5).map((line) => Number(/^episode \d+: running reward ([\d.]+)$/.exec(line)?.[1]));
  expect(rewards[0]).toBeLessThan(rewards[4] as number);
  expect(rewards[4]).toBeGreaterThan(100);
  expect(printed.at(-1)).toBe("memory: as in the first episodes");
});

it("custom-loss: the robust one finds the line", async () => {
  const [plain = "", robust = ""] = lines(await node("custom-loss", "loss.mjs"));
  const numbers = (line: string) => [...line.matchAll(/-?[\d.]+\d/g)].map(Number);
  expect(Math.abs((numbers(plain)[1] ?? 0) + 1)).toBeGreaterThan(1);
  expect(numbers(robust)[0]).toBeCloseTo(3, 1);
  expect(numbers(robust)[1]).toBeCloseTo(-1, 0);
});

it("functional-model: both outputs learn", async () => {
  const printed = lines(await node("functional-model", "model.mjs"));
  const last = (name: string) => Number(printed.find((line) => line.startsWith(name))?.split("-> ")[1]);
  expect(last("position_loss")).toBeLessThan(0.02);
  expect(last("side_accuracy")).toBeGreaterThan(0.95);
});

it("two-rates: the base moves only where its rate is not 0, and a worker trains the same", async () => {
  const printed = lines(await node("two-rates", "fine-tune.mjs"));
  const [frozen, slow] = printed.map((line) => /^base .+: accuracy ([\d.]+) %, base moved by ([\d.]+)$/.exec(line));
  expect(Number(frozen?.[2])).toBe(0);
  expect(Number(slow?.[2])).toBeGreaterThan(0.01);
  expect(Number(slow?.[1])).toBeGreaterThan(90);
  expect(printed.slice(2)).toEqual(["in a worker: the same weights"]);
});

it("save-and-resume: a run that is killed twice ends with the bits of one that was left alone", async () => {
  const printed = lines(await node("save-and-resume", "main.mjs"));
  expect(printed.filter((line) => /^ {2}(begins|goes on|killed after step \d+)$/.test(line))).toEqual([
    "  begins",
    "  killed after step 50",
    "  goes on",
    "  killed after step 250",
    "  goes on",
    "  begins",
  ]);
  const hashes = printed.flatMap((line) => /^ {2}weights ([0-9a-f]{16})$/.exec(line)?.[1] ?? []);
  expect(hashes).toEqual([hashes[0], hashes[0]]);
  const numbers = /^in the ring ([\d.]+), in its center ([\d.]+)$/.exec(printed.at(-1) ?? "");
  expect(Number(numbers?.[1])).toBeGreaterThan(0.8);
  expect(Number(numbers?.[2])).toBeLessThan(0.2);
});

it("node-worker: learns, while its thread is free", async () => {
  const printed = lines(await node("node-worker", "train.mjs"));
  expect(printed.filter((line) => /^epoch +\d+ {2}loss \d\.\d{4}$/.test(line)).length).toBeGreaterThan(1);
  expect(printed.at(-2)).toMatch(/^\d+ epochs; meanwhile this thread ran its timer$/);
  expect(percentages(printed.at(-1) ?? "")[0]).toBeGreaterThan(97);
});

it("replicas: fit repeats itself to the bit on 1, 2 and 4 of them", async () => {
  const printed = lines(await node("replicas", "fit.mjs"));
  const runs = printed.filter((line) => /^[124] replicas? +run [12] {2}loss 0\.\d+ /.test(line));
  expect(runs).toHaveLength(6);
  for (const line of runs) expect(percentages(line)[0], line).toBeGreaterThan(95);
  const hashes = runs.map((line) => line.split(" ").at(-1));
  expect(hashes[0]).toMatch(/^[0-9a-f]{12}$/);
  for (const i of [0, 2, 4]) expect(hashes[i]).toBe(hashes[i + 1]);
  const shared = printed.filter((line) => /^4 replicas, their work done by [12] worker/.test(line));
  expect(shared.map((line) => line.split(" ").at(-1))).toEqual([hashes[4], hashes[4]]);
  expect(printed.at(-3)).toMatch(/the same bits\.$/);
  expect(printed.at(-1)).toMatch(/no weight is more than \de-[67] away\.$/);
});

it("replicas: a custom loop gives the same bits by applyGradients and by hand", async () => {
  const printed = lines(await node("replicas", "loop.mjs"));
  const replicas = printed.filter((line) => /^ {2}replica [01] of 2 /.test(line));
  expect(replicas).toHaveLength(4);
  for (const line of replicas) expect(percentages(line)[0], line).toBeGreaterThan(95);
  expect(new Set(replicas.map((line) => line.split(" ").at(-1))).size).toBe(1);
  expect(printed.at(-1)).toMatch(/the same bits\.$/);
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

it("deno-worker: may read one file, learns off its thread, and gets the bits that it gets here", async () => {
  const args = ["run", "--no-prompt", "--no-lock", "--allow-read=../../dist/worker/gradstep-worker.js", "main.ts"];
  const printed = lines(await program(deno, args, { cwd: "examples/deno-worker" }));
  expect(printed).toHaveLength(6);
  for (const line of printed.slice(0, 4)) expect(line).toMatch(/^epoch \d+ {2}loss 0\.\d{4} {2}accuracy \d+\.\d %$/);
  expect(percentages(printed[3] ?? "")[0]).toBeGreaterThan(90);
  expect(printed.slice(4)).toEqual(["Meanwhile this thread ran its timer.", "Trained here, it gets the same weights."]);
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

it("each folder has instructions, and is tested", () => {
  const folders = readdirSync(`${root}/examples`);
  // The suites that run them.
  const pages = ["examples/playground", "examples/worker-training", "examples/transfer-learning"];
  const suites = ["examples/examples", ...pages, "mpi/example"];
  const text = suites.map((name) => readFileSync(`${root}/test/${name}.test.ts`, "utf8")).join("");
  const isRun = (folder: string) => text.includes(`node("${folder}", `) || text.includes(`examples/${folder}"`);
  const untested = folders.filter((folder) => folder !== "data" && !isRun(folder));
  expect(untested).toEqual([]);
  for (const folder of folders) expect(existsSync(`${root}/examples/${folder}/README.md`), folder).toBe(true);
  expect(readFileSync(`${root}/examples/data/README.md`, "utf8")).toMatch(/UCI[\s\S]*CC BY 4\.0/);
});
