// The delays of this thread, measured in three ways, since none of them sees everything:
//
// - "longtask" entries are exact, but report only tasks of 50 ms or more.
// - Frames: from one requestAnimationFrame to the next. It is what a person sees, up to the screen's own interval; a
//   short task between two frames does not show.
// - A heartbeat: a timer of a few milliseconds, and a message that starts the next. In the time that it is late the
//   thread did something else: scripts, layout, garbage collection. So no task was longer than the longest wait, its
//   own milliseconds included; but several short tasks look like a long one, and so does another program that was
//   given the processor in our place.
//
// (`long-animation-frame` entries would tell which script made a frame long; they too start at 50 ms.)

/** Milliseconds of the timer. Browsers let none be shorter that is set again and again. */
const BEAT = 4;

/** What was measured since `start`. Times in milliseconds. */
export interface Figures {
  readonly frames: number;
  readonly seconds: number;
  /** The longest time between two frames. */
  readonly longestGap: number;
  /** The longest time between two heartbeats: no task was longer. */
  readonly longestWait: number;
  /** Tasks over 50 ms, or `undefined` where the browser does not count them. */
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

  /** To be called in every frame, with the time since the one before. */
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
