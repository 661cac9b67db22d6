/**
 * Doc comments of everything public: a first sentence, parameters, results with their shapes, codes of errors, sources
 * and examples. Node only. The examples run in test/examples/documentation.test.ts.
 */

import { describe, expect, it } from "vitest";
import { symbolComments } from "./symbol-comments.js";

/** Folders and files of ts/ whose comments are complete. */
const COMPLETE: readonly string[] = [
  "ts/activations/",
  "ts/autodiff/",
  "ts/callbacks/",
  "ts/constraints/",
  "ts/distribute/",
  "ts/errors.ts",
  "ts/initializers/",
  "ts/layers/",
  "ts/losses/",
  "ts/metrics/",
  "ts/models/",
  "ts/mpi/",
  "ts/ops/",
  "ts/optimizers/",
  "ts/random/",
  "ts/regularizers/",
  "ts/replicas/",
  "ts/runtime/",
  "ts/schedules/",
  "ts/stringify.ts",
  "ts/tensor.ts",
  "ts/variable.ts",
  "ts/weights.ts",
  "ts/worker/",
  "ts/zip.ts",
];

const { lacks, visited } = symbolComments();

describe("comments of public symbols", () => {
  it.each(COMPLETE)("nothing is missing in %s", (start) => {
    expect([...visited.values()].some((file) => file.startsWith(start))).toBe(true);
    const missing = lacks.filter(({ file }) => file.startsWith(start));
    expect(missing.map(({ file, path, lacks: what }) => `${file}: ${path} lacks ${what}`)).toEqual([]);
  });

  it("covers the package's entries", () => {
    expect(visited.size).toBeGreaterThan(1800);
    for (const path of ["losses.Huber", "losses.Huber.delta", "ops.sum", "Model.summary", "MirroredStrategy", "init"]) {
      expect(visited.has(path), path).toBe(true);
    }
  });
});

describe("the check of comments", () => {
  const FILE = "ts/losses/example.ts";
  const found = (text: string) =>
    symbolComments([FILE], [FILE, `import { ValueError } from "../errors.js";\n${text}`]).lacks.map(
      ({ path, lacks: what }) => `${path}: ${what}`,
    );

  it("notices what is missing", () => {
    const text = `
      export interface AOptions {
        /** Default: 1. */
        readonly a?: number;
        readonly b?: number;
      }
      export class A {
        readonly size: number = 1;
        constructor(a: number) {
          refuse(a);
        }
        /** Counts. */
        count(from: number): number[] {
          return [from];
        }
      }
      const refuse = (a: number): void => {
        throw new ValueError("ERR_SHAPE", String(a));
      };
      export function f(options: AOptions): void {
        refuse(options.a ?? 0);
      }`;
    expect(found(text)).toEqual([
      "f: a first sentence",
      "f: @param options",
      "f: @throws ERR_SHAPE",
      "AOptions: a first sentence",
      "AOptions.a: a first sentence",
      "AOptions.b: a first sentence",
      "A: a first sentence",
      "A: @see",
      "A: @example",
      "new A: @param a",
      "new A: @throws ERR_SHAPE",
      "A.size: a first sentence",
      "A.count: @param from",
      "A.count: @returns",
    ]);
  }, 60_000);

  it("takes what is inherited, options that document themselves, and one-line comments", () => {
    const text = `
      /** Options of f. */
      export interface FOptions {
        /** Rows. Default: 1. */
        readonly rows?: number;
      }
      /** Refuses. @throws ValueError ERR_SHAPE, always */
      export function f(_options: FOptions): void {
        throw new ValueError("ERR_SHAPE", "");
      }
      /**
       * The base.
       *
       * @see [Keras](https://keras.io)
       * @example
       */
      export class A {
        /**
         * Counts.
         *
         * @param from - The first.
         * @returns all of them, \`[from]\`
         */
        count(from: number): number[] {
          return [from];
        }
      }
      /**
       * Another.
       *
       * @see [Keras](https://keras.io)
       * @example
       */
      export class B extends A {
        override count(from: number): number[] {
          return [from, from];
        }
      }`;
    expect(found(text)).toEqual([]);
  }, 60_000);

  it("notices a shape that is missing, and an overload that hides the first one's text", () => {
    const text = `
      /** Gives numbers. @returns all of them */
      export function f(a: 1): number[];
      /** @param a - Two. */
      export function f(a: 2): number[];
      export function f(a: 3): number[];
      export function f(a: number): number[] {
        return [a];
      }`;
    expect(found(text)).toEqual(["f: a first sentence, in overload 2", "f: the shape of @returns"]);
  }, 60_000);
});
