// Mutants that only change an error's message. They are counted separately: a test that only asserts the class and the
// code of an error does not catch them.

import ts from "typescript";
import { inRoot } from "../paths.mjs";

/** Parameters with which functions receive parts of messages. */
const said = /^(owner|name|what|whose|kind|message|expected|cure|got|hint|label|role|where|who|of|noun|item)$/;
const errorClass = /(?<!Squared|Absolute|Percentage|Logarithmic|LogCosh)Error$/;

/** Returns a function that tells "error text" mutants from "behaviour" ones. */
export function kindsOf(names) {
  const program = ts.createProgram(
    names.map((name) => inRoot(name)),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      strict: true,
      noEmit: true,
    },
  );
  const checker = program.getTypeChecker();
  return (mutant) => {
    const file = program.getSourceFile(inRoot(mutant.fileName));
    const { start, end } = mutant.location;
    const from = file.getPositionOfLineAndCharacter(start.line, start.column);
    const to = file.getPositionOfLineAndCharacter(end.line, end.column);
    return isSaid(nodeAt(file, from, to), checker) ? "error text" : "behaviour";
  };
}

/** The outermost node with exactly this text. */
function nodeAt(file, from, to) {
  let node = file;
  const inside = (child) => child.getStart(file) <= from && child.end >= to;
  const isIt = () => node.getStart(file) === from && node.end === to;
  while (!isIt()) {
    const next = ts.forEachChild(node, (child) => (inside(child) ? child : undefined));
    if (!next) break;
    node = next;
  }
  return node;
}

/** Whether the node is in an argument of an error, of a function that only throws, or of one that names things. */
function isSaid(node, checker) {
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    // Code that runs later is more than text.
    if (ts.isFunctionLike(parent) && child !== node) return isMessage(parent);
    if (!(ts.isNewExpression(parent) || ts.isCallExpression(parent)) || !parent.arguments?.includes(child)) continue;
    if (ts.isNewExpression(parent) && errorClass.test(parent.expression.getText())) return true;
    const signature = checker.getResolvedSignature(parent);
    if (!signature) continue;
    if (checker.getReturnTypeOfSignature(signature).flags & ts.TypeFlags.Never) return true;
    const parameter = signature.parameters[parent.arguments.indexOf(child)];
    if (parameter && said.test(parameter.name) && isString(node)) return true;
  }
  return false;
}

const isString = (node) =>
  ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node);

/** A function whose name says that it creates a part of a message. */
const isMessage = ({ name }) => /^(describe|explain|hint|quote|spell|sentence)|Message$/.test(name?.getText() ?? "");
