/**
 * Barrier of replicas in shared memory; it also reports lost replicas.
 *
 * @module
 */

import { ReplicaError } from "../errors.js";
import { now } from "../runtime/clock.js";

/** The maximum number of replicas in the header. */
export const MOST_REPLICAS = 256;

// Words that one replica writes and others read are on separate cache lines.
const ARRIVED = 0;
/** Increases by 2 with each barrier; its lowest bit is set when the group has ended. */
const TURN = 16;
const ENDED = 1;
/** Rank + 1 of the replica that ended it. */
const CULPRIT = 32;
const REASON_LENGTH = 48;
/** Number of barriers that each replica has reached, to name missing ones. */
const VISITS = 64;
const REASON = VISITS + MOST_REPLICAS;
const REASON_BYTES = 1024;

/** Number of words of a barrier. */
export const BARRIER_WORDS: number = REASON + REASON_BYTES / 4;

/**
 * Number of polls before sleeping. A replica that sleeps wakes up late, and at the next barrier the others wait for it:
 * some tens of microseconds of polling avoid that. If there are fewer cores than replicas, polling takes time from the
 * others. So the number depends on the length of the last sleep.
 */
const [FEWEST_SPINS, MOST_SPINS] = [1000, 8000];
/** Milliseconds. A sleep as short as that could have been saved. */
const SHORT_SLEEP = 0.05;
/**
 * A sleeping replica checks now and then, in case it was not woken. A sleep that took longer was suspended with the whole
 * program (a laptop that sleeps, SIGSTOP): the others stood still too, so it counts as one nap.
 */
const NAP = 1000;

/** One replica's view of the barrier. */
export class SharedBarrier {
  readonly #words: Int32Array;
  readonly #rank: number;
  readonly #size: number;
  readonly #timeout: number;
  #spins = MOST_SPINS;

  /**
   * One replica's view of the barrier.
   *
   * @param timeout - Milliseconds to wait for the others.
   */
  constructor(words: Int32Array, rank: number, size: number, timeout: number) {
    this.#words = words;
    this.#rank = rank;
    this.#size = size;
    this.#timeout = timeout;
  }

  /** Returns when all have called it. @throws ReplicaError when one is gone, or does not come in time */
  wait(): void {
    const words = this.#words;
    const turn = Atomics.load(words, TURN);
    if ((turn & ENDED) !== 0) throw this.#lost();
    Atomics.add(words, VISITS + this.#rank, 1);
    if (Atomics.add(words, ARRIVED, 1) === this.#size - 1) {
      Atomics.store(words, ARRIVED, 0);
      Atomics.add(words, TURN, 2);
      Atomics.notify(words, TURN);
      return;
    }
    for (let i = 0; i < this.#spins; i++) if (Atomics.load(words, TURN) !== turn) break;
    if (this.#hasPassed(turn)) return;
    const start = now();
    const nap = Math.min(NAP, this.#timeout / 8);
    let [waited, before] = [0, start];
    do {
      if (waited >= this.#timeout) this.#giveUp();
      Atomics.wait(words, TURN, turn, nap);
      const after = now();
      waited += Math.min(nap, after - before);
      before = after;
    } while (!this.#hasPassed(turn));
    const isShort = now() - start < SHORT_SLEEP;
    this.#spins = isShort ? Math.min(MOST_SPINS, this.#spins * 4) : FEWEST_SPINS;
  }

  /** Whether all have come since it was `turn`. @throws ReplicaError when one is gone */
  #hasPassed(turn: number): boolean {
    const state = Atomics.load(this.#words, TURN);
    // First: who has passed may have left already.
    if (((state ^ turn) & ~ENDED) !== 0) return true;
    if ((state & ENDED) !== 0) throw this.#lost();
    return false;
  }

  /** Ends the group for all. The first reason counts. */
  end(reason: string, culprit: number = this.#rank): void {
    const words = this.#words;
    if (Atomics.compareExchange(words, CULPRIT, 0, culprit + 1) === 0) {
      const text = new TextEncoder().encode(reason).subarray(0, REASON_BYTES);
      const room = new Uint8Array(words.buffer, words.byteOffset + REASON * 4, REASON_BYTES);
      room.set(text);
      Atomics.store(words, REASON_LENGTH, text.length);
    }
    Atomics.or(words, TURN, ENDED);
    Atomics.notify(words, TURN);
  }

  #giveUp(): void {
    const visits = (rank: number) => Atomics.load(this.#words, VISITS + rank);
    const mine = visits(this.#rank);
    const late = Array.from({ length: this.#size }, (_, rank) => rank).find((rank) => visits(rank) !== mine);
    this.end(`did not join the others, which waited for ${this.#timeout / 1000} s`, late ?? this.#rank);
  }

  #lost(): ReplicaError {
    const words = this.#words;
    const culprit = Atomics.load(words, CULPRIT) - 1;
    // A decoder does not accept shared memory.
    const room = new Uint8Array(words.buffer, words.byteOffset + REASON * 4, Atomics.load(words, REASON_LENGTH));
    const reason = new TextDecoder().decode(room.slice());
    return new ReplicaError(
      "ERR_REPLICA_LOST",
      `Replica ${culprit} of ${this.#size} ${reason}. The replicas cannot continue without it: start them again.`,
      culprit,
    );
  }
}
