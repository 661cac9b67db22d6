/**
 * Casts behind an index, such as `list[0] as Layer`: `!` says that the entry exists, and keeps its type. A cast remains where the
 * type is not known, or wider. Node only: it reads the source.
 */

import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";

const root = new URL("../../ts/", import.meta.url);

/** The casts that remain, as `file: code`, and the reason. */
const KEPT: Readonly<Record<string, string>> = {
  "metrics/mean.ts: given.splice(1, 1)[0] as readonly string[]": "an argument, whose type only the overloads declare",
  "methods/index.ts: functions[operation] as (...given: unknown[]) => unknown": "operations of any signature",
  "models/batch.ts: into[i] as Tensor | undefined": "rows are gathered into tensors, which the list of operands holds",
  "models/operations.ts: args[0] as { readonly shape?: readonly unknown[] } | undefined": "an argument from JSON",
  'mpi/ffi-deno.ts: open(path, { [name]: { type: "pointer", optional: true } })[name] as NativeAddress | null':
    "symbols of a C library",
  'mpi/ffi-deno.ts: open(path, { [name]: { parameters, result: "i32" } })[name] as (...given: Argument[]) => number':
    "symbols of a C library",
  "models/samples.ts: data[port] as SampleArray": "the caller's data by name, which are checked afterwards",
  "optimizers/multi-optimizer.ts: this.variables[at] as Variable":
    "a list of the caller's, which was checked when it was grouped",
  "options.ts: given[1] as number": "an argument of unknown type",
};

/** Casts of an indexed expression in a file of ts/, but for `as const`. */
function castsIn(file: string, text: string): string[] {
  if (!/\]\s+as\s/.test(text)) return [];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isAsExpression(node) && ts.isElementAccessExpression(node.expression) && node.type.getText() !== "const")
      found.push(`${file}: ${node.getText().replace(/\s+/g, " ")}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

it("an indexed expression is cast only where its type is not known", () => {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.includes("generated"),
  );
  const found = files.flatMap((file) => castsIn(file, readFileSync(new URL(file, root), "utf8")));
  expect(found.sort()).toEqual(Object.keys(KEPT).sort());
});

it("notices a cast in parentheses and one of a call's result", () => {
  const text =
    'const a = (list[0] as string).length + (f()[1] as number);\nconst b = [list[0]] as const;\nlist[0]! as "x";';
  expect(castsIn("a.ts", text)).toEqual(["a.ts: list[0] as string", "a.ts: f()[1] as number"]);
});
