/**
 * Envelopes that mark the package's messages: a worker may also exchange messages with its page through comlink,
 * another library or `postMessage`, and developer tools post to all listeners. The content of an envelope is checked
 * before comlink sees it. Other messages are ignored.
 *
 * @module
 */

import type { Endpoint } from "./endpoint.js";

/** A message of the package. */
interface Envelope {
  readonly gradstep: unknown;
}

/** Reports a message that could not be read; otherwise its sender would wait for an answer. */
const UNREADABLE: Envelope = { gradstep: "unreadable" };

type Fields = Readonly<Record<string, unknown>>;

/** The worker's end: receives requests, and reports those that could not be read. */
export function servingEnd(endpoint: Endpoint): Endpoint {
  endpoint.addEventListener("messageerror", () => endpoint.postMessage(UNREADABLE));
  return sealed(endpoint, isRequest);
}

/** The caller's end: receives replies. */
export function callingEnd(endpoint: Endpoint, unreadable: () => void): Endpoint {
  endpoint.addEventListener("message", ({ data }: MessageEvent) => {
    if (contentOf(data) === UNREADABLE.gradstep) unreadable();
  });
  return sealed(endpoint, isReply);
}

function sealed(endpoint: Endpoint, isOurs: (message: Fields) => boolean): Endpoint {
  const listeners = new Map<unknown, (event: MessageEvent) => void>();
  return {
    postMessage: (message, transfer) => endpoint.postMessage({ gradstep: message } satisfies Envelope, transfer),
    addEventListener(type, listener) {
      const heard = ({ data }: MessageEvent) => {
        const message = contentOf(data);
        if (isFields(message) && isOurs(message)) listener({ data: message } as never);
      };
      listeners.set(listener, heard);
      endpoint.addEventListener(type, heard);
    },
    removeEventListener(type, listener) {
      const heard = listeners.get(listener);
      if (heard !== undefined) endpoint.removeEventListener(type, heard);
    },
    start: () => endpoint.start?.(),
  };
}

function contentOf(data: unknown): unknown {
  return isFields(data) ? data.gradstep : undefined;
}

/**
 * A call of the only function that is served; comlink would also allow reading, writing, constructing and releasing.
 */
function isRequest({ id, type, path, argumentList }: Fields): boolean {
  return (
    typeof id === "string" &&
    type === "APPLY" &&
    Array.isArray(path) &&
    path.length === 1 &&
    path[0] === "call" &&
    Array.isArray(argumentList) &&
    argumentList.every((argument) => isFields(argument) && argument.type === "RAW")
  );
}

function isReply({ id, type, name, value }: Fields): boolean {
  return typeof id === "string" && (type === "RAW" || (type === "HANDLER" && name === "throw" && isFields(value)));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
