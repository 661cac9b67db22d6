/** Codes that the doc comments of public functions need not name. */

/** Codes that nearly every call can end with. docs/errors.md describes them; a comment may name them. */
const ANYWHERE: ReadonlySet<string> = new Set([
  "ERR_ARGUMENT_COUNT",
  "ERR_DISPOSED",
  "ERR_INTERNAL",
  "ERR_MODULE_CONFLICT",
  "ERR_MODULE_INVALID",
  "ERR_MODULE_MISSING",
  "ERR_MODULE_UNSUPPORTED",
  "ERR_OTHER_COPY",
  "ERR_OUT_OF_MEMORY",
  "ERR_VALUES_DETACHED",
]);

/** Codes on paths that a call does not take, by the symbol's path. */
const UNREACHED: readonly (readonly [path: RegExp, codes: RegExp])[] = [
  // The constructor of a base refuses to be called for itself.
  [/^new /, /^ERR_NOT_IMPLEMENTED$/],
  // It prepares getters, which refuse later.
  [
    /^new .*\.(Callback|History|TerminateOnNaN|Constraint|Initializer|Regularizer|LearningRateSchedule)$/,
    /^ERR_OPTION_TYPE$/,
  ],
  // It takes no options by position.
  [/^random\.permutation$/, /^ERR_OPTION_CONFLICT$/],
  // A new layer has no weights that a run could be using, and its activation is not called yet.
  [/^new layers\./, /^ERR_(BUSY|VALUES_DTYPE|VALUES_SHAPE)$/],
  // The check of its call runs in a call.
  [/^new Model$/, /^ERR_VALUES_(DTYPE|SHAPE)$/],
  // It has no regularizer.
  [/^new layers\.InputLayer$/, /^ERR_CONFIG_/],
  // It hands out setters, which check their numbers later.
  [/^optimizers\.(Lookahead|LossScaleOptimizer|SAM|ScheduleFree|SWA)\.(variables|weights)$/, /^ERR_OPTION_/],
  // A seed is drawn into a tensor of a fixed shape.
  [/^new (random|initializers)\./, /^ERR_SHAPE$/],
];

/** Whether the comment of a symbol need not name a code that the symbol's code contains. */
export function isUnnamed(path: string, code: string): boolean {
  return ANYWHERE.has(code) || UNREACHED.some(([where, which]) => where.test(path) && which.test(code));
}
