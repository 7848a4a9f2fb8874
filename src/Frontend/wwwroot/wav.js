// What the server writes into its files as well. Ends in a zero, and must have an even length.
const label = "AI-generated speech\0";

const dataAt = 56 + label.length;

/** A WAV file, 16-bit mono, with the samples of all chunks. */
export function wavFile(chunks, sampleRate) {
  const bytes = chunks.reduce((sum, chunk) => sum + 2 * chunk.length, 0);
  const file = new DataView(new ArrayBuffer(dataAt + 8 + bytes));
  const text = (at, letters) => [...letters].forEach((letter, i) => file.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  file.setUint32(4, dataAt + bytes, true);
  text(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, sampleRate, true);
  file.setUint32(28, 2 * sampleRate, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  text(36, "LIST");
  file.setUint32(40, 12 + label.length, true);
  text(44, "INFOICMT");
  file.setUint32(52, label.length, true);
  text(56, label);
  text(dataAt, "data");
  file.setUint32(dataAt + 4, bytes, true);
  let at = dataAt + 8;
  for (const chunk of chunks) {
    for (const sample of chunk) {
      file.setInt16(at, sample, true);
      at += 2;
    }
  }
  return new Blob([file], { type: "audio/wav" });
}
