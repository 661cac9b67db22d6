/**
 * Values that no function expects, created for each call.
 */

import { Random } from "./random.js";
import { otherRealm } from "./realm.js";

/** The error that hostile objects throw. It is the caller's, and must be passed on unchanged. */
export class Mine extends Error {}

/** Throws {@link Mine}. */
export const throwing = (): never => {
  throw new Mine("mine");
};

const realm = otherRealm();

/** A list that contains itself. */
export function endless(): unknown[] {
  const list: unknown[] = [1];
  list[0] = list;
  return list;
}

/** A typed array whose memory was transferred. */
export function detached(): Float32Array {
  const array = new Float32Array(4);
  structuredClone(array, { transfer: [array.buffer] });
  return array;
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function deep(depth: number): unknown {
  let list: unknown = 1;
  for (let i = 0; i < depth; i++) list = [list];
  return list;
}

/** Hostile values by what they are. */
export const HOSTILE: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => Number.NaN,
  "-1": () => -1,
  "0.5": () => 0.5,
  "1e39": () => 1e39,
  Infinity: () => Number.POSITIVE_INFINITY,
  "a bigint": () => 2n,
  "a symbol": () => Symbol("s"),
  "an empty string": () => "",
  "a word": () => "nonsense",
  "a name of Object's": () => "constructor",
  __proto__: () => "__proto__",
  true: () => true,
  "an object": () => ({}),
  "an object without a prototype": () => Object.create(null),
  "an empty list": () => [],
  "a ragged list": () => [[1, 2], [3]],
  "a list of null": () => [null],
  "a list of objects": () => [undefined, {}],
  "a list of symbols": () => [Symbol("s"), Symbol("s")],
  "a sparse list": () => Object.assign(new Array(5), { 3: 1 }),
  "a billion holes": () => new Array(1e9),
  "a list that contains itself": endless,
  "a list 5,000 deep": () => deep(5000),
  "a list of another realm": () => realm.made("[1, 'x']"),
  "a function": () => () => 1,
  "a function that throws": () => throwing,
  "an async function": () => async () => 1,
  "a generator function": () =>
    function* () {
      yield 1;
    },
  "a class": () => class Strange {},
  "a promise": () => Promise.resolve(1),
  "a map": () => new Map([["a", 1]]),
  "a set": () => new Set([1]),
  "a date": () => new Date(0),
  "a Float64Array": () => new Float64Array(3),
  "a BigInt64Array": () => new BigInt64Array(2),
  "a DataView": () => new DataView(new ArrayBuffer(4)),
  "a detached array": detached,
  "a view of shared memory": () =>
    typeof SharedArrayBuffer === "undefined" ? {} : new Float32Array(new SharedArrayBuffer(8)),
  "a revoked proxy": () => revoked({}),
  "a revoked proxy of a list": () => revoked([]),
  "a revoked proxy of a function": () => revoked(() => 1),
  "a proxy of a list that throws": () => new Proxy([], { get: throwing }),
  "a proxy that throws": () =>
    new Proxy({}, { get: throwing, ownKeys: throwing, has: throwing, getPrototypeOf: throwing }),
  "a getter that throws": () => ({
    get name(): string {
      return throwing();
    },
  }),
  "an iterator that throws": () => ({ [Symbol.iterator]: throwing }),
  "an iterator that gives nothing": () => ({ [Symbol.iterator]: () => ({}) }),
  "a wrong config": () => ({ class_name: "Dense", config: { units: -1 } }),
  "a config of wrong types": () => ({ class_name: 3, config: null }),
  "a config of an unknown class": () => ({ class_name: "constructor", config: {} }),
  "an object that is not a primitive": () => ({
    toString: throwing,
    valueOf: throwing,
    [Symbol.toPrimitive]: throwing,
  }),
  "an object without a string": () => ({ toString: undefined, valueOf: undefined }),
};

/** Entries of a list, by a seed. */
export function picker(seed: number): <T>(list: readonly T[]) => T {
  const random = new Random(seed);
  return (list) => list[random.integer() % list.length] as (typeof list)[number];
}

/** The fault of an error that a call threw; undefined for our errors with a code, and for the caller's error. */
export function faultOf(error: unknown): string | undefined {
  if (error instanceof Mine) return undefined;
  const { code, stack } = (error ?? {}) as { code?: unknown; stack?: unknown };
  if (error instanceof Error && typeof code === "string" && code.startsWith("ERR_") && code !== "ERR_INTERNAL")
    return undefined;
  const at =
    typeof stack === "string"
      ? stack
          .split("\n")
          .slice(1, 4)
          .map((line) => line.trim())
          .join(" ")
      : "";
  return `${String(error).slice(0, 160)} ${at}`;
}
