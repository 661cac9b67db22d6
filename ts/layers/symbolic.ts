/**
 * Symbolic tensors: what layers are connected by, before there is data.
 *
 * @module
 */

import { COPY } from "../copies.js";
import type { DType } from "../values.js";
import type { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";

/** One use of a layer in a functional model. */
export interface LayerNode {
  readonly layer: Layer;
  /** Place among the uses of its layer. */
  readonly index: number;
  readonly inputs: readonly SymbolicTensor[];
  /** Whether the layer was given a list of inputs. */
  readonly isList: boolean;
  readonly outputs: readonly SymbolicTensor[];
  /** The call's own `training`, which wins over the model's; undefined where it was not given. */
  readonly training: boolean | undefined;
}

/** The output of a layer, before there is data: a shape, and where it comes from. */
export class SymbolicTensor {
  /** With the batch axis; `null` is a length that is not known. */
  readonly shape: LayerShape;
  readonly dtype: DType;
  readonly name: string;
  /** The use of a layer that it comes from. */
  readonly node: LayerNode;
  /** Place among the outputs of that use. */
  readonly index: number;

  /** Comes from `Input` and from layers. @internal */
  constructor(shape: LayerShape, dtype: DType, name: string, node: LayerNode, index: number) {
    this.shape = shape;
    this.dtype = dtype;
    this.name = name;
    this.node = node;
    this.index = index;
  }

  /** The layer that it comes from. */
  get layer(): Layer {
    return this.node.layer;
  }

  /** What that layer was given. */
  get inputs(): readonly SymbolicTensor[] {
    return this.node.inputs;
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}

/** Notes a use of a layer, and gives its outputs. @internal */
export function connect(
  layer: Layer,
  inputs: readonly SymbolicTensor[],
  outputShapes: readonly LayerShape[],
  options: { readonly isList: boolean; readonly training?: boolean | undefined; readonly dtype?: DType },
): readonly SymbolicTensor[] {
  const { isList, training, dtype = "float32" } = options;
  const outputs: SymbolicTensor[] = [];
  const node: LayerNode = { layer, index: layer.inboundNodes.length, inputs, isList, outputs, training };
  const suffix = node.index === 0 ? "" : `_${node.index}`;
  outputShapes.forEach((shape, i) => {
    outputs.push(new SymbolicTensor(shape, dtype, `${layer.name}${suffix}${i === 0 ? "" : `:${i}`}`, node, i));
  });
  layer.inboundNodes.push(node);
  return outputs;
}
