/**
 * The TypeScript in the documentation, made runnable.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { root } from "./program.js";

/** A block of TypeScript, and its position. */
export interface CodeBlock {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

const FENCED = /^```ts\n([\s\S]*?)^```$/gm;
const DOC_COMMENT = /^[ \t]*\/\*\*[\s\S]*?\*\//gm;

/** Line on which something begins, from 1. */
const lineAt = (text: string, index: number) => text.slice(0, index).split("\n").length;

function fencedIn(file: string, text: string, linesBefore: number): CodeBlock[] {
  return [...text.matchAll(FENCED)].map(({ index, 1: code = "" }) => ({
    file,
    line: linesBefore + lineAt(text, index),
    code,
  }));
}

/** The `ts` blocks of a Markdown file. */
export function blocksOfMarkdown(file: string): CodeBlock[] {
  return fencedIn(file, readFileSync(`${root}/${file}`, "utf8"), 0);
}

/** The `ts` blocks in the doc comments of all source files in a folder. */
export function blocksOfSources(folder: string): CodeBlock[] {
  const files = readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" });
  return files
    .filter((name) => name.endsWith(".ts") && !name.includes("generated"))
    .flatMap((name) => {
      const file = `${folder}/${name}`;
      const source = readFileSync(`${root}/${file}`, "utf8");
      return [...source.matchAll(DOC_COMMENT)].flatMap(({ index, 0: comment }) =>
        fencedIn(file, comment.replace(/^[ \t]*\* ?/gm, ""), lineAt(source, index) - 1),
      );
    });
}

/** `console.log(...); // ...` and `expression; // number`: lines that say what they give. */
const LOGGED = /^(\s*)console\.log\((.*)\); \/\/ (.*)$/gm;
const NUMBERED = /^(\s*)(?!const |let |return |import )(\S.*); \/\/ (-?\d.*)$/gm;

/** README.md, and the pages of docs/. */
export const pages: readonly string[] = [
  "README.md",
  ...readdirSync(`${root}/docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** All blocks: of the pages, and of the doc comments. */
export function allBlocks(): CodeBlock[] {
  return [...pages.flatMap(blocksOfMarkdown), ...blocksOfSources("ts")];
}

/**
 * The block as JavaScript that fails unless its lines give what their comments say.
 *
 * @param root - The path from its folder to the repository's root.
 */
export function runnable(code: string, root = "."): string {
  return `import "${root}/test/examples/file-server.mjs";\n${checking(code, `${root}/test/examples/shown.mjs`)}`;
}

/** The block as JavaScript that fails unless its lines give what their comments say; `shown` is the path of shown.mjs. */
export function checking(code: string, shown: string): string {
  const check = (_: string, indent: string, expression: string, comment: string) =>
    `${indent}shown([${expression}], ${JSON.stringify(comment)});`;
  const checked = code.replace(LOGGED, check).replace(NUMBERED, check);
  const { outputText } = ts.transpileModule(checked, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  return `import { shown } from ${JSON.stringify(shown)};\n${outputText}`;
}

/** The TypeScript compiler's errors in the blocks, with the repository's options. */
export function typeErrors(blocks: readonly CodeBlock[]): string[] {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const sources = new Map(blocks.map(({ code }, i) => [`${root}/documented-${i}.ts`, `${code}\nexport {};\n`]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => sources.has(name) || fileExists.call(host, name);
  host.readFile = (name) => sources.get(name) ?? readFile.call(host, name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = sources.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, target, ...rest)
      : ts.createSourceFile(name, text, target);
  };
  const compiler = ts.createProgram([...sources.keys()], { ...options, noUnusedLocals: false }, host);
  const names = [...sources.keys()];
  return ts.getPreEmitDiagnostics(compiler).map(({ file, start = 0, messageText }) => {
    const block = blocks[names.indexOf(file?.fileName ?? "")];
    const line = file === undefined ? 0 : lineAt(file.text, start);
    const where = block === undefined ? (file?.fileName ?? "options") : `${block.file}:${block.line + line}`;
    return `${where}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
