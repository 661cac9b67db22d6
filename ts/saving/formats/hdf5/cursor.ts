/**
 * A position in an HDF5 file: numbers are read one after the other, and never beyond the end.
 *
 * @module
 */

import { refuseFile } from "../../stores/file-error.js";
import { utf8 } from "../utf8.js";

/** The bytes of a file, and the budget for reading it. */
export class Hdf5Bytes {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  #budget: number;

  constructor(file: string, bytes: Uint8Array) {
    this.file = file;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#budget = 4 * bytes.length + 65_536;
  }

  /** Counts bytes of metadata: structures that overlap would be read again and again. @throws ValueError */
  spend(count: number): void {
    this.#budget -= count;
    if (this.#budget < 0) this.refuse("its structures overlap");
  }

  /** A cursor at an address. @throws ValueError when fewer than `length` bytes follow */
  at(address: number, length = 0): Cursor {
    if (address < 0 || address + length > this.bytes.length) this.refuse("it is cut off, or an address is wrong");
    return new Cursor(this, address, this.bytes.length);
  }

  refuse(fault: string): never {
    refuseFile(this.file, fault);
  }
}

/** Reads little-endian numbers up to an end. */
export class Cursor {
  readonly source: Hdf5Bytes;
  readonly end: number;
  position: number;

  constructor(source: Hdf5Bytes, position: number, end: number) {
    this.source = source;
    this.position = position;
    this.end = end;
  }

  get left(): number {
    return this.end - this.position;
  }

  skip(count: number): void {
    if (count > this.left) this.source.refuse("a structure is cut off");
    this.position += count;
  }

  u8(): number {
    this.skip(1);
    return this.source.view.getUint8(this.position - 1);
  }

  u16(): number {
    this.skip(2);
    return this.source.view.getUint16(this.position - 2, true);
  }

  u32(): number {
    this.skip(4);
    return this.source.view.getUint32(this.position - 4, true);
  }

  /** A length or an address; {@link UNDEFINED} if all bits are set. */
  u64(): number {
    const [low, high] = [this.u32(), this.u32()];
    if (low === 0xffffffff && high === 0xffffffff) return UNDEFINED;
    const value = low + high * 2 ** 32;
    return Number.isSafeInteger(value) ? value : this.source.refuse(`it has the length ${value}`);
  }

  /** An unsigned number of 1, 2, 4 or 8 bytes. */
  uint(width: number): number {
    return width === 1 ? this.u8() : width === 2 ? this.u16() : width === 4 ? this.u32() : this.u64();
  }

  /** The next bytes, as a view. */
  take(count: number): Uint8Array {
    this.skip(count);
    return this.source.bytes.subarray(this.position - count, this.position);
  }

  /** A cursor over the next bytes alone. */
  part(count: number): Cursor {
    this.skip(count);
    return new Cursor(this.source, this.position - count, this.position);
  }

  /** Text of this many bytes, up to its first NUL. */
  text(count: number): string {
    const bytes = this.take(count);
    const nul = bytes.indexOf(0);
    this.source.spend(nul < 0 ? count : nul + 1);
    return utf8(this.source.file, "a name", nul < 0 ? bytes : bytes.subarray(0, nul));
  }

  /** Refuses another signature. */
  expect(signature: string): void {
    const found = String.fromCharCode(...this.take(signature.length));
    if (found !== signature) this.source.refuse(`${JSON.stringify(signature)} is not where it should be`);
  }
}

/** The undefined address. */
export const UNDEFINED = -1;
