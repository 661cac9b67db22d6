/**
 * The registry of all families of classes: optimizers, schedules, layers, losses, metrics, initializers,
 * regularizers and constraints. Classes by name, and their objects as Keras's JSON.
 *
 * @module
 */

import { isA, isCallable, isPlain, isReadable } from "./brands.js";
import { checkSameCopy } from "./copies.js";
import {
  type CustomObjects,
  customName,
  customObject,
  type FunctionSaving,
  noteWritten,
  own,
  unpackaged,
  withCustomObjects,
} from "./custom-objects.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import type { refuseOtherFamily } from "./families.js";
import { withKeysOf } from "./keras-names.js";
import { article } from "./names.js";
import { isList, nearestName, shown } from "./options.js";
import { plainJSON } from "./plain-json.js";
import { refusable } from "./undo.js";

/** Constructor arguments by Keras's names. */
export type Config = Record<string, unknown>;

/** An object that can be saved. */
export interface Saveable {
  /** Class name, as in Keras. */
  readonly className: string;
  getConfig(): Config;
}

/** A class whose objects can be saved. */
export interface SaveableClass<T extends Saveable> {
  new (...args: never[]): T;
  readonly className?: string;
  fromConfig(config: Config): T;
}

/** An object as JSON, as Keras writes it. */
export interface Saved {
  readonly module: string | null;
  readonly class_name: string;
  readonly config: Config;
  /** Null for the built-in ones, the name of the class for custom ones. */
  readonly registered_name: string | null;
}

/** Custom classes of one family, by the name they were saved under. */
export type CustomClasses<T extends Saveable> = Readonly<Record<string, SaveableClass<T>>>;

/** The family of classes of a {@link ClassRegistry}. */
export interface RegistryTopic<T extends Saveable> {
  /** In the singular, for messages: `"initializer"`. */
  readonly kind: string;
  /** The name of its namespace, for messages: `"initializers"`. */
  readonly family: string;
  /** Keras's module: `"keras.initializers"`. */
  readonly module: string;
  /** The base of all classes, and its name, which minifiers change. */
  readonly base: abstract new (
    ...args: never[]
  ) => T;
  readonly baseName: string;
  /** The list of classes. A function, because wrapper classes may be loaded later than the registry. */
  readonly classes: () => readonly SaveableClass<T>[];
  /** Refuses objects of other families. A property, so that pages with an optimizer alone do not load it. */
  readonly refuseOther?: typeof refuseOtherFamily;
  /** A class that contains a function, which JSON only names. */
  readonly wrapper?: SaveableClass<T>;
  /** Whether a class is Keras's own. Default: whether the list has it. */
  readonly isBuiltIn?: (made: object) => boolean;
  /** Other names, and the class names that they stand for. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Refuses a custom object whose config lacks arguments. Not for families whose base has no config, such as schedules. */
  readonly checkSaved?: (object: T, config: Config, isBuiltIn: (made: object) => boolean) => void;
  /** Saving of plain functions, for families that accept a function instead of an object. */
  readonly functions?: FunctionSaving;
  /** Built-in functions, by their names in snake case. */
  readonly functionCalled?: (name: string) => object | undefined;
  /** The same for saved functions only: elsewhere the name of a function refers to a class. */
  readonly savedFunction?: (name: string) => object | undefined;
}

/**
 * Classes by name, in any spelling: `GlorotUniform`, `glorot_uniform`, `glorotUniform`, `glorotuniform`, and by the
 * family's abbreviations, such as `mse`.
 */
export class ClassRegistry<T extends Saveable, F extends (...args: never[]) => unknown = never> {
  readonly #topic: RegistryTopic<T>;
  #classes: ReadonlyMap<string, SaveableClass<T>> | undefined;

  constructor(topic: RegistryTopic<T>) {
    this.#topic = topic;
  }

  /** Class names, in the order of the list. */
  get names(): string[] {
    return this.#topic.classes().map(({ className }) => className as string);
  }

  /** Whether the object's class itself is in the list: a custom class may have the name of a built-in one. */
  isBuiltIn(object: T): boolean {
    return this.#isListed(object.constructor);
  }

  #isListed(made: object): boolean {
    const { isBuiltIn, classes, wrapper } = this.#topic;
    return isBuiltIn?.(made) ?? (made === wrapper || classes().some((builtIn) => builtIn === made));
  }

  /**
   * The object for an identifier: an object, or a function if the family has functions (returned as is); a class, or
   * a name (made with default options); JSON; `null` or `undefined` for none.
   *
   * @throws ValueError for unknown names and anything else
   */
  get(identifier: unknown, customObjects?: CustomObjects): T | F | null {
    const { family, kind, base, functions } = this.#topic;
    if (identifier === null || identifier === undefined) return null;
    if (isA(identifier, base)) return identifier;
    if (this.#isClass(identifier)) return identifier.fromConfig({});
    this.#topic.refuseOther?.(this.#topic, identifier, (name) => this.#spelled(name) !== undefined);
    checkSameCopy(`${family}.get: the ${typeof identifier === "function" ? "class" : kind}`, identifier);
    if (functions !== undefined && isCallable(identifier)) return identifier as F;
    return withCustomObjects(`${family}.get`, customObjects, () => {
      if (typeof identifier === "string") return this.#named(identifier);
      if (isReadable(identifier) && !isList(identifier)) return this.#read("get", identifier);
      throw new ValueError(
        "ERR_CONFIG_INVALID",
        `${family}.get takes ${article(kind)}, the name of one, a class${functions ? ", a function" : ""} or { class_name, config }, got ${shown(identifier)}.`,
      );
    });
  }

  /** An object, or a function, as JSON that {@link ClassRegistry.deserialize} reads. @throws TypeError for anything else */
  serialize(object: T): Saved {
    const { kind, family, module, base, functions } = this.#topic;
    if (functions !== undefined && typeof object === "function") {
      const { functionCalled, savedFunction = functionCalled } = this.#topic;
      return functions.save(article(kind), object, savedFunction) as never;
    }
    if (!isA(object, base)) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${family}.serialize takes ${article(kind)}, got ${shown(object)}.`,
      );
    }
    if (this.isBuiltIn(object)) {
      return { module, class_name: object.className, config: savedConfig(object), registered_name: null };
    }
    const name = customName(object.constructor);
    if (name === "") {
      throw new ValueError(
        "ERR_CONFIG_INVALID",
        `${family}.serialize: the class has no name. Give it one: static className = "My${this.#topic.baseName}".`,
      );
    }
    noteWritten(name, object.constructor);
    const config = savedConfig(object);
    this.#topic.checkSaved?.(object, config, (made) => this.#isListed(made));
    return { module: null, class_name: name, config, registered_name: name };
  }

  /** An object from JSON of {@link ClassRegistry.serialize} or of Python's Keras. */
  deserialize(json: unknown, customObjects?: CustomObjects): T | F {
    const { family } = this.#topic;
    return withCustomObjects(`${family}.deserialize`, customObjects, () => this.#read("deserialize", json));
  }

  /** The built-in class of this name, in any spelling. */
  builtIn(name: string): SaveableClass<T> | undefined {
    return this.#spelled(name);
  }

  /** Throws the error for an unknown name. */
  refuseName(name: string): never {
    const { kind, aliases = {}, functions } = this.#topic;
    const known = [...this.names, ...Object.keys(aliases)];
    const meant = nearestName(name, known);
    const suggestion = meant === undefined ? "" : ` Did you mean "${meant}"?`;
    const cure = `Pass a custom class${functions ? " or function" : ""} in customObjects.`;
    throw new ValueError(
      "ERR_CONFIG_UNKNOWN_CLASS",
      `No ${kind} is called ${shown(name)}.${suggestion} Known: ${known.join(", ")}. ${cure}`,
    );
  }

  #named(name: string): T | F {
    // A class by its exact name: in families with functions, other spellings name functions, as in Keras.
    const exact = () => this.#topic.classes().find(({ className }) => className === name);
    const found =
      this.#custom([name]) ??
      exact() ??
      this.#topic.functionCalled?.(name) ??
      this.#spelled(name) ??
      this.refuseName(name);
    return this.#isClass(found) ? found.fromConfig({}) : (found as F);
  }

  #read(method: string, json: unknown): T | F {
    const { family, kind } = this.#topic;
    const saved = plainJSON(`${family}.${method}`, json);
    const name = own(saved, "class_name");
    if (typeof name !== "string") {
      throw new ValueError(
        "ERR_CONFIG_INVALID",
        `${family}.${method}: ${article(kind)} has its class's name in "class_name", a string, got ${shown(name)}.`,
      );
    }
    if (name === "function") return this.#function(method, own(saved, "config"));
    const made = this.#classOf(name, own(saved, "registered_name"), own(saved, "module"));
    const config = plainJSON(`${family}.${method}: the config of ${name}`, own(saved, "config") ?? {});
    // Errors name arguments in snake case, even if the config has none. Objects inside a refused config use up no names.
    return withKeysOf({ class_name: name, ...config }, () => refusable(() => made.fromConfig(config)));
  }

  #classOf(name: string, registered: unknown, module: unknown): SaveableClass<T> {
    const custom = this.#custom([registered, typeof registered === "string" ? unpackaged(registered) : null, name]);
    if (this.#isClass(custom)) return custom;
    // A registered name marks a class as custom, whatever its class name, unless the module is Keras's.
    const isKeras = typeof module === "string" && /^(tf_|tensorflow\.)?keras\b/.test(module);
    if (typeof registered !== "string" || isKeras) return this.#spelled(name) ?? this.refuseName(name);
    throw new ValueError(
      "ERR_CONFIG_UNKNOWN_CLASS",
      `No ${this.#topic.kind} is registered as ${shown(registered)}: pass its class in customObjects, under this name or as ${shown(name)}.`,
    );
  }

  #function(method: string, name: unknown): F {
    const { family, kind, functions, functionCalled, savedFunction = functionCalled } = this.#topic;
    if (functions === undefined || typeof name !== "string") {
      const what = functions ? `a function has its name in "config"` : `${article(kind)} cannot be a function`;
      throw new ValueError("ERR_CONFIG_INVALID", `${family}.${method}: ${what}, got ${shown(name)}.`);
    }
    const found = this.#custom([name, unpackaged(name)]) ?? savedFunction?.(name);
    if (found !== undefined && !this.#isClass(found)) return found as F;
    return functions.refuse(article(kind), name);
  }

  #spelled(name: string): SaveableClass<T> | undefined {
    this.#classes ??= this.#bySpelling();
    return this.#classes.get(spelling(name));
  }

  #bySpelling(): ReadonlyMap<string, SaveableClass<T>> {
    const { classes, wrapper, aliases = {} } = this.#topic;
    const all = wrapper === undefined ? classes() : [...classes(), wrapper];
    const byName = new Map(all.map((made) => [spelling(made.className as string), made]));
    for (const [alias, name] of Object.entries(aliases)) {
      byName.set(spelling(alias), byName.get(spelling(name)) as SaveableClass<T>);
    }
    return byName;
  }

  #custom(names: readonly unknown[]): object | undefined {
    const { baseName, functions } = this.#topic;
    const expected = `a class that extends ${baseName}${functions ? ", or a function" : ""}`;
    return customObject(
      names,
      expected,
      (found) => this.#isClass(found) || (functions !== undefined && !isClass(found)),
    );
  }

  #isClass(value: unknown): value is SaveableClass<T> {
    if (typeof value !== "function") return false;
    try {
      return value.prototype instanceof this.#topic.base;
    } catch {
      // A proxy that was revoked.
      return false;
    }
  }
}

/** Calls an object's `getConfig`, and checks the result. @throws TypeError unless that is a plain object */
export function savedConfig(object: Saveable): Config {
  const config: unknown = object.getConfig();
  if (isPlain(config)) return config as Config;
  throw new ArgumentTypeError(
    "ERR_CONFIG_INVALID",
    `${object.className}: getConfig must return a plain object, the constructor's arguments by name, got ${shown(config)}.`,
  );
}

/** One spelling for all: without underscores, in lower case. */
export function spelling(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** Whether a function can only be called by `new`. */
function isClass(found: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(found));
}
