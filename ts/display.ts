/**
 * Text of tensors and variables: their shape, type and numbers, shortened as NumPy does.
 *
 * @module
 */

import { type Shape, sizeOf } from "./shape.js";

/** Called by `console.log` in Node, Deno and Bun. */
export const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");
/** Called by Deno notebooks. */
export const NOTEBOOK: unique symbol = /* @__PURE__ */ Symbol.for("Jupyter.display");

/** NumPy's `threshold` and `edgeitems`: larger arrays show this many entries at each end of each axis. */
const MOST = 1000;
const EDGE = 3;

/** Numbers in lists, as deep as the shape is long. */
export type NestedList = number | NestedList[];

/** A notebook's output, by MIME type. */
export type Notebook = Readonly<Record<string, string>>;

/**
 * An object as `console.log` shows it: its fields under the name of its class, which bundlers change.
 *
 * @param internal - Fields that are not shown.
 */
export function fieldsOf(owner: object, className: string, internal: RegExp): object {
  const Shown = { [className]: class {} }[className]!;
  const shown = Object.assign(new Shown(), owner) as Record<string, unknown>;
  for (const name in shown) if (internal.test(name)) delete shown[name];
  return shown;
}

/** Numbers that are shown. */
export interface Shown {
  readonly shape: Shape;
  readonly dtype: string;
  readonly disposed: boolean;
  readonly numbers: ArrayLike<number>;
}

/** `Tensor float32 [2, 2]`, and the numbers below. */
export function displayed(what: string, shown: Shown): string {
  const { shape, dtype, disposed } = shown;
  // A disposed tensor has no numbers.
  return `${what} ${dtype} [${shape.join(", ")}]${disposed ? ", disposed" : numbersText(shown.numbers, shape)}`;
}

/** Text for HTML and SVG. */
export function escaped(text: string): string {
  return text.replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** The same for notebooks: a table, with one row for each line. */
export function notebook(text: string): Notebook {
  const [head, ...lines] = escaped(text).split(/\n+/);
  const rows = lines.map((line) => `<tr><td>${line.replace(/[[\] ]|,$/g, "").replaceAll(",", "<td>")}`);
  return { "text/plain": text, "text/html": `<table><caption>${head}</caption>${rows.join("")}</table>` };
}

/** Numbers in JSON: flat, row by row. */
export interface NumbersJSON {
  readonly data: readonly number[];
  readonly shape: Shape;
  readonly dtype: string;
}

/** Numbers as `setWeights` reads them. */
export function numbersJSON({ numbers, shape, dtype }: Shown): NumbersJSON {
  return { data: Array.from(numbers), shape, dtype };
}

/** Nested lists of numbers; a number for the shape `[]`. */
export function nestedList(value: ArrayLike<number>, shape: Shape): NestedList {
  const at = (axis: number, start: number): NestedList => {
    if (axis === shape.length) return value[start]!;
    const step = sizeOf(shape.slice(axis + 1));
    return Array.from({ length: shape[axis]! }, (_, i) => at(axis + 1, start + i * step));
  };
  return at(0, 0);
}

function numbersText(value: ArrayLike<number>, shape: Shape): string {
  const isShort = value.length <= MOST;
  let width = 0;
  const text = (axis: number, start: number): string => {
    if (axis === shape.length) {
      const cell = digits(value[start]!).padStart(width);
      width = cell.length;
      return cell;
    }
    const length = shape[axis]!;
    const step = sizeOf(shape.slice(axis + 1));
    const rows: string[] = [];
    for (let i = 0; i < length; i++) {
      if (!isShort && length > 2 * EDGE && i === EDGE) {
        rows.push("...");
        i = length - EDGE;
      }
      rows.push(text(axis + 1, start + i * step));
    }
    const below = shape.length - axis - 1;
    return `[${rows.join(below === 0 ? ", " : `,${"\n".repeat(below)}${" ".repeat(axis + 1)}`)}]`;
  };
  // Twice: the width of the columns is known once every number was seen.
  text(0, 0);
  const whole = text(0, 0);
  return (whole.includes("\n") ? "\n" : " ") + whole;
}

/** The fewest digits that tell a float32 from its neighbours. */
function digits(value: number): string {
  // An int32 may have ten digits.
  if (value === (value | 0)) return String(value);
  let short = Number.NaN;
  for (let count = 1; count <= 9 && Math.fround(short) !== value; count++) short = Number(value.toPrecision(count));
  return String(short);
}
