/** Functions behind constants, such as `export const sum = symbolic("sum", reduce.sum)`: those have the comments. Node only. */

import ts from "typescript";

/** The function that a constant wraps, or the symbol itself. */
export function unwrapped(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  const { valueDeclaration: declaration } = symbol;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return symbol;
  const { initializer } = declaration;
  if (initializer === undefined || !ts.isCallExpression(initializer)) return symbol;
  const wrapped = initializer.arguments[1];
  if (initializer.expression.getText() !== "symbolic" || wrapped === undefined) return symbol;
  const found = checker.getSymbolAtLocation(ts.isPropertyAccessExpression(wrapped) ? wrapped.name : wrapped);
  if (found === undefined) return symbol;
  return found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
}
