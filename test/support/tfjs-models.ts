/** Models of TensorFlow.js in memory: saved as it saves them, and read as it reads files. */

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import * as tfl from "@tensorflow/tfjs-layers";

/** Files by their names. */
export type NamedFiles = ReadonlyMap<string, Uint8Array>;

/** Files that `model.save("file:///...")` writes: `model.json` and `weights.bin`. */
export async function savedByTfjs(model: tfl.LayersModel, includeOptimizer = false): Promise<File[]> {
  const files: File[] = [];
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    const { weightData, weightSpecs, ...json } = artifacts;
    const manifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
    files.push(new File([JSON.stringify({ ...json, weightsManifest: manifest })], "model.json"));
    files.push(new File([weightData as ArrayBuffer], "weights.bin"));
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  });
  await model.save(handler, { includeOptimizer });
  return files;
}

/** A model from files, by `tf.loadLayersModel`. */
export async function loadedByTfjs(files: NamedFiles): Promise<tfl.LayersModel> {
  const json = JSON.parse(new TextDecoder().decode(files.get("model.json"))) as tf.io.ModelJSON;
  const artifacts = await tf.io.getModelArtifactsForJSON(json, async (manifest) => {
    const paths = manifest.flatMap((group) => group.paths);
    const shards = paths.map((path) => (files.get(path) as Uint8Array).slice().buffer);
    return [manifest.flatMap((group) => group.weights), tf.io.concatenateArrayBuffers(shards)];
  });
  return await tfl.loadLayersModel(tf.io.fromMemory(artifacts));
}

/** Numbers of the predictions, output by output. */
export function predictedByTfjs(model: tfl.LayersModel, inputs: readonly tf.Tensor[]): number[][] {
  const given = inputs.length === 1 ? (inputs[0] as tf.Tensor) : [...inputs];
  const outputs = model.predict(given);
  return (Array.isArray(outputs) ? outputs : [outputs]).map((output) => [...output.dataSync()]);
}

export { tf, tfl };
