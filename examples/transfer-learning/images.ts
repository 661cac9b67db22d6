// Inputs of the network: 8 x 8 pixels from 0 to 1, bright ink on a dark ground.

/** Pixels along a side. */
export const SIDE = 8;
/** Each pixel is the mean of a square with this many pixels along a side, because browsers skip pixels when they shrink an image a lot. */
const DETAIL = 16;

/** The middle square of an image file. @throws DOMException if the file is not an image */
export async function fromFile(file: Blob): Promise<Float32Array> {
  const bitmap = await createImageBitmap(file);
  try {
    return reduced(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/** The middle square of the current frame of a video. */
export const fromVideo = (video: HTMLVideoElement): Float32Array => reduced(video, video.videoWidth, video.videoHeight);

function reduced(source: ImageBitmap | HTMLVideoElement, width: number, height: number): Float32Array {
  const side = Math.min(width, height);
  const size = SIDE * DETAIL;
  const context = contextOf(square(size));
  // Transparent parts count as paper.
  context.fillStyle = "white";
  context.fillRect(0, 0, size, size);
  context.drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, size, size);
  const { data } = context.getImageData(0, 0, size, size);
  const pixels = new Float32Array(SIDE * SIDE);
  for (let at = 0; at < size * size; at++) {
    const [row, column] = [Math.floor(at / size / DETAIL), Math.floor((at % size) / DETAIL)];
    pixels[row * SIDE + column]! += luminance(data, at * 4);
  }
  return inked(pixels);
}

/** Rec. 709. */
const luminance = (data: Uint8ClampedArray, at: number): number =>
  0.2126 * (data[at] as number) + 0.7152 * (data[at + 1] as number) + 0.0722 * (data[at + 2] as number);

/** Stretched to the range from 0 to 1; inverted where the edge, which is rarely ink, is brighter than the rest. */
function inked(values: Float32Array): Float32Array {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (high === low) return values.fill(0);
  const isEdge = (at: number) => [0, SIDE - 1].includes(at % SIDE) || at < SIDE || at >= SIDE * (SIDE - 1);
  const isOnPaper = mean(values.filter((_, at) => isEdge(at))) > mean(values);
  return values.map((value) => (isOnPaper ? high - value : value - low) / (high - low));
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A canvas that shows pixels. */
export function picture(pixels: Float32Array): HTMLCanvasElement {
  const canvas = square(SIDE);
  const image = new ImageData(SIDE, SIDE);
  pixels.forEach((pixel, i) => image.data.set([230, 237, 246, Math.round(pixel * 255)], i * 4));
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

const square = (size: number) => Object.assign(document.createElement("canvas"), { width: size, height: size });

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("This browser has no 2-D canvas.");
  return context;
}
