// Talks to the server: speech as a stream of samples.
import { withKey } from "./key.js";

/** An answer in the server's error shape. */
export class ServerError extends Error {
  constructor(status, { message, solution }) {
    super(message);
    this.status = status;
    this.solution = solution;
  }
}

/** Asks for a speech; the result has its headers' values and a generator of Int16Array. */
export async function speak(fields, signal) {
  const response = await fetch("tts", withKey({
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...fields, stream: true }),
    signal,
  }));
  if (!response.ok) throw await errorOf(response);
  return {
    sampleRate: Number(response.headers.get("X-Sample-Rate")),
    seed: response.headers.get("X-Seed"),
    chunks: chunksOf(response.body.getReader()),
  };
}

async function* chunksOf(reader) {
  let odd = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    // The network cuts where it likes, also between the two bytes of a sample.
    const bytes = new Uint8Array(odd.length + value.length);
    bytes.set(odd);
    bytes.set(value, odd.length);
    const whole = bytes.length - (bytes.length % 2);
    odd = bytes.slice(whole);
    if (whole > 0) yield samplesOf(bytes, whole);
  }
}

function samplesOf(bytes, length) {
  const view = new DataView(bytes.buffer, 0, length);
  return Int16Array.from({ length: length / 2 }, (_, i) => view.getInt16(2 * i, true));
}

export async function errorOf(response) {
  try {
    return new ServerError(response.status, await response.json());
  } catch {
    return new ServerError(response.status, { message: `The server answered ${response.status}.`, solution: "Try again." });
  }
}
