/** The module with names of its functions whose alphabetical order is the new one, for wasm-opt. */
export declare function namedByOrder(bytes: Uint8Array): Buffer;
