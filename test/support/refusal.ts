/**
 * Errors to be looked at.
 */

/** What `call` throws. */
export function refusal(call: () => unknown): Error & { readonly code?: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** Throws unless `call` is refused with this code, and a message that has all these parts. */
export function expectRefusal(call: () => unknown, code: string, ...parts: readonly string[]): void {
  const error = refusal(call);
  if (error.code !== code) throw new Error(`expected the code ${code}, got ${error.code}: ${error.stack}`);
  for (const part of parts) {
    if (!error.message.includes(part)) throw new Error(`expected ${JSON.stringify(part)} in: ${error.message}`);
  }
}
