/** An engine's message for a regular expression that is not valid: each engine has another. */
export function regexpFault(source: string): string {
  try {
    new RegExp(source);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}
