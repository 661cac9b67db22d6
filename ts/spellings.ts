/**
 * Types of the names that options accept, for completion in editors, derived from the class names of the lists. No code.
 *
 * @module
 */

type Before = "start" | "lower" | "upper";

type StartsLower<S extends string> = S extends `${infer Letter}${string}`
  ? Letter extends Uppercase<Letter>
    ? false
    : true
  : false;

/** Text before a capital: an underscore where a word begins, and nothing in `AdamW`, whose W ends it. */
type Break<B extends Before, Rest extends string> = B extends "start"
  ? ""
  : Rest extends ""
    ? ""
    : B extends "lower"
      ? "_"
      : StartsLower<Rest> extends true
        ? "_"
        : "";

/** `GlorotUniform` to `glorot_uniform`, `KLDivergence` to `kl_divergence`, `AdamW` to `adamw`. */
export type SnakeCase<S extends string, B extends Before = "start"> = S extends `${infer Letter}${infer Rest}`
  ? Letter extends Lowercase<Letter>
    ? `${Letter}${SnakeCase<Rest, "lower">}`
    : `${Break<B, Rest>}${Lowercase<Letter>}${SnakeCase<Rest, "upper">}`
  : "";

/** `glorot_uniform` to `glorotUniform`. */
export type CamelCase<S extends string> = S extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : S;

/** Names of functions and objects in Keras's snake case and in JavaScript's camelCase. */
export type BothCases<Snake extends string> = Snake | CamelCase<Snake>;

/** Names by which classes are found. */
export type NamesOf<ClassName extends string> = BothCases<SnakeCase<ClassName>>;

/** Any string. In a union with names it keeps them in the editor's list, unlike plain `string`. */
export type AnyName = string & {};

/** JSON of a class's object, as `{ class_name, config }`. */
export interface NamedConfig<ClassName extends string> {
  readonly class_name: ClassName | AnyName;
  readonly config?: object;
}

/** Like `unknown`, but a union with it keeps names. */
// biome-ignore lint/complexity/noBannedTypes: every value but null and undefined is meant.
export type Anything = {} | null | undefined;

/** Anything, because JSON is foreign data. Editors offer the class names for its `class_name`. */
export type JSONOf<ClassName extends string> = NamedConfig<ClassName> | Anything;
