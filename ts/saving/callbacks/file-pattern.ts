/**
 * File names with fields, filled like Python's `str.format`: `"m-{epoch:02d}-{val_loss:.2f}.keras"`.
 *
 * @see https://docs.python.org/3/library/string.html#format-specification-mini-language
 * @module
 */

import type { Logs } from "../../callbacks/callback.js";
import { ValueError } from "../../errors.js";
import { shown } from "../../options.js";

/** Numbers by name; integers in Python, such as the epoch, in `counts`. */
export interface FieldValues {
  readonly counts: Readonly<Record<string, number>>;
  readonly logs: Logs;
}

type Part = string | { readonly name: string; readonly spec: string };

const SPEC = /^(?:(.)?([<>=^]))?([+\- ]?)(0?)(\d*)(?:\.(\d+))?([dfFeEgG%]?)$/su;

/** A name with fields, checked. */
export class FilePattern {
  readonly #owner: string;
  readonly #text: string;
  readonly #parts: readonly Part[];

  /**
   * Reads a name with fields.
   *
   * @throws ValueError for fields that are not closed, or of a form that is not known
   */
  constructor(owner: string, text: string) {
    this.#owner = owner;
    this.#text = text;
    this.#parts = this.#read();
  }

  /** The name with its fields filled. @throws ValueError if a value is missing, or has another type */
  filled({ counts, logs }: FieldValues): string {
    return this.#parts
      .map((part) => {
        if (typeof part === "string") return part;
        const { name, spec } = part;
        const isCount = Object.hasOwn(counts, name);
        const value = isCount ? counts[name] : Object.hasOwn(logs, name) ? logs[name] : undefined;
        if (typeof value !== "number") {
          const known = [...Object.keys(counts), ...Object.keys(logs)].join(", ");
          return this.#refuse(`there is no number "${name}" to fill it with. There are: ${known}`);
        }
        return (
          formatted(value, spec, isCount) ?? this.#refuse(`"${name}" is not a whole number, which "${spec}" requires`)
        );
      })
      .join("");
  }

  #read(): Part[] {
    const parts: Part[] = [];
    const found = this.#text.matchAll(/\{\{|\}\}|\{([^{}:]*)(?::([^{}]*))?\}|[{}]|[^{}]+/gsu);
    for (const [piece, name, spec = ""] of found) {
      if (name === undefined) {
        if (piece === "{" || piece === "}") this.#refuse(`it has a single "${piece}"; two of them stand for one`);
        parts.push(piece === "{{" || piece === "}}" ? piece[0]! : piece);
        continue;
      }
      if (!/^[^\s!.[\]]+$/u.test(name)) this.#refuse(`"${piece}" has no name of a number`);
      if (!SPEC.test(spec)) this.#refuse(`"${piece}" is formatted by "${spec}", which is not known`);
      parts.push({ name, spec });
    }
    return parts;
  }

  #refuse(why: string): never {
    throw new ValueError("ERR_OPTION_RANGE", `${this.#owner}: "filepath" is ${shown(this.#text)}: ${why}.`);
  }
}

/** Python's `format(value, spec)`; `undefined` if Python refuses a number with a fraction. */
function formatted(value: number, spec: string, isCount: boolean): string | undefined {
  const [, fill, align, sign = "", zero, width, digits, type] = SPEC.exec(spec) as unknown as string[];
  if (type === "d" && !isCount) return undefined;
  const size = Math.abs(value);
  const text = Number.isFinite(value) ? unsigned(size, type!, digits, isCount) : Number.isNaN(value) ? "nan" : "inf";
  const front = value < 0 || Object.is(value, -0) ? "-" : sign === "-" ? "" : sign;
  const missing = Math.max(0, Number(width) - front.length - text.length);
  const padding = (fill ?? (zero ? "0" : " ")).repeat(missing);
  switch (align ?? (zero ? "=" : ">")) {
    case "<":
      return front + text + padding;
    case "=":
      return front + padding + text;
    case "^":
      return padding.slice(missing - Math.floor(missing / 2)) + front + text + padding.slice(Math.floor(missing / 2));
    default:
      return padding + front + text;
  }
}

function unsigned(value: number, type: string, given: string | undefined, isCount: boolean): string {
  const digits = given === undefined ? 6 : Number(given);
  switch (type) {
    case "d":
      return String(value);
    case "f":
    case "F":
      return fixed(value, digits);
    case "%":
      return `${fixed(value * 100, digits)}%`;
    case "e":
    case "E":
      return cased(exponent(value.toExponential(Math.min(digits, 100))), type);
    case "g":
    case "G":
      return cased(general(value, digits), type);
    default: {
      if (given !== undefined) return general(value, digits);
      if (isCount || !Number.isInteger(value)) return exponent(String(value));
      return value < 1e16 ? `${value}.0` : exponent(value.toExponential());
    }
  }
}

const cased = (text: string, type: string) => (type === type.toUpperCase() ? text.toUpperCase() : text);

/** Exponents in Python have at least two digits. */
const exponent = (text: string) => text.replace(/e([+-])(\d)$/, "e$10$2");

/** Rounds halves to an even digit, like Python; `toFixed` rounds them up. */
function fixed(value: number, digits: number): string {
  const rounded = value.toFixed(Math.min(digits, 100));
  if (digits > 40) return rounded;
  const exact = value.toFixed(digits + 60);
  const at = exact.length - 60;
  if (!/^50*$/.test(exact.slice(at))) return rounded;
  const lower = exact.slice(0, at).replace(/\.$/, "");
  return Number(lower.at(-1)) % 2 === 0 ? lower : rounded;
}

/** The shorter of fixed-point and exponent notation, without trailing zeros. */
function general(value: number, given: number): string {
  const digits = Math.max(1, Math.min(given, 100));
  const scientific = value.toExponential(digits - 1);
  const power = Number(scientific.slice(scientific.indexOf("e") + 1));
  const bare = (text: string) => (text.includes(".") ? text.replace(/\.?0+(?=e|$)/, "") : text);
  if (value === 0) return "0";
  return power < -4 || power >= digits ? exponent(bare(scientific)) : bare(value.toFixed(digits - 1 - power));
}
