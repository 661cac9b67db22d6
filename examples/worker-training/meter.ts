// The delays of this thread, measured in three ways, because none of them detects everything:
//
// - "longtask" entries are exact, but report only tasks of 50 ms or more.
// - Frames: from one requestAnimationFrame to the next. This is visible to users, down to the screen's refresh
// interval; a short task between two frames does not show.
// - A heartbeat: a timer of a few milliseconds, and a message that starts the next. While it is late, the thread did
// something else: scripts, layout, garbage collection. So no task was longer than the longest wait, including the
// timer's milliseconds; but several short tasks look like a long one, and so does another program that used the
// processor.
//
// (`long-animation-frame` entries would name the script that made a frame long; they also start at 50 ms.)

/** Milliseconds of the timer, the minimum of browsers for repeated timers. */
const BEAT = 4;

/** Measurements since `start`, in milliseconds. */
export interface Figures {
  readonly frames: number;
  readonly seconds: number;
  /** The longest time between two frames. */
  readonly longestGap: number;
  /** The longest time between two heartbeats: no task was longer. */
  readonly longestWait: number;
  /** Tasks over 50 ms, or `undefined` if the browser does not report them. */
  readonly longTasks: number | undefined;
}

export class Meter {
  #began = 0;
  #ended = 0;
  #frames = 0;
  #longestGap = 0;
  #longestWait = 0;
  #longTasks: number | undefined;
  #lastBeat = 0;
  readonly #channel = new MessageChannel();
  readonly #observer = new PerformanceObserver((list) => this.#count(list.getEntries()));

  constructor() {
    this.#channel.port1.onmessage = () => this.#beat();
    // Frames and timers pause while the page is hidden: that is not a delay.
    document.addEventListener("visibilitychange", () => {
      this.#lastBeat = 0;
    });
  }

  get isRunning(): boolean {
    return this.#began > this.#ended;
  }

  start(): void {
    this.#began = performance.now();
    [this.#frames, this.#longestGap, this.#longestWait, this.#lastBeat] = [0, 0, 0, this.#began];
    const isCounted = PerformanceObserver.supportedEntryTypes.includes("longtask");
    this.#longTasks = isCounted ? 0 : undefined;
    if (isCounted) this.#observer.observe({ type: "longtask" });
    this.#channel.port2.postMessage(null);
  }

  stop(): void {
    this.#count(this.#observer.takeRecords());
    this.#observer.disconnect();
    this.#ended = performance.now();
  }

  /** Call it in every frame, with the time since the previous one. */
  frame(gap: number): void {
    if (!this.isRunning) return;
    this.#frames++;
    this.#longestGap = Math.max(this.#longestGap, gap);
  }

  get figures(): Figures {
    const seconds = ((this.isRunning ? performance.now() : this.#ended) - this.#began) / 1000;
    const [frames, longestGap, longestWait] = [this.#frames, this.#longestGap, this.#longestWait];
    return { frames, seconds, longestGap, longestWait, longTasks: this.#longTasks };
  }

  #beat(): void {
    if (!this.isRunning) return;
    const now = performance.now();
    if (this.#lastBeat > 0) this.#longestWait = Math.max(this.#longestWait, now - this.#lastBeat);
    this.#lastBeat = document.hidden ? 0 : now;
    setTimeout(() => this.#channel.port2.postMessage(null), BEAT);
  }

  #count(entries: PerformanceEntryList): void {
    if (this.#longTasks === undefined) return;
    this.#longTasks += entries.filter(({ startTime }) => startTime >= this.#began).length;
  }
}
