/** Phrases that a native reader stumbles over; CONTRIBUTING.md says what to write instead. Node only: it reads the source. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../", import.meta.url);

const PHRASES = [
  /\b(?:one's|of (?:your|its|their|his)) own\b/i,
  /\bthat one(?=[.,;:)]| (?:has|is|does|was)\b)/i,
  /\bnobody\b/i,
  /\blies? (?:in|on|there|beside|behind|one after|at|inside|outside|within|apart|together)\b/i,
  /\b(?:has|have) what (?:it|they) takes?\b/i,
  /\bto and fro\b/i,
  /\b(?:taken|takes?) back\b/i,
  /\bby (?:itself|themselves)\b/i,
  /\bwhere there (?:is|are) (?:such|one|none|some|any)\b/i,
  /\bthe caller's own\b/i,
  /\bgoes on where\b/i,
  /\bthe way back\b/i,
  /\bis no class\b/i,
  /\boptimizers? inside\b/i,
  /\bfrom elsewhere\b/i,
  /\b(?:throws|makes) the error of\b/i,
  /\bsteps? of training\b/i,
  /\bmade anew\b/i,
  /\bfor at once\b/i,
  /\bwhat came\b/i,
  /\bin silence\b/i,
  /\bset from outside\b/i,
  /\bafter arguments by position\b/i,
  /\bbegins? anew\b/i,
  /\bholds? itself\b/i,
  /\bis no hook\b/i,
  /\bgradients? of rows\b/i,
  /\bas (?:Keras|TensorFlow\.js|NumPy|PyTorch|optax|torch) has (?:it|them)\b/i,
  /\bours and yours\b/i,
  /\bfor ever\b/i,
  /\b(?:goes|go|went) on (?:with|to|from|in|as)\b/i,
  /(?<!\bthere )\b(?:is|are) no (?!longer\b|more\b|less\b|slower\b|faster\b|larger\b|worse\b|better\b)[a-z.]+/i,
  /\bwhole,? or not at all\b/i,
  /\bonce somebody\b|\bsomebody (?:has|wants|may|must)\b/i,
  /\bgives? (?:it|its \w+|them) back\b/i,
  /\bshare of the (?:way|elements|inputs)\b/i,
  /\bfrom whatever\b/i,
];
/** A module's head begins with a noun. */
const HEAD = /^(?:\/\*\*\s*(?:\* )?|\/\/!? |"""|<!-- |# )(?:What|Where|Which|Whose?|How|When|Whether)\b/;

/** A comment names the thing, and does not ask for it. */
const RIDDLE = /(?:\/\*\*\s+(?:\* )?|\/\/\/ )(?:What|Where|Which|Whose?|How (?:many|far))\b.{0,60}/g;

/** A test's title has a subject; `where` alone is the operation. */
const TITLE =
  /\b(?:it|test|describe)(?:\.each\(.*\))?\(\s*["'`](?:%s: )?(?:what|where(?!["'`])|which|whose?|how)\b.{0,60}/g;

const FOLDERS = ["ts", "crates", "scripts", "bench", "docs", "examples", "test"];
const files = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...FOLDERS.flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
      .filter(
        (name) =>
          /\.(?:m?ts|mjs|js|rs|py|md|html)$/.test(name) &&
          !/(?:^|\/)(?:node_modules|generated|dist|target)\/|^source\/words\.test\.ts$/.test(name),
      )
      .map((name) => `${folder}/${name}`),
  ),
];

/** The list of words in CONTRIBUTING.md quotes what it forbids. Sentences run over the ends of lines. */
function text(file: string): string {
  const lines = readFileSync(new URL(file, root), "utf8").split("\n");
  const kept = file === "CONTRIBUTING.md" ? lines.slice(0, lines.indexOf("## Words")) : lines;
  return kept.join("\n").replace(/\n\s*(?:\*|\/\/[/!]?)? ?(?!\S*\/)/g, " ");
}

it("no phrase of the list in CONTRIBUTING.md is used", () => {
  expect(files.length).toBeGreaterThan(400);
  const found = files.flatMap((file) => {
    const words = text(file);
    return PHRASES.flatMap((phrase) => {
      const { index = -1 } = phrase.exec(words) ?? {};
      return index < 0 ? [] : [`${file}: ... ${words.slice(Math.max(0, index - 20), index + 50)} ...`];
    });
  });
  expect(found).toEqual([]);
});

it("heads of modules begin with a noun", () => {
  expect(files.filter((file) => HEAD.test(readFileSync(new URL(file, root), "utf8")))).toEqual([]);
});

/** Matches of a pattern in the files, each with its file. */
const matches = (pattern: RegExp, among: readonly string[]) =>
  among.flatMap((file) =>
    [...readFileSync(new URL(file, root), "utf8").matchAll(pattern)].map(([text]) => `${file}: ${text}`),
  );

it("comments on declarations begin with a noun or a verb", () => {
  expect(matches(RIDDLE, files)).toEqual([]);
});

it("titles of tests begin with a subject", () => {
  const tests = files.filter((file) => file.startsWith("test/") && file.endsWith(".ts"));
  expect(tests.length).toBeGreaterThan(300);
  expect(matches(TITLE, tests)).toEqual([]);
});

it("no test spells out the names that an error lists, which each new class would change", () => {
  const tests = files.filter((file) => file.startsWith("test/") && file.endsWith(".ts"));
  expect(matches(/Known: (?:\w+, ){6}.{0,20}/g, tests)).toEqual([]);
});

it("notices a phrase across two lines, and a head without a noun", () => {
  const joined = " * freed by\n * itself, later".replace(/\n\s*(?:\*|\/\/[/!]?)? ?(?!\S*\/)/g, " ");
  expect(PHRASES.some((phrase) => phrase.test(joined))).toBe(true);
  expect(["/**\n * What a step is.", "//! Which rule"].every((head) => HEAD.test(head))).toBe(true);
  expect("  /** Where it is. */\n  /// Which end.\n/** Whether it is. */".match(RIDDLE)).toHaveLength(2);
  const titles = 'it("what is kept", () => {});\nit.each(ROWS)("%s: where it is", f);\ndescribe("where", f);\n';
  expect(titles.match(TITLE)).toHaveLength(2);
});
