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
