/**
 * Parameters of a class's constructor, read from its source: the entries that a config needs so that a copy is equal.
 *
 * A base class does not see the arguments of its subclass's constructor. Python's Keras records them; here the source
 * shows which are passed on to the base, whose config has them. When in doubt, a parameter counts as passed on.
 *
 * @module
 */

/** Comments and strings, which are dropped; names; `?.`, `??`, `...` and single marks. */
const TOKENS =
  /\/\/.*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|[#\w$]+|\?\.|\?\?|\.\.\.|[^\s\w$]/g;

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]" };

/** A parameter, or an entry of one that is a pattern. */
interface Parameter {
  /** The caller's name for it. */
  readonly key: string;
  /** The name in the constructor. */
  readonly local: string;
}

/**
 * Names of the arguments that a class's constructor uses and does not pass on.
 *
 * @param made - The class.
 * @param known - Arguments that the config has, in camelCase.
 */
export function ownArguments(made: object, known: ReadonlySet<string>): string[] {
  const tokens = (Function.prototype.toString.call(made).match(TOKENS) ?? []).filter(
    (token) => !/^["'`]|^\/[/*]/.test(token),
  );
  if (tokens[0] !== "class") return [];
  const parts = constructorOf(tokens);
  if (parts === undefined) return [];
  const { parameters, body } = parts;
  const [start, end] = superCall(body);
  const names = split(parameters).flatMap((parameter) => entriesOf(parameter));
  const own = names.flatMap((name) => usesOf(name, body, start, end, known));
  return [...new Set(own)];
}

/** Names of the parameters of constructors that were read: a file names a class hundreds of times. */
const parameterNames = new WeakMap<object, readonly (string | undefined)[]>();

/** The name of the constructor's parameter at this position; undefined for a pattern, and without a constructor. */
export function parameterAt(made: object, place: number): string | undefined {
  let names = parameterNames.get(made);
  if (names === undefined) {
    const tokens = Function.prototype.toString.call(made).match(TOKENS) ?? [];
    const parts = constructorOf(tokens.filter((token) => !/^\/[/*]/.test(token)));
    names =
      parts === undefined
        ? []
        : split(parts.parameters).map(([name = ""]) => (/^[\w$]+$/.test(name) ? name : undefined));
    parameterNames.set(made, names);
  }
  return names[place];
}

/** The parameters and the body of the constructor, without brackets. */
function constructorOf(tokens: readonly string[]): { parameters: string[]; body: string[] } | undefined {
  let at = tokens.indexOf("{") + 1;
  for (; at > 0 && at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token === "constructor" && tokens[at + 1] === "(" && !/^(\.|static)$/.test(tokens[at - 1]!)) {
      const close = closing(tokens, at + 1);
      return { parameters: tokens.slice(at + 2, close), body: tokens.slice(close + 2, closing(tokens, close + 1)) };
    }
    if (token in CLOSING) at = closing(tokens, at);
  }
  return undefined;
}

/** The place of the bracket that closes the one at `open`, or the end. */
function closing(tokens: readonly string[], open: number): number {
  const [opens, closes] = [tokens[open]!, CLOSING[tokens[open]!]];
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at] === opens) depth++;
    else if (tokens[at] === closes && --depth === 0) return at;
  }
  return tokens.length;
}

/** The places between the brackets of `super(...)`. */
function superCall(body: readonly string[]): readonly [start: number, end: number] {
  const at = body.findIndex((token, i) => token === "super" && body[i + 1] === "(");
  return at === -1 ? [0, 0] : [at + 2, closing(body, at + 1)];
}

/** Parts between commas that are in no brackets. */
function split(tokens: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const end = token in CLOSING ? closing(tokens, at) : at;
    if (token === ",") parts.push([]);
    else parts.at(-1)?.push(...tokens.slice(at, end + 1));
    at = end;
  }
  return parts.filter(({ length }) => length > 0);
}

/** `name`, `key: local = default`, `{ ... } = {}`. */
function entriesOf(part: readonly string[]): Parameter[] {
  if (part[0] === "{") return split(part.slice(1, closing(part, 0))).flatMap((entry) => entriesOf(entry));
  // Rest arguments usually go to the base.
  if (part[0] === "...") return [];
  const [key, mark, local] = part;
  if (key === undefined || !/^[\w$]+$/.test(key)) return [];
  return [{ key, local: mark === ":" && /^[\w$]+$/.test(local ?? "") ? (local as string) : key }];
}

/** The arguments that a parameter stands for and that are used outside of `super(...)`. */
function usesOf(
  { key, local }: Parameter,
  body: readonly string[],
  start: number,
  end: number,
  known: ReadonlySet<string>,
): string[] {
  if (known.has(key)) return [];
  const members: string[] = [];
  let [isUsed, isPassed] = [false, false];
  body.forEach((token, at) => {
    const [before = "", after = ""] = [body[at - 1], body[at + 1]];
    if (token !== local || /^\??\.$/.test(before)) return;
    const isInSuper = at >= start && at < end;
    if (/^\??\.$/.test(after)) {
      if (!isInSuper) members.push(body[at + 2]!);
    } else if (before === "=" && body[at - 2] === "}") members.push(...unpacked(body, at - 2, start, end, known));
    else if (isInSuper && /^([(,:{]|\.\.\.|)$/.test(before) && /^([),}]|\?\?|)$/.test(after)) isPassed = true;
    // An object key, not the parameter.
    else if (after !== ":" || before === "?") isUsed = true;
  });
  const others = members.filter((name) => !known.has(name));
  return isUsed && !isPassed ? [key, ...others] : others;
}

/** `const { a, ...rest } = options`: the entries, as parameters. */
function unpacked(
  body: readonly string[],
  close: number,
  start: number,
  end: number,
  known: ReadonlySet<string>,
): string[] {
  let [open, depth] = [close, 0];
  for (; open >= 0; open--) {
    if (body[open] === "}") depth++;
    else if (body[open] === "{" && --depth === 0) break;
  }
  const rest = body.map((token, at) => (at >= open && at <= close ? "," : token));
  return entriesOf(body.slice(open, close + 1)).flatMap((entry) => usesOf(entry, rest, start, end, known));
}
