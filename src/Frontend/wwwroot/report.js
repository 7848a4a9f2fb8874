// Shows how good a recording is, as the server found.
import { element } from "./page.js";

const figures = [
  ["Length", ({ seconds }) => `${seconds.toFixed(2)} s`],
  ["Sample rate", ({ sample_rate }) => `${sample_rate} Hz`],
  ["Loudest", ({ peak_db }) => `${peak_db.toFixed(1)} dB`],
  ["Cut off", ({ clipped_share }) => `${(100 * clipped_share).toFixed(2)} %`],
  ["Speech over noise", ({ snr_db }) => `${snr_db.toFixed(1)} dB`],
  ["Silence around", ({ leading_silence, trailing_silence }) => `${leading_silence.toFixed(2)} + ${trailing_silence.toFixed(2)} s`],
  ["Syllables per second", ({ syllables_per_second }) => syllables_per_second?.toFixed(1) ?? "–"],
];

export function showReport(voice) {
  element("report").hidden = voice === null;
  if (voice === null) return;
  element("report-title").textContent = `${voice.name} is there, version ${voice.version}.`;
  element("report-figures").replaceChildren(...figures.map(([name, value]) => {
    const entry = document.createElement("div");
    entry.append(textIn("dt", name), textIn("dd", value(voice.report)));
    return entry;
  }));
  element("report-warnings").replaceChildren(...voice.report.warnings.map(({ message, solution }) => textIn("li", `${message} ${solution}`)));
}

function textIn(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
