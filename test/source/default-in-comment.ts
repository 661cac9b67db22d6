/** The default that an option's comment states. */

/** A default in words, such as "made unique", which no value is compared with. */
export interface InWords {
  readonly words: string;
}

const VALUE = /^(`[^`]*`|"[^"]*"|\[[^\]]*\]|-?\d{1,3}(?:,\d{3})+|-?\d[\d.e-]*\d|-?\d|true|false|null|none\b)/;

/** The value behind "Default:", or words; `undefined` where the comment says nothing. */
export function defaultIn(comment: string): { readonly value: unknown } | InWords | undefined {
  const text = /Default: (.*)/.exec(comment)?.[1];
  if (text === undefined) return undefined;
  // Names are made unique.
  if (text.includes("made unique")) return { words: text };
  const [found] = VALUE.exec(text) ?? [];
  if (found === undefined) return { words: text };
  const plain = found.replaceAll("`", "");
  // The name of another option, or of what is called.
  if (/^[a-z]\w*$/i.test(plain) && !/^(none|null|true|false)$/.test(plain)) return { words: text };
  return { value: plain === "none" ? null : JSON.parse(/^-?[\d,]+$/.test(plain) ? plain.replaceAll(",", "") : plain) };
}
