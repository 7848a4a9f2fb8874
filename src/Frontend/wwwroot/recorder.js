// Records from the microphone as 16-bit samples, which make a WAV that every server can read.

export class Recorder {
  #stream;
  #context;
  #samples = 0;
  #stopped = false;
  #chunks = [];

  get sampleRate() {
    return this.#context.sampleRate;
  }

  get seconds() {
    return this.#samples / this.#context.sampleRate;
  }

  /** What was recorded so far, as chunks of samples. */
  get chunks() {
    return this.#chunks;
  }

  /** Asks the person for the microphone. Each piece that comes is reported with its loudest sample, 0 to 1, until most seconds are there. */
  async start(most, onPiece) {
    if (!navigator.mediaDevices) {
      const error = new Error("This browser gives pages the microphone only over HTTPS or on localhost.");
      error.solution = "Open the page there, or upload a recording.";
      throw error;
    }
    try {
      // As it sounds: what makes calls clearer makes voices less alike.
      const audio = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio });
    } catch (refusal) {
      const error = new Error(`The microphone cannot be used: ${refusal.message}.`);
      error.solution = "Allow it for this page in the browser, or upload a recording.";
      throw error;
    }
    if (this.#stopped) return this.stop(); // Before the person had answered.
    this.#context = new AudioContext();
    await this.#context.resume();
    await this.#context.audioWorklet.addModule("recorder-worklet.js");
    const source = this.#context.createMediaStreamSource(this.#stream);
    const node = new AudioWorkletNode(this.#context, "record", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    node.port.onmessage = ({ data }) => this.#take(data, Math.floor(most * this.#context.sampleRate), onPiece);
    source.connect(node);
  }

  /** Gives the microphone back. */
  stop() {
    this.#stopped = true;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    if (this.#context?.state !== "closed") this.#context?.close();
  }

  #take(piece, most, onPiece) {
    const wanted = piece.subarray(0, most - this.#samples);
    if (wanted.length === 0 || this.#stopped) return;
    this.#chunks.push(Int16Array.from(wanted, (sample) => Math.round(32767 * Math.max(-1, Math.min(1, sample)))));
    this.#samples += wanted.length;
    onPiece(wanted.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0), this.#samples === most);
  }
}
