/**
 * Classes by name, and their objects as Keras's JSON: what initializers, regularizers, constraints, losses,
 * metrics and layers have in common.
 *
 * @module
 */

import { checkSameCopy } from "./copies.js";
import { customClass, own } from "./custom-class.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import { shown } from "./options.js";

/** Constructor arguments by Keras's names. */
export type Config = Record<string, unknown>;

/** An object that can be saved. */
export interface Saveable {
  /** Class name, as Keras has it. */
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
  /** Null for the built-in ones, the name of the class for your own. */
  readonly registered_name: string | null;
}

/** Classes of your own, by the name they were saved under. */
export type CustomClasses<T extends Saveable> = Readonly<Record<string, SaveableClass<T>>>;

/** What a {@link ClassRegistry} is about. */
export interface RegistryTopic<T extends Saveable> {
  /** In the singular, for messages: `"initializer"`. */
  readonly kind: string;
  /** Keras's module: `"keras.initializers"`. */
  readonly module: string;
  /** What all classes extend. A function, because the base may be loaded later than the registry. */
  readonly base: () => abstract new (...args: never[]) => T;
  /** THE list. */
  readonly classes: () => readonly SaveableClass<T>[];
  /** Other names, in snake case, and the class names that they stand for. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** The class of a name, where not every spelling of one names it. */
  readonly called?: (name: string) => SaveableClass<T> | undefined;
  /** What the error of an unknown name lists, where that is more than the class names. */
  readonly known?: () => string;
}

/** Classes by name, in any of its spellings: `GlorotUniform`, `glorot_uniform`, `glorotUniform`. */
export class ClassRegistry<T extends Saveable> {
  readonly #topic: RegistryTopic<T>;
  #classes: ReadonlyMap<string, SaveableClass<T>> | undefined;

  constructor(topic: RegistryTopic<T>) {
    this.#topic = topic;
  }

  /** Class names, in the order of the list. */
  get names(): string[] {
    return this.#topic.classes().map(({ className }) => className as string);
  }

  /** Whether the object's very class is in the list: a class of the user's may have the name of a built-in one. */
  isBuiltIn(object: T): boolean {
    return this.#topic.classes().some((builtIn) => builtIn === object.constructor);
  }

  /** An object as JSON that {@link ClassRegistry.deserialize} reads. @throws TypeError for anything else */
  serialize(object: T): Saved {
    const { kind, module, base } = this.#topic;
    if (!(object instanceof base())) {
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `serialize takes a ${kind}, got ${shown(object)}.`);
    }
    const isBuiltIn = this.isBuiltIn(object);
    return {
      module: isBuiltIn ? module : null,
      class_name: object.className,
      config: object.getConfig(),
      registered_name: isBuiltIn ? null : object.className,
    };
  }

  /** An object from JSON of {@link ClassRegistry.serialize} or of Python's Keras. */
  deserialize(json: unknown, customObjects: CustomClasses<T> = {}): T {
    const { kind } = this.#topic;
    const saved = plain(`a saved ${kind}`, json);
    const name = own(saved, "class_name");
    if (typeof name !== "string") {
      throw new ValueError(
        "ERR_CONFIG_INVALID",
        `A saved ${kind} has its class's name in "class_name", got ${shown(name)}.`,
      );
    }
    const made = this.#custom(saved, name, customObjects) ?? this.find(name);
    return made.fromConfig(plain(`the config of ${name}`, own(saved, "config") ?? {}));
  }

  /** The class of this name. @throws ValueError for an unknown one, with those that are known */
  find(name: string): SaveableClass<T> {
    const { kind, called = (name) => this.#spelled(name), known = () => `${this.names.join(", ")}.` } = this.#topic;
    const found = called(name);
    if (found !== undefined) return found;
    throw new ValueError("ERR_CONFIG_UNKNOWN_CLASS", `No ${kind} is called ${shown(name)}. Known: ${known()}`);
  }

  #spelled(name: string): SaveableClass<T> | undefined {
    this.#classes ??= this.#bySpelling();
    return this.#classes.get(spelling(name));
  }

  #bySpelling(): ReadonlyMap<string, SaveableClass<T>> {
    const { classes, aliases = {} } = this.#topic;
    const byName = new Map(classes().map((made) => [spelling(made.className as string), made]));
    for (const [alias, name] of Object.entries(aliases)) {
      byName.set(spelling(alias), byName.get(spelling(name)) as SaveableClass<T>);
    }
    return byName;
  }

  /** A registered name says that the class was not Keras's own, whatever it is called. */
  #custom(saved: Config, name: string, customObjects: CustomClasses<T>): SaveableClass<T> | undefined {
    const { kind, base } = this.#topic;
    const registered = own(saved, "registered_name");
    const custom = customClass("", `the base of every ${kind}`, base(), customObjects, [registered, name]);
    if (custom !== undefined) return custom as SaveableClass<T>;
    const module = own(saved, "module");
    if (typeof registered !== "string" || (typeof module === "string" && module.startsWith("keras."))) return undefined;
    throw new ValueError(
      "ERR_CONFIG_UNKNOWN_CLASS",
      `No ${kind} is registered as ${shown(registered)}: pass its class in customObjects, under this name or as ${shown(name)}.`,
    );
  }
}

/** One spelling for all: without underscores, in lower case. */
function spelling(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function plain(what: string, value: unknown): Config {
  checkSameCopy(`What should be ${what}`, value);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Config;
  throw new ArgumentTypeError("ERR_CONFIG_INVALID", `Expected ${what}, an object, got ${shown(value)}.`);
}
