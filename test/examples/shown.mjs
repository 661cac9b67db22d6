// The function that each block of the documentation imports: compares a line's output with the comment after it.

/**
 * Fails unless the comment has the values' numbers, in order, and their texts. Numbers must agree as float32 does;
 * after "about", or before "...", to the digits that are written.
 */
export function shown(values, comment) {
  const leaves = values.flatMap(leavesOf);
  const written = [...comment.matchAll(/(?<![\w.])-?\d+(?:\.(\d+))?(?:e[+-]?\d+)?(\.\.\.)?/g)];
  const numbers = leaves.filter((leaf) => typeof leaf === "number");
  const texts = leaves.filter((leaf) => typeof leaf !== "number").map(String);
  const agree = numbers.every((number, i) => {
    const [text, decimals = "", dots] = written[i] ?? ["NaN"];
    const digit = 10 ** -decimals.length;
    const slack = dots ? digit : comment.startsWith("about") ? digit / 2 : Math.abs(number) * 1e-6;
    return Math.abs(Number.parseFloat(text) - number) <= slack;
  });
  if (!agree || !texts.every((text) => comment.includes(text)) || leaves.length === 0) {
    throw new Error(`The comment says "${comment}", the line gives ${JSON.stringify(leaves)}.`);
  }
}

function leavesOf(value) {
  if (ArrayBuffer.isView(value)) return [...value];
  return Array.isArray(value) ? value.flatMap(leavesOf) : [value];
}
