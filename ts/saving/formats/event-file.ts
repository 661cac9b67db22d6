/**
 * Event files of TensorBoard: TFRecords, each of which is an `Event`.
 *
 * @see https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 * @see https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto event.proto, summary.proto
 * @module
 */

import type { Bytes } from "../../platform-types.js";
import { joined } from "../stores/pieces.js";
import { maskedCrc32c } from "./crc32c.js";
import { double, field, type Message, whole } from "./protobuf.js";

/** Numbers of the element types of `TensorProto`. */
const FLOAT = 1;
const DOUBLE = 2;
const STRING = 7;

/** TensorBoard's number of buckets. */
const BUCKETS = 30;

/** The length and its checksum, the contents and their checksum. */
function record(event: Message): Bytes {
  const data = joined(event);
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return bytes;
}

/** The first record of a file. @param time - In seconds since 1970. */
export const versionRecord = (time: number): Bytes => record([double(1, time), field(3, "brain.Event:2")]);

/** A record of one value, for a plugin of TensorBoard. */
function valueRecord(time: number, step: number, name: string, plugin: Message, tensor: Message): Bytes {
  const value = [field(1, name), field(8, tensor), field(9, [field(1, plugin)])];
  // A step of 0 is omitted: protocol buffers omit defaults.
  return record([double(1, time), ...(step === 0 ? [] : [whole(2, step)]), field(5, [field(1, value)])]);
}

/** A record of one number. */
export function scalarRecord(time: number, step: number, name: string, value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return valueRecord(time, step, name, [field(1, "scalars")], [whole(1, FLOAT), field(2, []), field(5, bytes)]);
}

/** A record of the distribution of numbers. */
export function histogramRecord(time: number, step: number, name: string, values: ArrayLike<number>): Bytes {
  const buckets = bucketsOf(values);
  const bytes = new Uint8Array(buckets.length * 8);
  const view = new DataView(bytes.buffer);
  buckets.forEach((number, i) => {
    view.setFloat64(8 * i, number, true);
  });
  const shape = [field(2, [whole(1, BUCKETS)]), field(2, [whole(1, 3)])];
  const tensor = [whole(1, DOUBLE), field(2, shape), field(4, bytes)];
  return valueRecord(time, step, name, [field(1, "histograms")], tensor);
}

/** A record of a model's JSON, which TensorBoard draws as a graph. */
export function modelRecord(time: number, json: string): Bytes {
  const tensor = [whole(1, STRING), field(2, []), field(8, json)];
  return valueRecord(time, 0, "keras", [field(1, "graph_keras_model"), field(2, "1")], tensor);
}

/** Left edge, right edge and count of each bucket. NaN and infinities are in none. */
function bucketsOf(values: ArrayLike<number>): number[] {
  const finite = Array.from(values).filter(Number.isFinite);
  if (finite.length === 0) return Array.from({ length: 3 * BUCKETS }, () => 0);
  let [least, most] = [finite[0]!, finite[0]!];
  for (const value of finite) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const counts = Array.from({ length: BUCKETS }, () => 0);
  const width = (most - least) / BUCKETS;
  for (const value of finite) {
    // All are equal: they are counted in the last bucket.
    const at = width === 0 ? BUCKETS - 1 : Math.min(Math.floor((value - least) / width), BUCKETS - 1);
    counts[at]! += 1;
  }
  const edge = (i: number) => (i === BUCKETS ? most : least + i * width);
  return counts.flatMap((count, i) => [edge(i), edge(i + 1), count]);
}
