// Plays a stream of samples while it arrives, behind a jitter buffer. Both players take the same calls and report the same
// events: onStart() at the first sound, onUnderrun(), onPlayed(samples), onEnd() after the last sound.

const reserveSeconds = 0.25;

/** A player for this browser: in an AudioWorklet, or with scheduled buffers where there is none (pages not on localhost or HTTPS). */
export async function createPlayer(context, sampleRate, events) {
  await context.resume();
  if (context.audioWorklet && context.sampleRate === sampleRate) {
    await context.audioWorklet.addModule("player-worklet.js");
    return new WorkletPlayer(context, sampleRate, events);
  }
  return new ScheduledPlayer(context, sampleRate, events);
}

class WorkletPlayer {
  #node;

  constructor(context, sampleRate, events) {
    const options = { numberOfInputs: 0, outputChannelCount: [1], processorOptions: { reserve: reserveSeconds * sampleRate } };
    this.#node = new AudioWorkletNode(context, "stream", options);
    this.#node.port.onmessage = ({ data }) => {
      if (data.started) events.onStart();
      if (data.underrun) events.onUnderrun();
      if (data.played) events.onPlayed(data.played);
      if (data.ended) events.onEnd();
    };
    this.#node.connect(context.destination);
  }

  push(samples) {
    this.#node.port.postMessage({ samples }, [samples.buffer]);
  }

  complete() {
    this.#node.port.postMessage({ complete: true });
  }

  stop() {
    this.#node.port.onmessage = null;
    this.#node.disconnect();
  }
}

class ScheduledPlayer {
  #context;
  #sampleRate;
  #events;
  #waiting = [];
  #waitingSeconds = 0;
  #until = 0;
  #scheduled = 0;
  #played = 0;
  #playing = new Set();
  #started = false;
  #complete = false;

  constructor(context, sampleRate, events) {
    this.#context = context;
    this.#sampleRate = sampleRate;
    this.#events = events;
  }

  push(samples) {
    this.#waiting.push(samples);
    this.#waitingSeconds += samples.length / this.#sampleRate;
    const dry = this.#until <= this.#context.currentTime;
    if (dry && this.#started && this.#scheduled > 0) {
      this.#events.onUnderrun();
      this.#scheduled = 0;
    }
    if (!dry || this.#waitingSeconds >= reserveSeconds) this.#schedule();
  }

  complete() {
    this.#complete = true;
    this.#schedule();
    this.#endIfDone();
  }

  stop() {
    this.#complete = false;
    for (const source of this.#playing) source.stop();
    this.#playing.clear();
  }

  #schedule() {
    for (const samples of this.#waiting.splice(0)) {
      const buffer = this.#context.createBuffer(1, samples.length, this.#sampleRate);
      buffer.copyToChannel(samples, 0);
      const source = this.#context.createBufferSource();
      source.buffer = buffer;
      source.connect(this.#context.destination);
      const start = Math.max(this.#until, this.#context.currentTime);
      source.start(start);
      this.#until = start + buffer.duration;
      this.#playing.add(source);
      source.onended = () => this.#ended(source, samples.length);
      this.#scheduled++;
    }
    this.#waitingSeconds = 0;
    if (!this.#started && this.#scheduled > 0) {
      this.#started = true;
      this.#events.onStart();
    }
  }

  #ended(source, samples) {
    if (!this.#playing.delete(source)) return;
    this.#played += samples;
    this.#events.onPlayed(this.#played);
    this.#endIfDone();
  }

  #endIfDone() {
    if (this.#complete && this.#playing.size === 0 && this.#waiting.length === 0) this.#events.onEnd();
  }
}
