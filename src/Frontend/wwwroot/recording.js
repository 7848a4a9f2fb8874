// A recording of a voice, as it is sent: a file that the server can read without any program beside it.
import { wavFile } from "./wav.js";

const decodedRate = 48000;

/** What a recorder recorded. */
export const ofRecorder = (recorder) => ({
  name: "recording.wav",
  content: wavFile(recorder.chunks, recorder.sampleRate),
  seconds: recorder.seconds,
});

/** A file that a person chose. Other formats than WAV are decoded here; what this browser cannot read the server may. */
export async function ofFile(file) {
  const bytes = await file.arrayBuffer();
  const isWav = new TextDecoder("latin1").decode(bytes.slice(0, 4)) === "RIFF";
  try {
    const sound = await new OfflineAudioContext(1, 1, decodedRate).decodeAudioData(bytes);
    const content = isWav ? file : wavFile([mono(sound)], sound.sampleRate);
    return { name: isWav ? file.name : `${file.name}.wav`, content, seconds: sound.duration };
  } catch {
    return { name: file.name, content: file, seconds: null };
  }
}

function mono(sound) {
  const channels = Array.from({ length: sound.numberOfChannels }, (_, i) => sound.getChannelData(i));
  return Int16Array.from({ length: sound.length }, (_, i) => {
    const sample = channels.reduce((sum, channel) => sum + channel[i], 0) / channels.length;
    return Math.round(32767 * Math.max(-1, Math.min(1, sample)));
  });
}
