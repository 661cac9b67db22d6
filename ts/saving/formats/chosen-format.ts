/**
 * The format of a file: by the option, otherwise by the file's extension.
 *
 * @module
 */

import { ValueError } from "../../errors.js";
import { nearestName, shown } from "../../options.js";
import { isURL } from "../stores/source-kinds.js";

/** A format, as needed for choosing it. */
interface Choosable {
  /** File extensions, in lower case. */
  readonly extensions: readonly string[];
  /** Missing for formats that are only read. */
  readonly write?: unknown;
}

/** The option, the place, and the direction. */
export interface FormatQuestion {
  /** The option "format". */
  readonly format: unknown;
  /** The target or the source. */
  readonly place: unknown;
  /** Excludes formats that are only read. */
  readonly isWritten: boolean;
}

/** Properties of one kind of formats. */
interface FormatKind {
  /** Text after "a known format" in the message. Default: nothing. */
  readonly kind?: string;
  /** The last sentence of the message about extensions. Default: none. */
  readonly hint?: string;
  /** An extension of other files that ends with a known one. Default: none. */
  readonly except?: string;
}

/** The requested format, otherwise that of the file's extension. @throws ValueError for an unknown one */
export function chosenFormat<F extends Choosable>(
  owner: string,
  formats: Readonly<Record<string, F>>,
  { format, place, isWritten }: FormatQuestion,
  { kind = "", hint = "", except }: FormatKind = {},
): F {
  const known = Object.entries(formats).filter(([, { write }]) => !isWritten || write !== undefined);
  const names = known.map(([name]) => name);
  const list = names.map((name) => JSON.stringify(name)).join(" or ");
  if (format !== undefined && format !== null) {
    const [, found] = known.find(([name]) => name === format) ?? [];
    if (found !== undefined) return found;
    const near = typeof format === "string" ? nearestName(format, names) : undefined;
    throw new ValueError(
      "ERR_FILE_FORMAT",
      `${owner}: "format" must be ${list}, got ${shown(format)}.${near === undefined ? "" : ` Did you mean "${near}"?`}`,
    );
  }
  const file = nameOf(place);
  const name = file?.toLowerCase() ?? "";
  const isOther = except !== undefined && name.endsWith(except);
  const [, found] =
    known.find(([, { extensions }]) => !isOther && extensions.some((extension) => name.endsWith(extension))) ?? [];
  if (found !== undefined) return found;
  const extensions = known.flatMap(([, format]) => format.extensions);
  throw new ValueError(
    "ERR_FILE_FORMAT",
    file === undefined
      ? `${owner}: a file without a name needs the option "format": ${list}.`
      : `${owner}: ${JSON.stringify(file)} has no extension of a known format${kind}. Known extensions: ${extensions.join(", ")}; with another one pass "format".${hint}`,
  );
}

/** Name of a file, for its extension and for messages; `undefined` for bytes and streams. */
export function nameOf(place: unknown): string | undefined {
  if (typeof place === "string" || isURL(place)) {
    const text = String(place);
    return /^(https?|file|blob):/.test(text) ? text.replace(/[?#].*$/s, "") : text;
  }
  // A File and a handle have one.
  const { name } = Object(place) as { name?: unknown };
  return typeof name === "string" && name !== "" ? name : undefined;
}
