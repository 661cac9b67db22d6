/**
 * Questions and answers over one port, while a call runs.
 *
 * @module
 */

import type { MessagePort, Transferable } from "../platform-types.js";
import { fromWire, toWire, type WireError } from "./data/errors-on-the-wire.js";
import type { Order, Question } from "./data/protocol.js";
import { unsendable } from "./data/unsendable.js";
import { messageChannel } from "./hosts/endpoint.js";

interface Asked {
  readonly number: number;
  readonly question: Question;
}

interface Answered {
  readonly number: number;
  /** Set if the answer is an error: the caller sees the original error, the worker a copy. */
  readonly failed?: WireError;
  readonly answer?: unknown;
}

/** The worker's end. */
export class AskingPort {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: unknown) => void }>();
  #count = 0;
  /** Why no more requests are sent. */
  #ended: { readonly error: unknown } | undefined;

  constructor(port: MessagePort, onOrder: (order: Order) => void) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<Answered | Order>) => {
      if ("order" in data) {
        onOrder(data);
        return;
      }
      const waiting = this.#waiting.get(data.number);
      this.#waiting.delete(data.number);
      if (data.failed !== undefined) waiting?.reject(fromWire(data.failed));
      else waiting?.resolve(data.answer as never);
    };
    port.onmessageerror = () => this.end(unsendable("An answer from the main thread", "it could not be read"));
  }

  /** Rejects all current and later requests: the main thread may be waiting for something that never arrives. */
  end(error: unknown): void {
    this.#ended ??= { error };
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  /** Sends a request; rejects if the other side fails. */
  ask<T>(question: Question, transfer: Transferable[] = []): Promise<T> {
    const number = this.#count++;
    return new Promise<T>((resolve, reject) => {
      if (this.#ended !== undefined) throw this.#ended.error;
      try {
        this.#port.postMessage({ number, question } satisfies Asked, transfer);
      } catch (error) {
        throw unsendable("The numbers for a callback", error);
      }
      this.#waiting.set(number, { resolve, reject });
    });
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.onmessageerror = null;
    this.#port.close();
  }
}

/** The main thread's end. Questions are answered one after the other. */
export class AnsweringPort {
  /** The other end, which is sent to the worker. */
  readonly far: MessagePort;
  /** The error of a failed answer. */
  failure: { readonly error: unknown } | undefined;
  readonly #port: MessagePort;
  #closed = false;

  constructor(answer: (question: Question) => Promise<{ answer: unknown; transfer?: Transferable[] }>) {
    const { port1, port2 } = messageChannel();
    this.#port = port1;
    this.far = port2;
    let turn: Promise<void> = Promise.resolve();
    port1.onmessage = ({ data: { number, question } }: MessageEvent<Asked>) => {
      turn = turn.then(async () => {
        // After a failure nothing may run: the run has ended for the caller.
        if (this.failure !== undefined) {
          this.#post({ number, failed: toWire(this.failure.error) });
          return;
        }
        try {
          const given = await answer(question);
          this.#give({ number, answer: given.answer }, given.transfer);
        } catch (error) {
          this.failure ??= { error };
          this.#post({ number, failed: toWire(error) });
        }
      });
    };
    port1.onmessageerror = () => {
      this.failure ??= { error: unsendable("A question of the worker", "it could not be read") };
      this.order({ order: "abort" });
    };
  }

  /** Sends a message that is not a reply. */
  order(order: Order): void {
    this.#post(order);
  }

  close(): void {
    this.#closed = true;
    this.#port.onmessage = null;
    this.#port.close();
    // It may not have been sent yet.
    this.far.close();
  }

  #give(message: Answered, transfer: Transferable[] | undefined): void {
    try {
      this.#post(message, transfer);
    } catch (error) {
      throw unsendable("A callback's change to its logs, or a batch,", error);
    }
  }

  #post(message: Answered | Order, transfer: Transferable[] = []): void {
    if (!this.#closed) this.#port.postMessage(message, transfer);
  }
}
