/**
 * Several files chosen by the user, as listed by an input element.
 *
 * @module
 */

import { isList } from "../../options.js";
import { FileError } from "./file-error.js";
import type { BlobLike } from "./sources.js";

/** A `File`. */
export interface NamedBlob extends BlobLike {
  readonly name: string;
  /** Set for folders that were chosen or dropped. */
  readonly webkitRelativePath?: string;
}

/** A `FileList`, or an array of `File`s. */
export type FileListLike = ArrayLike<NamedBlob>;

/** Whether it is a list of files, of any realm. */
export function isFileList(value: unknown): value is FileListLike {
  return isList(value) || Object.prototype.toString.call(value) === "[object FileList]";
}

const pathOf = ({ name, webkitRelativePath: path }: NamedBlob) => (path ? path : name);

/**
 * The file that lists the others: the one with this extension, otherwise the only one of its kind. @throws FileError
 * without one
 */
export function mainFile(owner: string, list: FileListLike, extensions: readonly string[]): NamedBlob {
  const files = Array.from(list);
  const found = files.filter((file) =>
    extensions.some((extension) => pathOf(Object(file)).toLowerCase().endsWith(extension)),
  );
  if (found.length === 1) return found[0]!;
  const json = files.filter((file) => String(Object(file).name).toLowerCase().endsWith(".json"));
  if (json.length === 1) return json[0]!;
  throw new FileError(
    `${owner}: expected one ${extensions.join(" or ")} among the ${files.length} files, got ${found.length || json.length}. Let the user choose it together with the files beside it.`,
  );
}

/** A file of the list by its path relative to another one. @throws FileError if it was not chosen */
export function fileBeside(list: FileListLike, main: NamedBlob, name: string): NamedBlob {
  const files = Array.from(list);
  const folder = pathOf(main).replace(/[^/]*$/, "");
  const base = name.slice(name.lastIndexOf("/") + 1);
  const found = files.find((file) => pathOf(file) === `${folder}${name}`) ?? files.find((file) => file.name === base);
  if (found !== undefined) return found;
  throw new FileError(
    `${main.name}: the file ${JSON.stringify(name)} that it names was not chosen. Let the user choose all files of the model.`,
  );
}
