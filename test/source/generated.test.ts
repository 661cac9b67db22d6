/**
 * Generated parts are up to date: sections in docs/, and hashes of optimizers. `npm run generate`
 * runs this file with GRADSTEP_GENERATE=1, which writes them. Node only: it reads and writes files.
 */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, it, vi } from "vitest";
import { schedules } from "../../ts/index.js";
import scheduleVectors from "../golden/schedules.json" with { type: "json" };
import { fingerprint } from "../support/fingerprint.js";
import { GOLDEN } from "../support/golden.js";
import { backupInMemory } from "../support/memory-files.js";
import { CLASS_NAMES } from "../support/optimizers.js";
import { byBackup, byKeras, type Part, RELAYS, wholeRun } from "../support/relay.js";
import { generatedParts } from "./optimizer-pages.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Missing gradients are part of the hashes.

const writes = process.env.GRADSTEP_GENERATE === "1";
const PAGES = {
  table: "using-optimizers",
  sections: "optimizers",
  "table beyond Keras": "optimizers-beyond-keras",
  "sections beyond Keras, A to M": "formulas-beyond-keras",
  "sections beyond Keras, N to Z": "formulas-beyond-keras-n-to-z",
} as const;
const HASHES = new URL("../golden/fingerprints.json", import.meta.url);

const HOST_FILES = new URL("../golden/host-files.json", import.meta.url);

/** Compares a file with what it should be, or writes it. */
function settle(url: URL, expected: string): void {
  if (writes) writeFileSync(url, expected);
  else expect(readFileSync(url, "utf8"), "npm run generate brings it up to date").toBe(expected);
}

it.each(Object.entries(PAGES))("the %s of all optimizers, in docs/%s.md", (name, page) => {
  const url = new URL(`../../docs/${page}.md`, import.meta.url);
  const text = readFileSync(url, "utf8");
  const mark = new RegExp(`(<!-- ${name}: made by npm run generate -->\n)[\\s\\S]*?(\n<!-- end -->)`);
  expect(text).toMatch(mark);
  const part = generatedParts()[name];
  settle(
    url,
    text.replace(mark, (_, begin: string, end: string) => `${begin}\n${part}\n${end}`),
  );
});

it("README.md has the numbers of compared configurations and schedules", () => {
  const url = new URL("../../README.md", import.meta.url);
  const files = [...GOLDEN.values()];
  const configurations = files.reduce((sum, { cases }) => sum + cases.length, 0);
  const counts = `${configurations} configurations of optimizers and ${scheduleVectors.cases.length} schedules`;
  const text = readFileSync(url, "utf8");
  expect(text).toMatch(/within 2e-6 .* some optimizers that Keras lacks are within 1e-5/s);
  expect(Math.max(...files.flatMap(({ tolerance, cases }) => cases.map((one) => one.tolerance ?? tolerance)))).toBe(
    1e-5,
  );
  settle(url, text.replace(/\d+ configurations of optimizers and \d+ schedules/, counts));
});

/** Number of cases in the lists of a file of golden vectors. */
function countOf(file: string, ...keys: readonly string[]): number {
  const golden = JSON.parse(readFileSync(new URL(`../golden/${file}.json`, import.meta.url), "utf8"));
  return keys.reduce((sum, key) => sum + golden[key].length, 0);
}

it.each(["README.md", "CHANGELOG.md"])("%s has the numbers of the golden vectors of training", (page) => {
  const url = new URL(`../../${page}`, import.meta.url);
  const counts = [
    ["whole runs of `fit`", countOf("training/training", "cases")],
    ["cases of layers", countOf("training/layers", "cases")],
    ["of losses", countOf("training/losses", "cases", "functions")],
    ["of metrics", countOf("training/metrics", "cases")],
    ["saved models", countOf("training/model-configs", "cases")],
    ["schedules(?: are compared|, \\d+ of them beyond Keras)", scheduleVectors.cases.length],
  ] as const;
  const expected = counts.reduce(
    (text, [phrase, count]) => {
      const number = new RegExp(`\\d+(?=\\s+${phrase.replaceAll(" ", "\\s+")})`, "g");
      expect(text.match(number), `${page}: a number, then "${phrase}"`).toHaveLength(1);
      return text.replace(number, `${count}`);
    },
    readFileSync(url, "utf8"),
  );
  settle(url, expected);
});

it("test/golden/fingerprints.json has a hash of each optimizer, in the order of their names", async () => {
  const committed = JSON.parse(readFileSync(HASHES, "utf8")) as Record<string, string>;
  const hashes: [string, string][] = [];
  // One that is there stays: its own test compares it.
  for (const name of CLASS_NAMES) hashes.push([name, committed[name] ?? (await fingerprint(name))]);
  settle(HASHES, `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`);
});

const PLOTS = new URL("../../docs/schedules/", import.meta.url);

/** Schedules of 100 steps or more, as docs/schedules.md shows them. */
const DRAWN: Readonly<Record<string, schedules.LearningRateSchedule>> = {
  "cosine-decay": new schedules.CosineDecay({
    initialLearningRate: 0,
    warmupTarget: 0.1,
    warmupSteps: 100,
    decaySteps: 900,
  }),
  "cosine-decay-restarts": new schedules.CosineDecayRestarts({
    initialLearningRate: 0.1,
    firstDecaySteps: 150,
    mMul: 0.7,
  }),
  cyclic: new schedules.Cyclic({ baseLearningRate: 0.01, maxLearningRate: 0.1, stepSizeUp: 125, mode: "triangular2" }),
  "inverse-sqrt": new schedules.InverseSqrt({ initialLearningRate: 0.1, warmupSteps: 100 }),
  "one-cycle": new schedules.OneCycle({ maxLearningRate: 0.1, totalSteps: 1000 }),
  "piecewise-constant-decay": new schedules.PiecewiseConstantDecay([400, 800], [0.1, 0.03, 0.01]),
  rex: new schedules.REX({ initialLearningRate: 0.1, totalSteps: 1000 }),
  "warmup-stable-decay": new schedules.WarmupStableDecay({
    peakLearningRate: 0.1,
    warmupSteps: 100,
    stableSteps: 600,
    decaySteps: 300,
    cooldown: "1-sqrt",
  }),
};

it.each(Object.entries(DRAWN))("docs/schedules/%s.svg is the plot of that schedule", (name, schedule) => {
  settle(new URL(`${name}.svg`, PLOTS), `${schedule.plot(1000)}\n`);
});

it("docs/schedules.md shows all plots, and there are no others", () => {
  const page = readFileSync(new URL("../schedules.md", PLOTS), "utf8");
  const shown = [...page.matchAll(/\]\(schedules\/([^)]*)\)/g)].map(([, file]) => file);
  const files = Object.keys(DRAWN)
    .map((name) => `${name}.svg`)
    .sort();
  expect(shown.sort()).toEqual(files);
  expect(readdirSync(PLOTS).sort()).toEqual(files);
});

/** The two files of a run, packed. */
async function filesOf(name: string, part: Part): Promise<string[]> {
  const first = (await part(name, null, 0)) as Uint8Array;
  const second = (await part(name, first, 2)) as Uint8Array;
  return [first, second].map((file) => gzipSync(file, { level: 9 }).toString("base64"));
}

it("test/golden/host-files.json has the files of each run that goes from host to host", async () => {
  const committed = JSON.parse(existsSync(HOST_FILES) ? readFileSync(HOST_FILES, "utf8") : "{}") as object;
  const runs: [string, object][] = [];
  for (const name of Object.keys(RELAYS)) {
    // One that is there stays: its own test compares it.
    const known = (committed as Readonly<Record<string, object>>)[name];
    const [keras, backup] = [byKeras, byBackup(backupInMemory())];
    const made = async () => ({
      hash: await wholeRun(name),
      keras: await filesOf(name, keras),
      safetensors: await filesOf(name, backup),
    });
    runs.push([name, known ?? (await made())]);
  }
  vi.restoreAllMocks();
  settle(HOST_FILES, `${JSON.stringify(Object.fromEntries(runs), null, 2)}\n`);
});
