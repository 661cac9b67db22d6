/** Limits in bytes. */
export const BUDGETS: { readonly wasm: number; readonly page: number };
