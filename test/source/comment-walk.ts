/** A walk over the public symbols of a program, which notes gaps in their doc comments. Node only. */

import ts from "typescript";
import { ThrowCodes } from "./throw-codes.js";
import { isUnnamed } from "./unnamed-codes.js";
import { unwrapped } from "./wrapped-functions.js";

/** A public symbol whose comment lacks something. */
export interface Lack {
  /** Of the declaration, from `ts/`. */
  readonly file: string;
  /** `losses.Huber.call`. */
  readonly path: string;
  readonly lacks: string;
}

/** A sentence says something before its default. */
const SENTENCE = /^(?!Default\b)[A-Z\d`"{[|(]/;
/** Words of `@returns` that describe a shape. */
const SHAPE = /\[|\bshape|\bscalar|\bnumbers?\b|\blists?\b|\bempty\b|\ba value for each\b/i;

const isFunction = (type: ts.Type) => type.getCallSignatures().length > 0;
const isNothing = ({ flags }: ts.Type) =>
  (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void)) !== 0;
/** A member that overrides another shows that one's comment, unless it has its own. */
const isOwn = (symbol: ts.Symbol) =>
  (symbol.declarations ?? []).some((one) => ts.getJSDocCommentsAndTags(one).length > 0);
const isBare = (signature: ts.Signature, checker: ts.TypeChecker) =>
  signature.getDocumentationComment(checker).length === 0 && signature.getJsDocTags().length === 0;
const membersOf = (type: ts.Type) => (type.isUnion() ? type.types : [type]);
const modifiers = (node: ts.Node) => ts.getCombinedModifierFlags(node as ts.Declaration);

/** Walks the public symbols of one program, and gathers what their comments lack. */
export class CommentWalk {
  readonly lacks: Lack[] = [];
  /** Paths of the symbols that were visited, with their files. */
  readonly visited = new Map<string, string>();
  readonly #checker: ts.TypeChecker;
  readonly #root: string;
  readonly #codes: ThrowCodes;
  readonly #seen = new Set<ts.Symbol>();
  readonly #seenMembers = new Set<ts.Node>();

  constructor(program: ts.Program, root: string) {
    this.#checker = program.getTypeChecker();
    this.#codes = new ThrowCodes(this.#checker);
    this.#root = root;
  }

  exports(path: string, module: ts.Symbol): void {
    for (const member of this.#checker.getExportsOfModule(module)) this.#symbol(`${path}${member.name}`, member);
  }

  #symbol(path: string, alias: ts.Symbol): void {
    const exported = alias.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(alias) : alias;
    const symbol = unwrapped(exported, this.#checker);
    if (symbol.flags & ts.SymbolFlags.Module) {
      this.exports(`${path}.`, symbol);
      return;
    }
    if (this.#seen.has(symbol) || this.#isInternal(symbol)) return;
    this.#seen.add(symbol);
    const declaration = symbol.declarations?.[0];
    if (declaration === undefined || !this.#isOurs(declaration)) return;
    this.#visit(path, declaration);
    if (symbol.flags & ts.SymbolFlags.Class) this.#class(path, symbol);
    else if (symbol.flags & ts.SymbolFlags.Function) this.#function(path, symbol);
    else this.#value(path, declaration, symbol);
  }

  /** A type, an object, or a function in a variable. */
  #value(path: string, declaration: ts.Node, symbol: ts.Symbol): void {
    this.#sentence(path, declaration, symbol);
    if (symbol.flags & ts.SymbolFlags.Interface) this.#members(path, this.#checker.getDeclaredTypeOfSymbol(symbol));
    else if (symbol.flags & ts.SymbolFlags.Variable && isFunction(this.#checker.getTypeOfSymbol(symbol))) {
      this.#function(path, symbol);
    }
  }

  #class(path: string, symbol: ts.Symbol): void {
    const declaration = symbol.valueDeclaration as ts.ClassDeclaration;
    const ofClass = this.#tags(symbol);
    this.#sentence(path, declaration, symbol);
    const statics = this.#checker.getTypeOfSymbol(symbol);
    const signatures = statics.getConstructSignatures();
    const isError = /\/errors\.ts$/.test(declaration.getSourceFile().fileName);
    if (!isError) {
      if (!ofClass.has("see") && isOfKeras(this.#file(declaration))) this.#lack(path, declaration, "@see");
      if (!ofClass.has("example")) this.#lack(path, declaration, "@example");
      const made = declaration.members.find(ts.isConstructorDeclaration);
      const isHidden = made !== undefined && (modifiers(made) & ts.ModifierFlags.NonPublicAccessibilityModifier) !== 0;
      for (const signature of signatures) {
        // A constructor that is inherited, or only for subclasses, has another comment.
        if (signature.declaration?.parent !== declaration || isHidden) continue;
        if (signature.getJsDocTags().some(({ name }) => name === "internal")) continue;
        const own = new Map([...ofClass, ...this.#tagsOf(signature.getJsDocTags())]);
        this.#params(`new ${path}`, signature, own.get("param") ?? []);
        this.#throws(`new ${path}`, signature.declaration, own.get("throws") ?? [], true);
      }
    }
    const instance = this.#checker.getDeclaredTypeOfSymbol(symbol);
    this.#members(path, instance);
    this.#members(path, statics);
  }

  /** Members with comments of their class, and of bases that no entry exports. */
  #members(path: string, type: ts.Type): void {
    for (const member of this.#checker.getPropertiesOfType(type)) {
      const declaration = member.declarations?.[0];
      if (declaration === undefined || !this.#isOurs(declaration) || this.#seenMembers.has(declaration)) continue;
      this.#seenMembers.add(declaration);
      if (member.name === "prototype" || /^(#|__#|__@)/.test(member.name)) continue;
      if (modifiers(declaration) & ts.ModifierFlags.NonPublicAccessibilityModifier || this.#isInternal(member))
        continue;
      const name = `${path}.${member.name}`;
      this.#visit(name, declaration);
      if (!isOwn(member) && this.#text(member) !== "") continue;
      const isMethod = (member.flags & ts.SymbolFlags.Method) !== 0;
      if (isMethod) this.#function(name, member);
      else {
        this.#sentence(name, declaration, member);
        if (member.flags & ts.SymbolFlags.Accessor) {
          for (const one of member.declarations ?? []) {
            this.#throws(name, one, this.#tags(member).get("throws") ?? [], false);
          }
        }
      }
    }
  }

  #function(path: string, symbol: ts.Symbol): void {
    const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(symbol));
    const signatures = type.getCallSignatures();
    const tags = this.#tags(symbol);
    for (const signature of signatures) {
      const { declaration } = signature;
      if (declaration === undefined) continue;
      // Of overloads each is shown alone; one without a comment shows that of the first.
      const shown = isBare(signature, this.#checker) ? (signatures[0] as ts.Signature) : signature;
      const own = ts.displayPartsToString(shown.getDocumentationComment(this.#checker));
      const text = signatures.length === 1 && own === "" ? this.#text(symbol) : own;
      if (!SENTENCE.test(text))
        this.#lack(path, declaration, this.#overload(signature, signatures, "a first sentence"));
      this.#params(path, signature, tags.get("param") ?? []);
    }
    const [declaration] = symbol.declarations ?? [];
    const result = signatures.at(-1)?.getReturnType();
    if (declaration === undefined || result === undefined) return;
    this.#returns(path, declaration, result, tags.get("returns") ?? []);
    this.#throws(path, declaration, tags.get("throws") ?? [], false);
  }

  #overload(signature: ts.Signature, all: readonly ts.Signature[], lacks: string): string {
    return all.length === 1 ? lacks : `${lacks}, in overload ${all.indexOf(signature) + 1}`;
  }

  #returns(path: string, declaration: ts.Node, type: ts.Type, tags: readonly string[]): void {
    const awaited = this.#checker.getAwaitedType(type) ?? type;
    const isSelf = (awaited.flags & ts.TypeFlags.Never) !== 0 || this.#checker.typeToString(awaited) === "this";
    if (isSelf || membersOf(awaited).every(isNothing)) return;
    if (tags.length === 0) {
      this.#lack(path, declaration, "@returns");
      return;
    }
    const text = this.#checker.typeToString(awaited, undefined, ts.TypeFormatFlags.NoTruncation);
    const isNumbers = /\bTensor\b|\bFloat32Array\b|\bInt32Array\b|\bnumber\[\]/.test(text);
    if (isNumbers && !tags.some((tag) => SHAPE.test(tag))) this.#lack(path, declaration, "the shape of @returns");
  }

  #throws(path: string, declaration: ts.Node, tags: readonly string[], isConstructor: boolean): void {
    const named = new Set(tags.flatMap((tag) => tag.match(/\bERR_[A-Z_]+/g) ?? []));
    // Functions without options may be given an empty object.
    const isBare = ts.isFunctionDeclaration(declaration) && declaration.parameters.at(-1)?.name.getText() === "none";
    const isNeeded = (code: string) =>
      !(named.has(code) || (isBare && code === "ERR_OPTION_CONFLICT") || isUnnamed(path, code));
    // Constructors check everything that they pass on.
    const codes = isConstructor ? this.#codes.all(declaration) : this.#codes.own(declaration);
    const missing = [...codes].filter(isNeeded).sort();
    if (missing.length > 0) this.#lack(path, declaration, `@throws ${missing.join(", ")}`);
    this.#classes(path, declaration, tags);
  }

  /** Codes follow the classes of their errors: "ValueError ERR_SHAPE; TypeError, ValueError ERR_VALUES_DTYPE". */
  #classes(path: string, declaration: ts.Node, tags: readonly string[]): void {
    const errors = this.#codes.errors(declaration);
    const codes = new Set([...errors].map((error) => error.split(" ")[1]));
    for (const tag of tags) {
      let classes: string[] = [];
      let isList = false;
      for (const [word] of tag.matchAll(/\b(?:\w+Error|ERR_[A-Z_]+)\b/g)) {
        const isCode = word.startsWith("ERR_");
        if (!isCode) classes = isList ? [...classes, word] : [word];
        else if (codes.has(word) && classes.length > 0 && !classes.some((name) => errors.has(`${name} ${word}`))) {
          this.#lack(path, declaration, `the right class of ${word} in @throws`);
        }
        isList = !isCode;
      }
    }
  }

  /** A parameter has its tag; options document themselves, wherever they are declared, also by position. */
  #params(path: string, signature: ts.Signature, tags: readonly string[]): void {
    const named = new Set(tags.map((tag) => /^[^\s-]+/.exec(tag)?.[0]));
    const self = new Set<string>();
    const missing: string[] = [];
    const read = (name: string, type: ts.Type): void => {
      const options = membersOf(this.#checker.getNonNullableType(type)).filter((one) => this.#isDocumented(one));
      for (const one of options)
        for (const { name: option } of this.#checker.getPropertiesOfType(one)) self.add(option);
      const isSelf = options.length > 0 || self.has(name) || /^_?none$/.test(name);
      if (!isSelf && !named.has(name)) missing.push(name);
    };
    for (const parameter of signature.getParameters()) {
      const type = this.#checker.getTypeOfSymbol(parameter);
      const declaration = parameter.valueDeclaration as ts.ParameterDeclaration | undefined;
      const lists =
        declaration?.dotDotDotToken === undefined
          ? []
          : membersOf(type).filter((one) => this.#checker.isTupleType(one));
      if (lists.length === 0 || named.has(parameter.name)) read(parameter.name, type);
      for (const list of named.has(parameter.name) ? [] : lists) {
        const { labeledElementDeclarations: labels = [] } = (list as ts.TupleTypeReference).target ?? {};
        this.#checker.getTypeArguments(list as ts.TypeReference).forEach((element, i) => {
          read((labels[i] as ts.NamedTupleMember | undefined)?.name.getText() ?? parameter.name, element);
        });
      }
    }
    const { declaration } = signature;
    if (missing.length > 0 && declaration !== undefined) {
      this.#lack(path, declaration, `@param ${[...new Set(missing)].join(", ")}`);
    }
  }

  /** Whether it is an object of options, all of which have comments. */
  #isDocumented(type: ts.Type): boolean {
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || isFunction(type)) return false;
    if (this.#checker.isArrayType(type) || this.#checker.isTupleType(type)) return false;
    if (/\bRecord<string, never>>?$/.test(this.#checker.typeToString(type))) return true;
    const name = type.aliasSymbol?.name ?? type.symbol?.name ?? "";
    if (!/(Options|Hooks|Arguments)$|^__type$|^Partial$/.test(name)) return false;
    const options = this.#checker.getPropertiesOfType(type);
    return options.length > 0 && options.every((option) => this.#text(option) !== "");
  }

  #sentence(path: string, declaration: ts.Node, symbol: ts.Symbol): void {
    if (!SENTENCE.test(this.#text(symbol))) this.#lack(path, declaration, "a first sentence");
  }

  #text(symbol: ts.Symbol): string {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)).trim();
  }

  #tags(symbol: ts.Symbol): Map<string, string[]> {
    return this.#tagsOf(symbol.getJsDocTags(this.#checker));
  }

  #tagsOf(tags: readonly ts.JSDocTagInfo[]): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const { name, text } of tags) found.set(name, [...(found.get(name) ?? []), ts.displayPartsToString(text)]);
    return found;
  }

  #isInternal(symbol: ts.Symbol): boolean {
    return symbol.getJsDocTags(this.#checker).some(({ name }) => name === "internal");
  }

  #isOurs(node: ts.Node): boolean {
    const { fileName } = node.getSourceFile();
    return fileName.startsWith(this.#root) && !/node_modules|generated/.test(fileName);
  }

  #file(node: ts.Node): string {
    return node.getSourceFile().fileName.slice(this.#root.length);
  }

  #visit(path: string, node: ts.Node): void {
    this.visited.set(path, this.#file(node));
  }

  #lack(path: string, node: ts.Node, lacks: string): void {
    this.lacks.push({ file: this.#file(node), path, lacks });
  }
}

/** Whether the classes of a file are Keras's, or a paper's. */
function isOfKeras(file: string): boolean {
  return /^(ts|test)\/(callbacks|constraints|initializers|layers|losses|metrics|optimizers|random|regularizers|schedules)\//.test(
    file,
  );
}
