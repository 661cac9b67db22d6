/** Doc comments of everything public, as TypeScript's compiler reads them, and their gaps. Node only. */

import { readFileSync } from "node:fs";
import ts from "typescript";
import { CommentWalk } from "./comment-walk.js";

const repository = new URL("../../", import.meta.url).pathname;

/** The sources of package.json's entries. */
export const entries: readonly string[] = Object.entries(
  JSON.parse(readFileSync(`${repository}package.json`, "utf8")).exports as Record<string, string | { types: string }>,
).flatMap(([name, entry]) =>
  // The WebAssembly module has types, but no source in TypeScript.
  typeof entry === "string" || name.endsWith(".wasm")
    ? []
    : [entry.types.replace("./dist/", "ts/").replace(/\.d\.ts$/, ".ts")],
);

/**
 * Gaps in the comments of the symbols of entries.
 *
 * @param text - Another text of one of the files, for a check of this check.
 */
export function symbolComments(
  files: readonly string[] = entries,
  text?: readonly [file: string, text: string],
): Pick<CommentWalk, "lacks" | "visited"> {
  const { options } = ts.getParsedCommandLineOfConfigFile(`${repository}tsconfig.json`, {}, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  } as ts.ParseConfigFileHost) as ts.ParsedCommandLine;
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  const isText = (name: string) => text !== undefined && name === `${repository}${text[0]}`;
  host.fileExists = (name) => isText(name) || fileExists.call(host, name);
  host.getSourceFile = (name, target, ...rest) =>
    isText(name) ? ts.createSourceFile(name, text![1], target, true) : getSourceFile.call(host, name, target, ...rest);
  const program = ts.createProgram(
    files.map((file) => `${repository}${file}`),
    { ...options, noEmit: true },
    host,
  );
  const walk = new CommentWalk(program, repository);
  for (const file of files) {
    const source = program.getSourceFile(`${repository}${file}`) as ts.SourceFile;
    walk.exports("", program.getTypeChecker().getSymbolAtLocation(source) as ts.Symbol);
  }
  return walk;
}
