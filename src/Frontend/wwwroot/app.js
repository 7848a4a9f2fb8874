import { listVoices } from "./catalogue.js";
import { EnrolmentForm } from "./enrolment.js";
import { keepKey } from "./key.js";
import { ModeChoice } from "./modes.js";
import { element, showError } from "./page.js";
import { createPlayer } from "./player.js";
import { ServerError, speak } from "./speech.js";
import { VoiceList } from "./voices.js";
import { wavFile } from "./wav.js";
import { Waveform } from "./waveform.js";

const usualSampleRate = 24000;
const askAgainMilliseconds = 1000;

const waveform = new Waveform(element("waveform"));
const modes = new ModeChoice();
const catalogue = new VoiceList(() => showVoices());
const enrolment = new EnrolmentForm((voice) => showVoices(voice.id));
let ready = false;
let current = null;

element("form").addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
element("stop").addEventListener("click", () => stop());
element("download").addEventListener("click", () => download());
element("speed").addEventListener("input", () => {
  element("speed-value").value = `${Number(element("speed").value).toFixed(2)}×`;
});
element("voice").addEventListener("change", () => modes.follow(element("voice").value));
document.addEventListener("keydown", (event) => {
  if (element("edit").open) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) start();
  if (event.key === "Escape") stop();
});
element("key").addEventListener("change", () => keepKey(element("key").value));
await loadVoices();
await loadEnrolment();

async function loadVoices() {
  try {
    await modes.load();
    await showVoices();
    ready = true;
    status("Ready");
    showButtons();
  } catch (error) {
    if (error.status === 401) element("key-field").hidden = false;
    status(error instanceof ServerError ? error.message : "The server does not answer.");
    setTimeout(loadVoices, askAgainMilliseconds);
  }
}

async function loadEnrolment() {
  try {
    await enrolment.load();
  } catch {
    setTimeout(loadEnrolment, askAgainMilliseconds);
  }
}

/** The voices as they are now; one of them is chosen, or that which was chosen stays. */
async function showVoices(chosen = element("voice").value) {
  const voices = await listVoices();
  const select = element("voice");
  select.replaceChildren(...voices.map(({ id, name }) => new Option(name, id)));
  if (voices.some(({ id }) => id === chosen)) select.value = chosen;
  catalogue.show(voices);
  if (voices.length > 0) await modes.follow(select.value);
}

async function start() {
  if (!ready) return;
  stop();
  showError("error", null);
  waveform.reset(usualSampleRate);
  const speech = {
    asked: performance.now(),
    abort: new AbortController(),
    // Made right in the click: browsers only let a page sound that somebody touched.
    context: new AudioContext({ sampleRate: usualSampleRate }),
    player: null,
    chunks: [],
    samples: 0,
    sampleRate: usualSampleRate,
    seed: null,
    underruns: 0,
    active: true,
  };
  current = speech;
  showFigures(speech);
  showButtons();
  status("Waiting for the first sound…");
  try {
    await play(speech);
  } catch (error) {
    // Once it was stopped, whatever breaks is the stopping.
    if (!speech.active) return;
    showError("error", error);
    status("Stopped by an error");
    finish(speech);
  }
}

async function play(speech) {
  const answer = await speak(await requestFields(), speech.abort.signal);
  speech.sampleRate = answer.sampleRate;
  speech.seed = answer.seed;
  waveform.reset(answer.sampleRate);
  speech.player = await createPlayer(speech.context, answer.sampleRate, {
    onStart: () => {
      const latency = 1000 * (speech.context.outputLatency || speech.context.baseLatency || 0);
      element("first-sound").textContent = `${Math.round(performance.now() - speech.asked + latency)} ms`;
      status("Speaking");
    },
    onUnderrun: () => {
      speech.underruns++;
      showFigures(speech);
    },
    onPlayed: (samples) => waveform.played(samples),
    onEnd: () => {
      status("Done");
      finish(speech);
    },
  });
  for await (const chunk of answer.chunks) {
    speech.chunks.push(chunk);
    speech.samples += chunk.length;
    speech.elapsed = performance.now() - speech.asked;
    speech.player.push(Float32Array.from(chunk, (sample) => sample / 32768));
    waveform.push(chunk);
    showFigures(speech);
    showButtons();
  }
  speech.player.complete();
}

async function requestFields() {
  const seed = element("seed").value.trim();
  return {
    ...await modes.fields(),
    speaker_id: element("voice").value,
    speed: Number(element("speed").value),
    // What is not a number goes to the server as it is: its answer says what is wrong with it.
    ...(seed === "" ? {} : { seed: Number.isNaN(Number(seed)) ? seed : Number(seed) }),
  };
}

function stop() {
  if (!current?.active) return;
  current.abort.abort();
  status("Stopped");
  finish(current);
}

function finish(speech) {
  if (!speech.active) return;
  speech.active = false;
  speech.player?.stop();
  speech.context.close();
  showButtons();
}

function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(wavFile(current.chunks, current.sampleRate));
  link.download = `speech-${current.seed}.wav`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), askAgainMilliseconds);
}

function showFigures(speech) {
  const seconds = speech.samples / speech.sampleRate;
  if (speech.samples === 0) element("first-sound").textContent = "–";
  element("generated").textContent = `${seconds.toFixed(2)} s`;
  element("factor").textContent = seconds > 0 ? (speech.elapsed / 1000 / seconds).toFixed(2) : "–";
  element("underruns").textContent = speech.underruns;
  element("used-seed").textContent = speech.seed ?? "–";
}

function showButtons() {
  element("speak").disabled = !ready;
  element("stop").disabled = !current?.active;
  element("download").disabled = !current?.chunks.length;
}

function status(text) {
  element("status").textContent = text;
}
