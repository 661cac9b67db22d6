/**
 * Errors to be looked at.
 */

/** The error that `call` throws. */
export function refusal(call: () => unknown): Error & { readonly code?: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** Numbers that automatic names count on with: they depend on what was made before. */
const unnumbered = (text: string) => text.replace(/(\w)_\d+\b/g, "$1");

/** For `toThrow`: an error's class by its name, its code and its whole message, but for the numbers of automatic names. */
export function thrown(name: string, code: string, message: string): Error {
  const matcher = {
    $$typeof: Symbol.for("jest.asymmetricMatcher"),
    asymmetricMatch: (error: Error & { readonly code?: string }) =>
      error.name === name && error.code === code && unnumbered(error.message) === unnumbered(message),
    toString: () => "thrown",
    toAsymmetricMatcher: () => `${name} ${code} ${message}`,
  };
  return matcher as never;
}

/** Throws unless `call` is refused with this code, and a message that has all these parts. */
export function expectRefusal(call: () => unknown, code: string, ...parts: readonly string[]): void {
  const error = refusal(call);
  if (error.code !== code) throw new Error(`expected the code ${code}, got ${error.code}: ${error.stack}`);
  for (const part of parts) {
    if (!error.message.includes(part)) throw new Error(`expected ${JSON.stringify(part)} in: ${error.message}`);
  }
}
