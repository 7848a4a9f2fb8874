// Draws what was generated so far, and how much of it was heard.

const barsPerSecond = 20;

export class Waveform {
  #canvas;
  #peaks = [];
  #samplesPerBar = 1;
  #filled = 0;
  #played = 0;
  #pending = false;

  constructor(canvas) {
    this.#canvas = canvas;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  reset(sampleRate) {
    this.#samplesPerBar = sampleRate / barsPerSecond;
    this.#peaks = [];
    this.#filled = 0;
    this.#played = 0;
    this.#draw();
  }

  push(samples) {
    for (const sample of samples) {
      if (this.#filled === 0) this.#peaks.push(0);
      const last = this.#peaks.length - 1;
      this.#peaks[last] = Math.max(this.#peaks[last], Math.abs(sample) / 32768);
      this.#filled = (this.#filled + 1) % this.#samplesPerBar;
    }
    this.#draw();
  }

  played(samples) {
    this.#played = samples / this.#samplesPerBar;
    this.#draw();
  }

  #draw() {
    if (this.#pending) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      this.#paint();
    });
  }

  #paint() {
    const { width, height } = this.#canvas;
    const style = getComputedStyle(this.#canvas);
    const pen = this.#canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    const step = Math.min(12, width / Math.max(1, this.#peaks.length));
    this.#peaks.forEach((peak, i) => {
      const bar = Math.max(3, peak * height);
      pen.fillStyle = i < this.#played ? style.accentColor : style.color;
      pen.fillRect(i * step, (height - bar) / 2, Math.max(1, step - 3), bar);
    });
  }
}
