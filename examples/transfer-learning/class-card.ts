// One class: its name, its images, and controls for adding more.

import { fromFile, picture } from "./images.js";
import { element } from "./page.js";

/** Every fourth image is for testing. */
const TESTED = 4;

export class ClassCard {
  /** Training images. */
  readonly training: Float32Array[] = [];
  /** Test images. */
  readonly tests: Float32Array[] = [];
  readonly #root: HTMLElement;

  constructor(name: string, onChange: (message?: string) => void, takePicture: () => Float32Array) {
    const copy = element<HTMLTemplateElement>("class").content.cloneNode(true) as DocumentFragment;
    this.#root = copy.firstElementChild as HTMLElement;
    const find = <T extends Element>(selector: string) => this.#root.querySelector(selector) as T;
    find<HTMLInputElement>(".name").value = name;
    const files = find<HTMLInputElement>("input[type=file]");
    files.addEventListener("change", async () => {
      const refused: string[] = [];
      for (const file of [...(files.files ?? [])]) {
        try {
          this.add([await fromFile(file)]);
        } catch {
          refused.push(file.name);
        }
      }
      // The same files can be chosen again.
      files.value = "";
      onChange(refused.length > 0 ? `Not an image that this browser reads: ${refused.join(", ")}` : undefined);
    });
    find(".picture").addEventListener("click", () => {
      this.add([takePicture()]);
      onChange();
    });
    element("classes").append(copy);
  }

  get name(): string {
    return (this.#root.querySelector(".name") as HTMLInputElement).value;
  }

  /** Adds images; of each four, one is kept for the test. */
  add(images: readonly Float32Array[]): void {
    const before = this.training.length + this.tests.length;
    const isTest = (_: Float32Array, i: number) => (before + i) % TESTED === TESTED - 1;
    this.addSplit(
      images.filter((image, i) => !isTest(image, i)),
      images.filter(isTest),
    );
  }

  /** Adds images that are split already. */
  addSplit(training: readonly Float32Array[], tests: readonly Float32Array[]): void {
    this.training.push(...training);
    this.tests.push(...tests);
    (this.#root.querySelector(".count") as HTMLElement).textContent =
      `${this.training.length} to learn from, ${this.tests.length} for the test`;
    this.#root.querySelector(".images")?.append(...training.map(picture));
  }
}
