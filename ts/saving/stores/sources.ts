/**
 * Sources of files: paths, URLs, stores of the page, handles, blobs, streams, bytes.
 *
 * @module
 */

import { files } from "#saving-files";
import { ArgumentTypeError } from "../../errors.js";
import { shown } from "../../options.js";
import type { AbortSignal, URL } from "../../platform-types.js";
import { FileError, hostError } from "./file-error.js";
import { FileInParts, LARGE } from "./in-parts.js";
import { joined } from "./pieces.js";
import type { Tell } from "./progress.js";
import { bytesOfView, isBuffer, isObject, isURL } from "./source-kinds.js";
import { storeOf } from "./stores.js";

/** The contents of a file: a `Blob`, a `File`, or an object with the same methods. */
export interface BlobLike {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A `FileSystemFileHandle` to read from. */
export interface ReadableHandle {
  getFile(): Promise<BlobLike>;
}

/** Pieces of a file, as from `fetch` and `Blob.stream()`. */
export type ByteStream = AsyncIterable<Uint8Array> | { getReader(): StreamReader };

interface StreamReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<unknown>;
}

/**
 * Source of a file: a path or a `file:` URL (Node, Deno, Bun), `http:`, `https:` or `data:` URL, `indexeddb://name`,
 * `opfs://path`, a file handle, a `Blob`, a stream, or the bytes.
 */
export type Source = string | URL | ArrayBuffer | ArrayBufferView | BlobLike | ReadableHandle | ByteStream;

/**
 * The bytes of a source. They may be the caller's array: it is not written to.
 *
 * @throws TypeError for an invalid source, FileError if it cannot be read
 */
export async function bytesOf(owner: string, source: unknown, signal?: AbortSignal, tell?: Tell): Promise<Uint8Array> {
  const bytes = await allBytes(owner, source, signal, tell);
  tell?.(bytes.length, bytes.length);
  signal?.throwIfAborted();
  return bytes;
}

/**
 * Opens a large file of the host's file system, for reading in parts; undefined for every other source.
 *
 * @throws FileError for what cannot be read
 */
export async function inParts(source: unknown, signal?: AbortSignal, tell?: Tell): Promise<FileInParts | undefined> {
  if (!(typeof source === "string" || isURL(source))) return undefined;
  const place = String(source);
  if (storeOf(place) !== undefined || /^(https?|data|blob):/.test(place)) return undefined;
  signal?.throwIfAborted();
  return await reached(place, async () => {
    const file = await files.open(place, LARGE);
    return file === undefined ? undefined : new FileInParts(place, file, { signal, tell });
  });
}

async function allBytes(
  owner: string,
  source: unknown,
  signal: AbortSignal | undefined,
  tell: Tell | undefined,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  if (typeof source === "string" || isURL(source)) return await fromPlace(String(source), signal, tell);
  if (isBuffer(source)) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return bytesOfView(owner, source);
  if (isObject(source)) {
    if (typeof source.getFile === "function") {
      const file = await reached("the file handle", () => (source as unknown as ReadableHandle).getFile());
      return await allBytes(owner, file, signal, tell);
    }
    if (typeof source.getReader === "function" || Symbol.asyncIterator in source) {
      return await fromStream(source as unknown as ByteStream, signal, tell);
    }
    const { size, stream } = source as unknown as Partial<Blob>;
    if (tell !== undefined && typeof size === "number" && typeof stream === "function") {
      const pieces = (source as unknown as Blob).stream() as unknown as ByteStream;
      return await reached("the blob", () => fromStream(pieces, signal, tell, size), signal);
    }
    if (typeof source.arrayBuffer === "function") {
      const buffer = await reached("the blob", () => (source as unknown as BlobLike).arrayBuffer());
      signal?.throwIfAborted();
      return new Uint8Array(buffer);
    }
  }
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner} reads a path, a URL, a file handle, a Blob, a stream, or bytes, got ${shown(source)}.`,
  );
}

async function fromPlace(place: string, signal: AbortSignal | undefined, tell: Tell | undefined): Promise<Uint8Array> {
  const store = storeOf(place);
  if (store !== undefined) return await store.read(place, signal);
  if (/^(https?|data|blob):/.test(place)) return await fetched(place, signal, tell);
  return await reached(place, () => files.read(place, signal, tell), signal);
}

async function fetched(url: string, signal: AbortSignal | undefined, tell: Tell | undefined): Promise<Uint8Array> {
  const response = await reached(url, () => fetch(url, signal === undefined ? {} : { signal }), signal);
  if (!response.ok) throw new FileError(`${url}: the server responded ${response.status} ${response.statusText}.`);
  const { body, headers } = response;
  if (tell !== undefined && body !== null) {
    // The length of the transfer, which differs from that of the file if it is compressed.
    const length = headers.has("content-encoding") ? null : headers.get("content-length");
    const total = length === null ? null : Number(length);
    return await reached(url, () => fromStream(body as unknown as ByteStream, signal, tell, total), signal);
  }
  return new Uint8Array(await reached(url, () => response.arrayBuffer(), signal));
}

/** Calls `read`, and converts errors of the host to FileErrors, an abort to its reason. */
export async function reached<T>(place: string, read: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    return hostError(place, cause, signal);
  }
}

async function fromStream(
  stream: ByteStream,
  signal: AbortSignal | undefined,
  tell: Tell | undefined,
  total: number | null = null,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let loaded = 0;
  const take = (piece: unknown) => {
    signal?.throwIfAborted();
    if (!(ArrayBuffer.isView(piece) || isBuffer(piece))) {
      throw new ArgumentTypeError("ERR_VALUES_DTYPE", `A stream of a file must yield bytes, got ${shown(piece)}.`);
    }
    // A copy, because a stream may reuse its buffer.
    pieces.push((ArrayBuffer.isView(piece) ? bytesOfView("a stream", piece) : new Uint8Array(piece)).slice());
    loaded += piece.byteLength;
    tell?.(loaded, total);
  };
  if ("getReader" in stream) {
    const reader = stream.getReader();
    const stop = () => void reader.cancel(signal?.reason).catch(() => undefined);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) take(value);
      signal?.throwIfAborted();
    } catch (error) {
      stop();
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  } else {
    for await (const piece of stream) take(piece);
  }
  return joined(pieces);
}
