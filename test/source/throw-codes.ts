/**
 * Codes that functions of ts/ can throw, read from their bodies and from what these call. Node only.
 */

import ts from "typescript";

/** Codes of the classes whose constructors do not take one. */
const OF_CLASSES: Readonly<Record<string, string>> = {
  DisposedError: "ERR_DISPOSED",
  OutOfMemoryError: "ERR_OUT_OF_MEMORY",
  WorkerLostError: "ERR_WORKER_LOST",
};

/** A function with a body. */
type Body = ts.Node;

interface Throws {
  readonly codes: Set<string>;
  /** Codes behind the name of their class: `ValueError ERR_SHAPE`. */
  readonly errors: Set<string>;
  readonly callees: Set<Body>;
}

/** The name that the errors of a class have. */
const errorName = (made: ts.NewExpression): string =>
  made.expression.getText().replace("ArgumentTypeError", "TypeError");

const isDeclared = (node: ts.Node): boolean =>
  ts.isFunctionDeclaration(node) || ts.isClassElement(node) || ts.isVariableDeclaration(node);

/** Codes by declaration, of functions, methods, accessors and constructors of a program. */
export class ThrowCodes {
  readonly #checker: ts.TypeChecker;
  readonly #found = new Map<Body, Throws>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /** Codes of a declaration's body and of everything that it calls. More than it can throw: options may be fixed. */
  all(declaration: ts.Node): ReadonlySet<string> {
    return this.#through(declaration, () => true);
  }

  /** Errors by class and code, `ValueError ERR_SHAPE`, of a declaration's body and of everything that it calls. */
  errors(declaration: ts.Node): ReadonlySet<string> {
    const errors = new Set<string>();
    const open = new Set<Body>(this.#bodies(declaration));
    for (const body of open) {
      for (const error of this.#read(body).errors) errors.add(error);
      for (const callee of this.#read(body).callees) open.add(callee);
    }
    return errors;
  }

  /**
   * Codes of a declaration's body, with the checks and the private functions of its file, and those in the bodies of
   * the other functions that it calls.
   */
  own(declaration: ts.Node): ReadonlySet<string> {
    return this.#through(declaration, (callee, caller) => {
      const { fileName } = callee.getSourceFile();
      if (/\/ts\/(options|arguments)\.ts$/.test(fileName)) return true;
      const isPrivate =
        ts.isFunctionDeclaration(callee) || ts.isVariableDeclaration(callee)
          ? !(ts.getCombinedModifierFlags(callee) & ts.ModifierFlags.Export)
          : (callee as ts.NamedDeclaration).name?.kind === ts.SyntaxKind.PrivateIdentifier;
      return isPrivate && fileName === caller.getSourceFile().fileName;
    });
  }

  /** @param isOpen - Whether a callee's callees count too. */
  #through(declaration: ts.Node, isOpen: (callee: ts.Node, caller: ts.Node) => boolean): ReadonlySet<string> {
    const codes = new Set<string>();
    const open = new Set<Body>(this.#bodies(declaration));
    for (const body of open) {
      const { codes: own, callees } = this.#read(body);
      for (const code of own) codes.add(code);
      for (const callee of callees) {
        if (isOpen(callee, body)) open.add(callee);
        else for (const code of this.#read(callee).codes) codes.add(code);
      }
    }
    return codes;
  }

  /** The implementation of a declaration: of an overload its function's, of an abstract method none. */
  #bodies(declaration: ts.Node): Body[] {
    if ((declaration as ts.FunctionLikeDeclaration).body !== undefined) return [declaration];
    if (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)) {
      const { initializer } = declaration;
      return initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
        ? [declaration]
        : [];
    }
    if (ts.isConstructorDeclaration(declaration)) {
      return declaration.parent.members.filter((member) => ts.isConstructorDeclaration(member) && member.body);
    }
    const name = (declaration as ts.NamedDeclaration).name;
    const symbol = name === undefined ? undefined : this.#checker.getSymbolAtLocation(name);
    return (symbol?.declarations ?? []).filter((one) => (one as ts.FunctionLikeDeclaration).body !== undefined);
  }

  #read(body: Body): Throws {
    const known = this.#found.get(body);
    if (known !== undefined) return known;
    const found: Throws = { codes: new Set(), errors: new Set(), callees: new Set() };
    this.#found.set(body, found);
    const visit = (node: ts.Node): void => {
      if (node !== body && isDeclared(node) && !ts.isVariableDeclaration(node)) return;
      if (ts.isStringLiteral(node) && /^ERR_[A-Z_]+$/.test(node.text) && !ts.isBinaryExpression(node.parent)) {
        found.codes.add(node.text);
      }
      if (ts.isNewExpression(node)) {
        for (const argument of node.arguments ?? []) {
          if (ts.isStringLiteral(argument)) found.errors.add(`${errorName(node)} ${argument.text}`);
        }
        const code = OF_CLASSES[node.expression.getText()];
        const isGiven = node.arguments?.some((one) => /ERR_/.test(one.getText())) ?? false;
        if (code !== undefined && !isGiven) found.codes.add(code);
      }
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const callee = this.#checker.getResolvedSignature(node)?.declaration;
        if (callee !== undefined) this.#add(found, callee);
      } else if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
        this.#addReference(found, node);
      }
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(body, visit);
    return found;
  }

  #add(found: Throws, callee: ts.Node): void {
    // Every method can be taken from its object: docs/errors.md says so for all.
    if ((callee as ts.NamedDeclaration).name?.getText() === "checkObject") return;
    const file = callee.getSourceFile().fileName;
    if (!file.includes("/ts/") || file.includes("/node_modules/") || file.endsWith("/ts/errors.ts")) return;
    for (const body of this.#bodies(callee)) found.callees.add(body);
  }

  /** Functions passed as arguments, and accessors. */
  #addReference(found: Throws, node: ts.Identifier | ts.PrivateIdentifier): void {
    let symbol = this.#checker.getSymbolAtLocation(node);
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) symbol = this.#checker.getAliasedSymbol(symbol);
    if (symbol === undefined) return;
    const isFunction = symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Accessor);
    const { parent } = node.parent;
    const isWritten =
      ts.isBinaryExpression(parent) &&
      parent.left === node.parent &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    for (const declaration of symbol.declarations ?? []) {
      if (isWritten ? ts.isGetAccessor(declaration) : ts.isSetAccessor(declaration)) continue;
      if (isFunction || ts.isVariableDeclaration(declaration)) {
        // A function that is being declared here calls nothing yet.
        if (declaration !== node.parent) this.#add(found, declaration);
      }
    }
  }
}
