/** Types for the test in test/source. */

export const ALPHABET: readonly string[];
export function encodedText(bytes: Uint8Array): string;
export function packedText(bytes: Uint8Array): string;
