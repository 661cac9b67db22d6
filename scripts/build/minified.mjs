// esbuild settings for files that programs load directly.

export const MINIFIED = {
  target: "es2022",
  // Names are kept: messages and stacks contain them.
  minifyWhitespace: true,
  minifySyntax: true,
  // Node prints the whole source line of an uncaught error, so lines are broken. Strings and templates are not.
  lineLimit: 300,
};
