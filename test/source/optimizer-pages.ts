/** The generated parts of the pages of optimizers in docs/: arguments, papers, formulas, states, examples. */

import { readFileSync } from "node:fs";
import { optimizers } from "../../ts/index.js";
import { fromKeras } from "../../ts/keras-names.js";
import { BASE_OPTION_NAMES } from "../../ts/optimizers/options.js";
import { builtInOptimizers } from "../../ts/optimizers/registry.js";
import { optimizerSpecs } from "../../ts/runtime/specs.js";
import { GOLDEN } from "../support/golden.js";

const root = new URL("../../", import.meta.url);
const CLASSES = readFileSync(new URL("ts/optimizers/classes.ts", root), "utf8");
const RULES = readFileSync(new URL("ts/optimizers/rules.ts", root), "utf8");

/** The stem of a class's file. */
function stemOf(className: string): string {
  const [, stem] = new RegExp(`^export \\{ ${className}\\b.* from "\\./(.*)\\.js";$`, "m").exec(RULES + CLASSES) ?? [];
  if (stem === undefined) throw new Error(`no line of ts/optimizers/rules.ts or classes.ts exports ${className}`);
  return stem;
}

/** The text of a tag in the doc comment of a class. */
function tagOf(className: string, tag: "remarks" | "see"): string {
  const file = `ts/optimizers/${stemOf(className)}.ts`;
  const source = readFileSync(new URL(file, root), "utf8");
  const above = source.slice(0, source.indexOf(`\nexport class ${className} `));
  const comment = above.slice(above.lastIndexOf("/**")).replace(/^ \*(?: |$)/gm, "");
  const [, text] = new RegExp(`^@${tag}\\s([\\s\\S]*?)(?=^@|\\*/)`, "m").exec(comment) ?? [];
  if (text === undefined) throw new Error(`${file}: the comment of ${className} has no @${tag}`);
  return text.trim();
}

/** The config of default options. */
function configOf(className: string): Readonly<Record<string, unknown>> {
  const inner = { inner_optimizer: { class_name: "SGD", config: {} } };
  const isRule = RULES.includes(`{ ${className},`);
  return optimizers.deserialize({ class_name: className, config: isRule ? {} : inner }).getConfig();
}

function row(className: string): string {
  const { inner_optimizer: inner, ...config } = configOf(className);
  const own = Object.entries(config)
    .map(([key, value]) => [fromKeras(key), value] as const)
    // Base options are in a separate table, unless the optimizer has a different default.
    .filter(
      ([name, value]) =>
        name === "learningRate" || (name === "weightDecay" && value !== null) || !BASE_OPTION_NAMES.includes(name),
    )
    .map(([name, value]) => `\`${name}\` ${typeof value === "number" ? shortest(value) : JSON.stringify(value)}`);
  const prefix = inner === undefined ? "" : "the inner optimizer; then the options ";
  return `| \`${className}\` | ${prefix}${own.join(", ")} | ${tagOf(className, "see").replaceAll("\n", " ")} |`;
}

/** Learning rates are float32. */
function shortest(value: number): string {
  return String(Number(value.toPrecision(7)));
}

const EXAMPLE = /^Example: `(.*)`\.$/m;

function section(className: string): string {
  const remarks = tagOf(className, "remarks");
  const prose = unwrapped(
    remarks
      .replace(/\{@link (\w+)\}/g, "`$1`")
      .replace(/^```text\n[\s\S]*?^```\n/m, "")
      .replace(EXAMPLE, ""),
  );
  const [own] = /^```text\n[\s\S]*?^```$/m.exec(remarks) ?? [];
  const [, made] = EXAMPLE.exec(remarks) ?? [];
  if (made === undefined) throw new Error(`the @remarks of ${className} have no line "Example: \`new ...\`."`);
  const names = [...made.matchAll(/new (\w+)/g)].map(([, name]) => name).sort();
  const example = `\`\`\`ts\nimport { ${names.join(", ")} } from "gradstep";\nconst optimizer = ${made};\n\`\`\``;
  const paper = tagOf(className, "see").replaceAll("\n", " ");
  return `## ${className}\n\n${paper}\n\n${own ?? formulaOf(className)}\n\n${prose}\n\n${example}`;
}

/** The formula in the head of the Rust file, with the names of options. */
function formulaOf(className: string): string {
  const file = `crates/core/src/optimizers/${stemOf(className).replaceAll("-", "_")}.rs`;
  const head = readFileSync(new URL(file, root), "utf8").replace(/^\/\/! ?/gm, "");
  const [formula] = /^```text\n[\s\S]*?^```$/m.exec(head) ?? [];
  if (formula === undefined) throw new Error(`${file}: its head has no formula in a block of \`\`\`text`);
  const spec = optimizerSpecs().find(({ name }) => name === stemOf(className).replaceAll("-", "_"));
  const names = (spec?.arguments ?? []).map(({ name }) => name).concat(Object.keys(configOf(className)));
  return formula.replace(/\w+/g, (word) => (names.includes(word) ? fromKeras(word) : word)).replace("None", "null");
}

function unwrapped(text: string): string {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replaceAll("\n", " "))
    .join("\n\n");
}

/** Whether Keras lacks a class. */
function isBeyond(className: string): boolean {
  return [...GOLDEN.values()].some(({ optimizer, source }) => optimizer === className && source !== undefined);
}

const tableOf = (names: readonly string[]): string =>
  ["| class | arguments, with defaults | paper |", "| --- | --- | --- |", ...names.map(row)].join("\n");

const sectionsOf = (names: readonly string[]): string => names.map(section).join("\n\n");

/** The generated parts of the pages, by the names of their marks. */
export function generatedParts(): Readonly<Record<string, string>> {
  const all = [...builtInOptimizers.keys()];
  const names = all.filter((name) => !isBeyond(name));
  const beyond = all.filter(isBeyond);
  return {
    table: tableOf(names),
    sections: sectionsOf(names),
    "table beyond Keras": tableOf(beyond),
    "sections beyond Keras, A to M": sectionsOf(beyond.filter((name) => name < "N")),
    "sections beyond Keras, N to Z": sectionsOf(beyond.filter((name) => name >= "N")),
  };
}
