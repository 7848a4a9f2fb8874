// Hands on what the microphone hears, in pieces long enough to look at.
const pieceLength = 2048;

class RecordProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Float32Array(pieceLength);
    this.filled = 0;
  }

  process([[input]]) {
    if (!input) return true;
    for (const sample of input) {
      this.piece[this.filled++] = sample;
      if (this.filled < pieceLength) continue;
      this.port.postMessage(this.piece, [this.piece.buffer]);
      this.piece = new Float32Array(pieceLength);
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor("record", RecordProcessor);
