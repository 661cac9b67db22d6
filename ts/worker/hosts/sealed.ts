/**
 * Our messages among those of others: a worker may also talk to its page by comlink, by another library, or by
 * hand, and a page's developer tools post to everybody. Each of ours is in an envelope, and what is in it is checked before
 * comlink sees it. What is not ours is ignored.
 *
 * @module
 */

import type { Endpoint } from "./endpoint.js";

/** A message of ours. */
interface Envelope {
  readonly gradstep: unknown;
}

/** Reports a message that could not be read, so that its sender does not wait for an answer. */
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

/** A call of the one function that is served; comlink would also read, write, construct and release it. */
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
