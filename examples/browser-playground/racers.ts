// The optimizers of the race, each with a separate variable in WebAssembly memory.

import { Adagrad, Adam, Lion, Nadam, type Optimizer, RMSprop, SGD, Variable } from "gradstep/slim";
import type { Point, Surface } from "./surfaces.js";

interface Entry {
  readonly name: string;
  readonly color: string;
  readonly make: (learningRate: number) => Optimizer;
  /** The initial rate for this surface. */
  readonly rate: (surface: Surface) => number;
}

const adaptive = ({ rates }: Surface) => rates.adaptive;

const entries: readonly Entry[] = [
  {
    name: "SGD",
    color: "#f2f5f9",
    make: (learningRate) => new SGD({ learningRate }),
    rate: ({ rates }) => rates.plain,
  },
  {
    name: "Momentum",
    color: "#ffd166",
    make: (learningRate) => new SGD({ learningRate, momentum: 0.9 }),
    rate: ({ rates }) => rates.momentum,
  },
  {
    name: "Nesterov",
    color: "#ff9f5a",
    make: (learningRate) => new SGD({ learningRate, momentum: 0.9, nesterov: true }),
    rate: ({ rates }) => rates.momentum,
  },
  { name: "RMSprop", color: "#ff6b81", make: (learningRate) => new RMSprop({ learningRate }), rate: adaptive },
  {
    name: "Adagrad",
    color: "#c792ff",
    make: (learningRate) => new Adagrad({ learningRate }),
    rate: (surface) => adaptive(surface) * 10,
  },
  { name: "Adam", color: "#7dd3fc", make: (learningRate) => new Adam({ learningRate }), rate: adaptive },
  { name: "Nadam", color: "#5eead4", make: (learningRate) => new Nadam({ learningRate }), rate: adaptive },
  {
    name: "Lion",
    color: "#a3e635",
    make: (learningRate) => new Lion({ learningRate }),
    rate: (surface) => adaptive(surface) / 3,
  },
];

/** One optimizer on its way down. */
export class Racer {
  readonly name: string;
  readonly color: string;
  enabled = true;
  /** Its path. */
  trail: Point[] = [];
  readonly #entry: Entry;
  #rate: number;
  #surface: Surface;
  #position: Variable;
  #optimizer: Optimizer;

  constructor(entry: Entry, surface: Surface) {
    this.#entry = entry;
    this.name = entry.name;
    this.color = entry.color;
    this.#surface = surface;
    this.#rate = entry.rate(surface);
    this.#optimizer = entry.make(this.#rate);
    this.#position = new Variable([...surface.start], { name: entry.name });
  }

  get learningRate(): number {
    return this.#rate;
  }

  /** Sets the rate from the next step on. */
  set learningRate(rate: number) {
    this.#rate = rate;
    this.#optimizer.learningRate = rate;
  }

  get head(): Point {
    const [x = 0, y = 0] = this.#position.value;
    return [x, y];
  }

  /** Whether it left the map so far that it will not return. */
  get lost(): boolean {
    return this.head.some((at) => !(Math.abs(at) < 1e4));
  }

  get loss(): number {
    return this.#surface.height(...this.head);
  }

  step(): void {
    if (!this.enabled || this.lost) return;
    this.#optimizer.applyGradients([[this.#surface.slope(...this.head), this.#position]]);
    this.trail.push(this.head);
  }

  /** Restarts with new state. A new surface also resets the rate. */
  restart(surface: Surface, start: Point): void {
    if (surface !== this.#surface) this.#rate = this.#entry.rate(surface);
    this.#surface = surface;
    this.#optimizer.dispose();
    this.#optimizer = this.#entry.make(this.#rate);
    this.#position.assign([...start]);
    this.trail = [start];
  }
}

export const newRacers = (surface: Surface): Racer[] => entries.map((entry) => new Racer(entry, surface));
