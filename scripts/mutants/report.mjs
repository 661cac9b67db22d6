// Report on the mutants: a line for each that survived, and a line for each kind.

/** On one line, of at most `length` letters. */
export const short = (text, length = 90) => {
  const line = text.replace(/\s+/g, " ");
  return line.length > length ? `${line.slice(0, length - 3)}...` : line;
};

/** `file:line`, the change, the key for judged.json. */
export const lineOf = ({ key, fileName, line, original, replacement }) =>
  `${key} ${fileName}:${line}  ${short(original)}  ->  ${short(replacement)}`;

/** Kinds of changes, as in kinds.mjs. */
export const kinds = ["behaviour", "error text"];

const isCaught = ({ outcome }) => outcome !== "survived" && outcome !== "not reached";

/** Prints the survivors and the fraction that was caught. Judged mutants have no effect, and are not counted. */
export function printReport(mutants, reasons) {
  const counted = mutants.filter(({ key }) => !reasons.has(key));
  const survivors = counted.filter((mutant) => !isCaught(mutant));
  if (survivors.length > 0) console.log("\nSurvived");
  for (const mutant of survivors) console.log(`  ${mutant.kind}, ${mutant.outcome}: ${lineOf(mutant)}`);
  console.log("\nCaught");
  for (const kind of kinds) {
    const ofKind = counted.filter((mutant) => mutant.kind === kind);
    const caught = ofKind.filter(isCaught).length;
    const refused = ofKind.filter(({ outcome }) => outcome === "refused by the compiler").length;
    const share = ofKind.length > 0 ? `${((100 * caught) / ofKind.length).toFixed(1)} %` : "";
    console.log(
      `  ${kind.padEnd(28)} ${`${caught} of ${ofKind.length}, ${refused} of them by the compiler`.padEnd(44)} ${share.padStart(6)}`,
    );
  }
  if (mutants.length > counted.length)
    console.log(`  ${"judged to change nothing".padEnd(28)} ${mutants.length - counted.length}`);
}
