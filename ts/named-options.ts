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
 * A function or class that can be passed in the place of options. Editors show the comment of an option only if all types in
 * its place have the same declaration of it, and each function has a `name` too: this gives it the option's.
 */
export type InPlaceOfOptions<F> = F & NamedOptions;
