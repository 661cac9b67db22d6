/**
 * Types of the platform, as the user's project has them: of lib DOM, of `@types/node`, or, with lib ES2022 alone, the part
 * that gradstep uses. Declarations name them so that they compile in each, with TypeScript 5.4 to 7.
 *
 * @module
 */

// Symbol.dispose, in declarations too.
/// <reference lib="esnext.disposable" preserve="true" />

type Scope = typeof globalThis;

/** Instances of a global class; `Otherwise` if the project's libraries do not declare it. */
type InstanceOf<In, Name extends string, Otherwise> = In extends { readonly [N in Name]: { prototype: infer T } }
  ? T
  : Otherwise;

type WasmScope = Scope extends { readonly WebAssembly: infer T } ? T : unknown;

/** A compiled `WebAssembly.Module`. */
export type WasmModule = InstanceOf<WasmScope, "Module", object>;

/** A `WebAssembly.Memory`. */
export type WasmMemory = InstanceOf<WasmScope, "Memory", { readonly buffer: ArrayBufferLike }>;

/** The signal of an `AbortController`. */
export type AbortSignal = InstanceOf<Scope, "AbortSignal", { readonly aborted: boolean; readonly reason: unknown }>;

/** A parsed URL. */
export type URL = InstanceOf<Scope, "URL", { readonly href: string }>;

/** An end of a channel. */
export type MessagePort = InstanceOf<Scope, "MessagePort", { postMessage(message: unknown): void; close(): void }>;

/** A channel with two ends. */
export type MessageChannel = InstanceOf<
  Scope,
  "MessageChannel",
  { readonly port1: MessagePort; readonly port2: MessagePort }
>;

// Typed arrays with an ArrayBuffer, not a SharedArrayBuffer. They have had a type parameter only since TypeScript 5.7.

/** A `Float32Array` on an `ArrayBuffer`. */
export type Float32s = ReturnType<Float32ArrayConstructor["of"]>;

/** A `Float64Array` on an `ArrayBuffer`. */
export type Float64s = ReturnType<Float64ArrayConstructor["of"]>;

/** An `Int32Array` on an `ArrayBuffer`. */
export type Int32s = ReturnType<Int32ArrayConstructor["of"]>;

/** A `Uint32Array` on an `ArrayBuffer`. */
export type Uint32s = ReturnType<Uint32ArrayConstructor["of"]>;

/** A `Uint8Array` on an `ArrayBuffer`. */
export type Bytes = ReturnType<Uint8ArrayConstructor["of"]>;

/** Bytes that `WebAssembly.Module` compiles. */
export type BufferSource = ArrayBuffer | (ArrayBufferView & { readonly buffer: ArrayBuffer });

/** A value that can be transferred to another thread. */
export type Transferable = ArrayBuffer | MessagePort;
