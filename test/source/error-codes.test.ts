/** The codes of errors: the type, the places that throw, and docs/errors.md have the same ones. */

import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";
import * as gradstep from "../../ts/index.js";
import { sources } from "./throw-sites.js";

const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");

/** Code-like strings in a file: those of the type, and all others. */
function codesOf(file: ts.SourceFile): { readonly types: readonly string[]; readonly values: readonly string[] } {
  const types: string[] = [];
  const values: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && /^ERR_[A-Z_]+$/.test(node.text)) {
      (ts.isLiteralTypeNode(node.parent) ? types : values).push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { types, values };
}

const found = sources().map((file) => codesOf(file));
const declared = [...new Set(found.flatMap(({ types }) => types))].sort();
const thrown = [...new Set(found.flatMap(({ values }) => values))].sort();

it("each code that is declared is thrown", () => {
  expect(declared.length).toBeGreaterThan(40);
  expect(thrown).toEqual(declared);
});

it("docs/errors.md has each code once, in order, with its meaning and its cure", () => {
  const rows = [...page.matchAll(/^\| `(ERR_[A-Z_]+)` \| (.+) \| (.+) \|$/gm)];
  expect(rows.map(([, code]) => code)).toEqual(declared);
});

it("docs/errors.md has each class, with the name of its errors", () => {
  const rows = [...page.matchAll(/^\| `(\w+)`[^|]*\| `(\w+)` \|/gm)];
  const classes = Object.entries(gradstep)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof Error)
    .map(([name]) => name);
  expect(rows.map(([, name]) => name).sort()).toEqual(classes.sort());
  const samples = {
    ArgumentTypeError: new gradstep.ArgumentTypeError("ERR_SHAPE", ""),
    DisposedError: new gradstep.DisposedError(""),
    ModuleError: new gradstep.ModuleError("ERR_MODULE_MISSING", ""),
    OutOfMemoryError: new gradstep.OutOfMemoryError(1, 1),
    ReplicaError: new gradstep.ReplicaError("ERR_REPLICA_LOST", "", 1),
    ValueError: new gradstep.ValueError("ERR_SHAPE", ""),
    WorkerLostError: new gradstep.WorkerLostError("", 1),
  };
  expect(Object.fromEntries(rows.map(([, name, errorName]) => [name, errorName]))).toEqual(
    Object.fromEntries(Object.entries(samples).map(([name, { name: errorName }]) => [name, errorName])),
  );
});
