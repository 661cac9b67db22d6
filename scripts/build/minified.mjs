// Settings by which esbuild makes the files that programs load as they are.

export const MINIFIED = {
  target: "es2022",
  // Names stay: they are in messages and stacks.
  minifyWhitespace: true,
  minifySyntax: true,
  // Node prints the whole line that an uncaught error comes from. Strings and templates are not broken.
  lineLimit: 300,
};
