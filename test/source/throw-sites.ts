/**
 * Places where ts/ throws: each `new …Error(…)`, and each call of a function that returns an error or never returns.
 */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A place in a file: the lines that its expression covers. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly lastLine: number;
  readonly text: string;
}

/**
 * Names of the functions and methods that are declared to give an error, or to throw one always.
 *
 * @param isTold - Whether a function counts.
 */
function throwersOf(
  files: readonly ts.SourceFile[],
  isTold: (fn: ts.FunctionDeclaration | ts.MethodDeclaration) => boolean,
): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isFunction = ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node);
    if (
      isFunction &&
      node.name !== undefined &&
      isTold(node) &&
      /^(never|\w*Error)$/.test(node.type?.getText() ?? "")
    ) {
      names.add(node.name.getText());
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return names;
}

/** The files of ts/ that are written by hand. */
export function sources(): readonly ts.SourceFile[] {
  return readdirSync(`${ROOT}ts`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.includes("generated"))
    .map((path) => `ts/${path.replaceAll("\\", "/")}`)
    .map((path) => ts.createSourceFile(path, readFileSync(`${ROOT}${path}`, "utf8"), ts.ScriptTarget.Latest, true));
}

/** All sites, in the order of the files. */
export function throwSites(): readonly Site[] {
  const files = sources();
  // Functions that a file keeps to itself share their names with others elsewhere.
  const everywhere = throwersOf(files, (fn) => ts.isMethodDeclaration(fn) || isExported(fn));
  return files.flatMap((file) => {
    const throwers = new Set([...everywhere, ...throwersOf([file], () => true)]);
    const sites: Site[] = [];
    const visit = (node: ts.Node): void => {
      if (isSite(node, throwers)) {
        const line = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1;
        const text = node.getText().replace(/\s+/g, " ");
        sites.push({ file: file.fileName, line: line(node.getStart()), lastLine: line(node.getEnd()), text });
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return sites;
  });
}

const isExported = (fn: ts.FunctionDeclaration): boolean =>
  fn.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;

function isSite(node: ts.Node, throwers: ReadonlySet<string>): boolean {
  if (ts.isNewExpression(node)) return /Error$/.test(node.expression.getText());
  if (!ts.isCallExpression(node)) return false;
  const { expression } = node;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? throwers.has(name.getText()) : false;
}
