/**
 * Iterators over the caller's batches, for local runs and for the main thread of a worker.
 *
 * @module
 */

import { isCallable, isDetached, isNumbers, isReadable } from "./brands.js";
import { ArgumentTypeError } from "./errors.js";
import { shown } from "./options.js";

/** An iterator of an iterable or async iterable, with values of any type. */
export type AnyIterator = AsyncIterator<unknown> | Iterator<unknown>;

/**
 * The iterator of the caller's data. A function is called for an iterable first.
 *
 * @throws TypeError for a value without an iterator; errors of the caller's code
 */
export function begun(owner: string, given: unknown): AnyIterator {
  const stream: unknown = isCallable(given) ? given() : given;
  const iterator = iteratorOf(stream);
  if (iterator !== undefined) return iterator;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: the ${typeof given === "function" ? "function that makes the data must return" : "data must be"} an iterable of batches, got ${shown(stream)}.`,
  );
}

/** Whether it is an iterator that is also its own iterable, such as a generator: it cannot restart. */
export function isIterator(stream: unknown): boolean {
  // An iterable without next() is not opened to find out: that could lock it, as it does a ReadableStream.
  return hasNext(stream) && iteratorOf(stream) === stream;
}

/** Closes the caller's iterator or stream if the run ended before the first batch, for example in `onTrainBegin`. */
export async function closeUnused(stream: unknown): Promise<void> {
  if (hasReader(stream)) {
    // A locked stream has another reader.
    if (!(stream as { locked?: boolean }).locked) await readingOf(stream).return?.();
  } else if (isIterator(stream)) await (stream as AnyIterator).return?.();
}

/** The next result of the iterator. @throws TypeError for anything but a result; the iterator's errors */
export async function nextOf(owner: string, iterator: AnyIterator): Promise<IteratorResult<unknown, unknown>> {
  const next: unknown = iterator.next();
  if (!isReadable(next)) refuseResult(owner, next);
  const result = (await next) as IteratorResult<unknown, unknown>;
  if (!isReadable(result)) refuseResult(owner, result);
  return result;
}

/** The next result of an iterator that is not asynchronous. @throws TypeError for anything but a result */
export function nextNow(owner: string, iterator: Iterator<unknown>): IteratorResult<unknown, unknown> {
  const result: unknown = iterator.next();
  if (!isReadable(result)) refuseResult(owner, result);
  return result as IteratorResult<unknown, unknown>;
}

/** The iterator of the caller's value, if it has a working one. */
function iteratorOf(stream: unknown): AnyIterator | undefined {
  if (isNumbers(stream) && isDetached(stream)) return undefined;
  if (!isReadable(stream)) return undefined;
  const { [Symbol.asyncIterator]: begin = (stream as Partial<Iterable<unknown>>)[Symbol.iterator] } = stream as Partial<
    AsyncIterable<unknown>
  >;
  // Cancelled even while a read is pending, because closing its iterator would wait for the chunk.
  if (hasReader(stream)) return readingOf(stream);
  const iterator: unknown = isCallable(begin) ? Reflect.apply(begin, stream, []) : undefined;
  return hasNext(iterator) ? iterator : undefined;
}

/** The part of `ReadableStream` that is used. */
interface Readable {
  getReader(): { read(): Promise<IteratorResult<unknown, unknown>>; cancel(): Promise<void>; releaseLock(): void };
}

/** Whether it can be read as a `ReadableStream`. Safari's are not iterable. */
export function hasReader(value: unknown): value is Readable {
  return isReadable(value) && isCallable((value as Partial<Readable>).getReader);
}

function readingOf(stream: Readable): AsyncIterator<unknown> {
  const reader = stream.getReader();
  return {
    async next() {
      let isDone: boolean | undefined = true;
      try {
        const result = await reader.read();
        isDone = result.done;
        return result;
      } finally {
        // Otherwise it would stay locked, and a second epoch would throw the host's error.
        if (isDone) reader.releaseLock();
      }
    },
    async return() {
      await reader.cancel();
      reader.releaseLock();
      return { done: true, value: undefined };
    },
  };
}

function hasNext(value: unknown): value is AnyIterator {
  return isReadable(value) && isCallable((value as Partial<AnyIterator>).next);
}

function refuseResult(owner: string, result: unknown): never {
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: the iterator of the data must return { value, done }, got ${shown(result)}.`,
  );
}
