// The type checker's verdict on a mutant: `npm test` starts with it, so a refused mutant is caught.

import { readFileSync } from "node:fs";
import ts from "typescript";
import { inRoot } from "../paths.mjs";

let service;
const changed = new Map();
let version = 0;

function makeService() {
  const config = ts.getParsedCommandLineOfConfigFile(
    inRoot("tsconfig.json"),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} },
  );
  const names = config.fileNames.filter((name) => name.startsWith(inRoot("ts/")));
  return ts.createLanguageService({
    getScriptFileNames: () => names,
    getScriptVersion: (name) => (changed.has(name) ? `${version}` : "0"),
    getScriptSnapshot: (name) => {
      const text = changed.get(name) ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => inRoot(),
    getCompilationSettings: () => ({ ...config.options, noEmit: true }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
}

/** Only checks the changed file: effects on others are visible in its declared types. */
export function compiles({ fileName, location: { start, end }, replacement }) {
  service ??= makeService();
  const path = inRoot(fileName);
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n");
  const at = ({ line, column }) => lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + column;
  changed.set(path, text.slice(0, at(start)) + replacement + text.slice(at(end)));
  version++;
  const errors = [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)];
  changed.delete(path);
  return errors.length === 0;
}
