// Plays samples as they come. Playing begins once a reserve is there, and after running dry it waits for one again.
class StreamProcessor extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.reserve = processorOptions.reserve;
    this.chunks = [];
    this.offset = 0;
    this.buffered = 0;
    this.played = 0;
    this.reported = 0;
    this.playing = false;
    this.complete = false;
    this.port.onmessage = ({ data }) => {
      if (data.samples) {
        this.chunks.push(data.samples);
        this.buffered += data.samples.length;
      }
      this.complete ||= data.complete === true;
    };
  }

  process(inputs, [[output]]) {
    if (!this.playing && this.buffered > 0 && (this.complete || this.buffered >= this.reserve)) {
      this.playing = true;
      if (this.played === 0) this.port.postMessage({ started: true });
    }
    if (this.playing) this.fill(output);
    if (this.complete && this.buffered === 0) {
      this.port.postMessage({ played: this.played, ended: true });
      return false;
    }
    return true;
  }

  fill(output) {
    let filled = 0;
    while (filled < output.length && this.chunks.length > 0) {
      const part = this.chunks[0].subarray(this.offset, this.offset + output.length - filled);
      output.set(part, filled);
      filled += part.length;
      this.offset += part.length;
      if (this.offset === this.chunks[0].length) {
        this.chunks.shift();
        this.offset = 0;
      }
    }
    this.buffered -= filled;
    this.played += filled;
    if (filled < output.length && !this.complete) {
      this.playing = false;
      this.port.postMessage({ underrun: true });
    }
    if (this.played - this.reported >= sampleRate / 20) {
      this.reported = this.played;
      this.port.postMessage({ played: this.played });
    }
  }
}

registerProcessor("stream", StreamProcessor);
