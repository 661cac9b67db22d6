/**
 * Members that editors offer after a dot on the objects of the published declarations: each is documented, or is
 * Keras's. Internals are marked `@internal`, and stripped from the declarations, by the build.
 */

import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";

const root = new URL("../../", import.meta.url).pathname;
const dist = `${root}dist/`;

/** Attributes of Keras's objects, in camel case, which the pages of docs/ need not name. */
const OF_KERAS = new Set(
  `best bestEpoch classAggregation distribution dynamicScale embeddings fromSortedIds innerOptimizer inputSpec labelWeights maxval minValue minval movingMean
  movingVariance numLabels numRegressors onPredictBatchBegin onPredictBatchEnd onPredictBegin onPredictEnd onTestBatchBegin
  onTestBatchEnd onTestBegin onTestEnd outputNames setModel setParams sparseYPred sparseYTrue stoppedEpoch`.split(
    /\s+/,
  ),
);

/** Asked by the language. */
const OF_JAVASCRIPT = /^(toString|toJSON|__@(dispose|asyncDispose)@\d+|#private)$/;

/** Names in the code of README.md and docs/. */
function documented(): ReadonlySet<string> {
  const pages = [
    "README.md",
    ...readdirSync(`${root}docs`)
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];
  const text = pages.map((page) => readFileSync(`${root}${page}`, "utf8")).join("\n");
  const code = [...text.matchAll(/^```[\s\S]*?^```|`[^`\n]+`/gm)].map(([span]) => span).join("\n");
  return new Set(code.match(/\w+/g));
}

/** Visible members of the classes that the entries export, by the class that declares them. */
function members(): string[] {
  const entries = [
    "index",
    "slim",
    "worker/index",
    "distribute/index",
    "mpi/index",
    "saving/index",
    "methods/index",
  ].map((name) => `${dist}${name}.d.ts`);
  const program = ts.createProgram(entries, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts"],
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const found = new Set<string>();
  const visit = (alias: ts.Symbol): void => {
    const symbol = alias.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(alias) : alias;
    if (symbol.flags & ts.SymbolFlags.Module) for (const one of checker.getExportsOfModule(symbol)) visit(one);
    if (!(symbol.flags & ts.SymbolFlags.Class)) return;
    const types = [checker.getDeclaredTypeOfSymbol(symbol), checker.getTypeOfSymbol(symbol)];
    for (const member of types.flatMap((type) => checker.getPropertiesOfType(type))) {
      const [declaration] = member.declarations ?? [];
      if (declaration === undefined || !declaration.getSourceFile().fileName.startsWith(dist)) continue;
      if (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private || member.name === "prototype") continue;
      // Members that gradstep/methods adds are in an interface that does not have the class's name.
      const { name } = declaration.parent as ts.ClassDeclaration;
      found.add(`${name?.text ?? symbol.name}.${member.name}`);
    }
  };
  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile) as ts.Symbol;
    for (const one of checker.getExportsOfModule(module)) visit(one);
  }
  return [...found].sort();
}

const visible = members();

it("each member is documented, or Keras's", () => {
  const known = documented();
  const unknown = visible.filter((path) => {
    const name = path.slice(path.indexOf(".") + 1);
    return !known.has(name) && !OF_KERAS.has(name) && !OF_JAVASCRIPT.test(name);
  });
  expect(visible.length).toBeGreaterThan(900);
  expect(unknown).toEqual([]);
});

it("no member has an underscore or the name of an internal", () => {
  const names = visible.map((path) => path.slice(path.indexOf(".") + 1));
  expect(names.filter((name) => /^_(?!_@)/.test(name) && !/^__@(dispose|asyncDispose)@/.test(name))).toEqual([]);
  for (const name of ["address", "numbers", "inboundNodes", "gradstepCopy", "inputPorts", "forward", "write"]) {
    expect(names, name).not.toContain(name);
  }
});

it("stand-ins for Keras's names are visible, and undocumented", () => {
  const known = documented();
  const names = new Set(visible.map((path) => path.slice(path.indexOf(".") + 1)));
  expect([...OF_KERAS].filter((name) => known.has(name) || !names.has(name))).toEqual([]);
});
