/**
 * The text that editors show over classes, constructors, options and properties, from TypeScript's language service.
 * Node only. TypeScript 7 has another service, which this repository does not install.
 */

import ts from "typescript";
import { describe, expect, it } from "vitest";
import {
  callbacks,
  constraints,
  initializers,
  layers,
  losses,
  metrics,
  optimizers,
  regularizers,
  schedules,
} from "../../ts/index.js";
import { isClass } from "../support/public-classes.js";
import { languageService } from "./language-service.js";
import { publicSignatures } from "./public-signatures.js";

const root = new URL("../../", import.meta.url).pathname;
const file = `${root}test/source/in-an-editor.ts`;

const FAMILIES: Readonly<Record<string, object>> = {
  callbacks,
  constraints,
  initializers,
  layers,
  losses,
  metrics,
  optimizers,
  regularizers,
  schedules,
};

/** Not an abstract class. */
const isMade = (path: string): boolean =>
  !/^(\w+\.(Constraint|Initializer|Layer|LearningRateSchedule|Loss|Metric|Optimizer|RandomInitializer|Regularizer|Wrapper))$/.test(
    path,
  );
const signatures = publicSignatures("ts/index.ts");
const classes = Object.entries(FAMILIES).flatMap(([family, members]) =>
  Object.entries(members)
    .filter(([name, value]) => isClass(value) && signatures.has(`${family}.${name}`) && isMade(`${family}.${name}`))
    .map(([name]) => `${family}.${name}`),
);

/** Its options; a configuration's keys are not among them. */
const optionsOf = (path: string) =>
  [...(signatures.get(path)?.options ?? [])].filter(
    ([name, { isMethod }]) => !isMethod && !/_|^(config|module)$/.test(name),
  );

/** A line of the file: an object of the class, with all its options. */
function lineOf(path: string, index: number): string {
  const { placed, options } = signatures.get(path) as NonNullable<ReturnType<typeof signatures.get>>;
  // Required arguments come before the options, which some constructors take as their first argument, by position or by name.
  const at = placed.findIndex(({ name }) => /^(options|hooks)$/.test(name) || options.has(name));
  const before = at < 0 ? placed.filter(({ name }) => name !== "others") : placed.slice(0, at);
  const names = optionsOf(path).map(([name]) => `${name}: undefined as never`);
  const given = [...before.map(() => "null as never"), ...(names.length > 0 ? [`{ ${names.join(", ")} }`] : [])];
  return `export const made${index} = new ${path}(${given.join(", ")});`;
}

const LINES = [
  `import { ${Object.keys(FAMILIES).join(", ")} } from "../../ts/index.js";`,
  ...classes.map(lineOf),
  ...classes.map((path, i) => `export type Made${i} = ${path};`),
  ...classes.map((_, i) => `made${i};`),
];
const text = LINES.join("\n");
const service = languageService(file, text);
const program = service.getProgram() as ts.Program;
const checker = program.getTypeChecker();
const source = program.getSourceFile(file) as ts.SourceFile;

interface Shown {
  readonly text: string;
  readonly tags: string;
}

/** The text that an editor shows at a position. */
function hoverAt(position: number): Shown {
  const info = service.getQuickInfoAtPosition(file, position);
  return {
    text: ts.displayPartsToString(info?.documentation).trim(),
    tags: (info?.tags ?? []).map(({ name, text: words }) => `@${name} ${ts.displayPartsToString(words)}`).join("\n"),
  };
}

const startOf = (line: string): number => text.indexOf(line);
const SENTENCE = /^(?!Default\b)[A-Z\d`"{[|(]/;

/** Options whose default each class has in its constructor's comment, or that add nothing when left out. */
const WITHOUT_DEFAULT = /^(learningRate|inputShape)$/;

describe("editors show", () => {
  it("all families", () => {
    expect(classes.length).toBeGreaterThan(110);
    for (const path of ["optimizers.Adam", "metrics.AUC", "callbacks.EarlyStopping"]) expect(classes).toContain(path);
  });

  it.each(classes.map((path, i) => [path, i] as const))("%s", (path, i) => {
    const name = path.slice(path.indexOf(".") + 1);
    const made = LINES[i + 1] as string;
    const missing: string[] = [];
    const alias = `export type Made${i} = ${path};`;
    const ofClass = hoverAt(startOf(alias) + alias.lastIndexOf(name));
    if (!SENTENCE.test(ofClass.text)) missing.push("a sentence over the class");
    const ofConstructor = hoverAt(startOf(made) + made.indexOf(`new ${path}`) + 4 + path.length - name.length);
    if (!SENTENCE.test(ofConstructor.text)) missing.push("a sentence over the constructor");
    for (const [option, { isOptional }] of optionsOf(path)) {
      const { text: comment } = optionAt(made, option);
      if (!SENTENCE.test(comment)) missing.push(`a sentence over the option ${option}`);
      const hasDefault = !isOptional || WITHOUT_DEFAULT.test(option) || comment.includes("Default: ");
      if (!hasDefault) missing.push(`the default of the option ${option}`);
    }
    for (const property of checker.getPropertiesOfType(typeOfMade(i))) {
      if (isHidden(property)) continue;
      const comment = ts.displayPartsToString(property.getDocumentationComment(checker)).trim();
      if (!SENTENCE.test(comment)) missing.push(`a sentence over the property ${property.name}`);
    }
    expect(missing).toEqual([]);
  });

  it("units, defaults and codes", () => {
    const made = LINES[classes.indexOf("optimizers.Adam") + 1] as string;
    const beta1 = hoverAt(startOf(made) + made.indexOf("beta1"));
    expect(beta1.text).toBe("Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9.");
    const shown = hoverAt(startOf(made) + made.indexOf("Adam("));
    expect(shown.text).toContain("Adam (Kingma and Ba 2014)");
    expect(shown.tags).toContain("@throws ValueError ERR_OPTION_CONFLICT");
  });
});

function optionAt(made: string, option: string): Shown {
  return hoverAt(startOf(made) + made.search(new RegExp(`\\b${option}: undefined`)));
}

function typeOfMade(i: number): ts.Type {
  const statement = source.statements[i + 1] as ts.VariableStatement;
  return checker.getTypeAtLocation(statement.declarationList.declarations[0] as ts.Node);
}

function isHidden(property: ts.Symbol): boolean {
  const declaration = property.valueDeclaration ?? property.declarations?.[0];
  const isOurs = declaration?.getSourceFile().fileName.startsWith(`${root}ts/`) ?? false;
  const modifiers = declaration === undefined ? 0 : ts.getCombinedModifierFlags(declaration as ts.Declaration);
  return (
    !isOurs ||
    (modifiers & ts.ModifierFlags.NonPublicAccessibilityModifier) !== 0 ||
    /^(#|__)/.test(property.name) ||
    property.getJsDocTags(checker).some(({ name }) => name === "internal")
  );
}
