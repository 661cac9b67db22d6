/**
 * Signatures of every public class, function and method, read from the types by the TypeScript compiler: arguments in their
 * order, options, and their comments. Node only.
 */

import ts from "typescript";
import { unwrapped } from "./wrapped-functions.js";

/** An option, or an argument that may be left out. */
export interface Option {
  readonly isOptional: boolean;
  /** Whether it is declared as a method, as hooks are. */
  readonly isMethod: boolean;
  /** Text of its comment. */
  readonly comment: string;
}

export interface Signature {
  /** Arguments by position, in their order; a rest argument with three dots. */
  readonly placed: readonly { readonly name: string; readonly isOptional: boolean }[];
  /** Arguments by name, in an object. */
  readonly options: ReadonlyMap<string, Option>;
}

const root = new URL("../../", import.meta.url).pathname;
const { options: compilerOptions } = ts.getParsedCommandLineOfConfigFile(`${root}tsconfig.json`, {}, {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: () => undefined,
} as ts.ParseConfigFileHost) as ts.ParsedCommandLine;

const membersOf = (type: ts.Type) => (type.isUnion() ? type.types : [type]);
const isNothing = (type: ts.Type) => (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0;

/** Signatures by entry: several tests in a process read the same. */
const known = new Map<string, ReadonlyMap<string, Signature>>();

/** The signatures of what an entry exports, by path: `layers.Dense`, `ops.sum`, `Model.fit`. */
export function publicSignatures(entry: string): ReadonlyMap<string, Signature> {
  const signatures = known.get(entry) ?? signaturesOf(entry);
  known.set(entry, signatures);
  return signatures;
}

function signaturesOf(entry: string): ReadonlyMap<string, Signature> {
  const program = ts.createProgram([`${root}${entry}`], { ...compilerOptions, noEmit: true });
  const checker = program.getTypeChecker();
  const found = new Map<string, Signature>();

  /** Interfaces of options, by their names, and literals of object types; not objects with an identity, nor lists. */
  const isOptions = (type: ts.Type): boolean => {
    if (!(type.flags & ts.TypeFlags.Object) || checker.isArrayType(type) || checker.isTupleType(type)) return false;
    if (type.getCallSignatures().length > 0) return false;
    const declaration = type.symbol?.declarations?.[0];
    if (declaration === undefined) return false;
    if (ts.isInterfaceDeclaration(declaration)) return /(Options|Hooks)$/.test(type.symbol.name);
    const isEmpty = checker.typeToString(type).endsWith("Record<string, never>>");
    return isEmpty || (ts.isTypeLiteralNode(declaration) && checker.getPropertiesOfType(type).length > 0);
  };

  /** @param otherwise - The comment of an option without a comment. */
  const addOptions = (type: ts.Type, into: Map<string, Option>, otherwise: (name: string) => string): void => {
    for (const option of membersOf(type)
      .filter(isOptions)
      .flatMap((member) => checker.getPropertiesOfType(member))) {
      if (option.getJsDocTags(checker).some(({ name }) => name === "internal")) continue;
      // Of one object in several places the first says most.
      if (into.has(option.name)) continue;
      const comment = ts.displayPartsToString(option.getDocumentationComment(checker)).replace(/\s+/g, " ");
      into.set(option.name, {
        isOptional: (option.flags & ts.SymbolFlags.Optional) !== 0,
        isMethod: (option.flags & ts.SymbolFlags.Method) !== 0,
        comment: otherwise(option.name) || comment,
      });
    }
  };

  const read = (signature: ts.Signature): Signature => {
    const placed = new Map<string, boolean>();
    const options = new Map<string, Option>();
    const tags = new Map(
      signature
        .getJsDocTags()
        .filter(({ name }) => name === "param")
        .map(({ text }) => /^(\S+)[\s-]*(.*)$/s.exec(ts.displayPartsToString(text)) ?? [])
        .map(([, name = "", comment = ""]) => {
          const text = comment.replace(/\s+/g, " ");
          // An argument in a rest parameter is documented as "@param given - `axis`: ...".
          const [, inRest, rest] = (name === "given" && /^`(\w+)`: (.*)/.exec(text)) || [];
          return inRest === undefined ? [name, text] : [inRest, rest];
        }),
    );
    const add = (name: string, type: ts.Type, isOptional: boolean): void => {
      const ofAll = tags.get(name) ?? "";
      addOptions(type, options, (option) => {
        const own = new RegExp(`\`${option}\` is (\\S+) by default`).exec(ofAll)?.[1];
        if (own !== undefined) return `Default: ${own}`;
        // A parameter that links to the option has its comment.
        const tag = tags.get(option)?.startsWith("{@link ") ? undefined : tags.get(option);
        return tag ?? (ofAll.includes(`\`{ ${option} }\``) || ofAll.includes(`\`${option}\`:`) ? ofAll : "");
      });
      const isOnlyOptions = membersOf(type).every((member) => isOptions(member) || isNothing(member));
      if (!(isOnlyOptions && membersOf(type).some(isOptions)) && !placed.has(name)) placed.set(name, isOptional);
    };
    for (const parameter of signature.getParameters()) {
      const declaration = parameter.valueDeclaration as ts.ParameterDeclaration | undefined;
      const type = checker.getTypeOfSymbol(parameter);
      if (declaration?.dotDotDotToken === undefined) {
        const isOptional = declaration?.questionToken !== undefined || declaration?.initializer !== undefined;
        add(parameter.name, type, isOptional);
        continue;
      }
      for (const list of membersOf(type)) {
        if (!checker.isTupleType(list)) add(`...${parameter.name}`, list, true);
        const { labeledElementDeclarations: labels = [] } = (list as ts.TupleTypeReference).target ?? {};
        checker.getTypeArguments(list as ts.TypeReference).forEach((element, i) => {
          const label = labels[i] as ts.NamedTupleMember | undefined;
          if (label !== undefined) add(label.name.text, element, true);
        });
      }
    }
    return { placed: [...placed].map(([name, isOptional]) => ({ name, isOptional })), options };
  };

  const walk = (path: string, alias: ts.Symbol): void => {
    const exported = alias.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(alias) : alias;
    const symbol = unwrapped(exported, checker);
    if (symbol.flags & ts.SymbolFlags.Module) {
      for (const member of checker.getExportsOfModule(symbol)) walk(`${path}.${member.name}`, member);
      return;
    }
    const type = checker.getTypeOfSymbol(symbol);
    if (symbol.flags & ts.SymbolFlags.Function) {
      // The last overload is the widest.
      found.set(path, read(type.getCallSignatures().at(-1) as ts.Signature));
    } else if (symbol.flags & ts.SymbolFlags.Class) {
      const constructors = type.getConstructSignatures();
      const made = constructors[0];
      if (made === undefined) return;
      // The first takes most by position, the last all by name.
      const { placed, options } = read(made);
      const named = read(constructors.at(-1) as ts.Signature).options;
      found.set(path, { placed, options: new Map([...options, ...named]) });
      for (const member of checker.getPropertiesOfType(checker.getReturnTypeOfSignature(made))) {
        if (!(member.flags & ts.SymbolFlags.Method) || /^(#|__)/.test(member.name)) continue;
        if (member.getJsDocTags(checker).some(({ name }) => name === "internal")) continue;
        const call = checker.getTypeOfSymbol(member).getCallSignatures().at(-1);
        if (call !== undefined) found.set(`${path}.${member.name}`, read(call));
      }
    }
  };
  const source = checker.getSymbolAtLocation(program.getSourceFile(`${root}${entry}`) as ts.SourceFile) as ts.Symbol;
  for (const member of checker.getExportsOfModule(source)) walk(member.name, member);
  return found;
}
