/**
 * The option `name`, which layers and optimizers share, as a type alone.
 *
 * @module
 */

/** The option of everything that has a name. */
export interface NamedOptions {
  /** A name for messages and saved files. Default: from the class, such as `"adam"` or `"dense"`, made unique. */
  readonly name?: string | null | undefined;
}

/**
 * A function or class that can be passed instead of options. Editors show the comment of an option only if all types that can be
 * passed share one declaration of it. Every function has a `name`, so this type gives it the declaration of the option.
 */
export type InPlaceOfOptions<F> = F & NamedOptions;
