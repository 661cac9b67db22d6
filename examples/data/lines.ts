// The rows of digits.csv.gz, in a page.

import url from "./digits.csv.gz?url";

/** A text for each digit: 64 pixels and the label. */
export async function digitLines(): Promise<string[]> {
  return (await fetchedText(url)).trim().split("\n");
}

async function fetchedText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  const blob = await response.blob();
  // Some servers send a .gz file with Content-Encoding, and then the browser has already decompressed it.
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  if (first !== 0x1f || second !== 0x8b) return blob.text();
  return new Response(blob.stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
