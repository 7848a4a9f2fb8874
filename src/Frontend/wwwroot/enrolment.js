// Makes a voice from a recording, of the microphone or of a file.
import { addVoices, findEnrolment } from "./catalogue.js";
import { element, showError } from "./page.js";
import { Recorder } from "./recorder.js";
import { ofFile, ofRecorder } from "./recording.js";
import { showReport } from "./report.js";

export class EnrolmentForm {
  #offer = null;
  #recorder = null;
  #recording = null;
  #busy = false;
  #onSaved;

  /** @param onSaved Told the voice that was made. */
  constructor(onSaved) {
    this.#onSaved = onSaved;
    element("record").addEventListener("click", () => this.#record());
    element("record-stop").addEventListener("click", () => this.#stop());
    element("recording").addEventListener("change", () => this.#choose());
    element("agreed").addEventListener("change", () => this.#showButtons());
    element("enrol").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** Finds out whether the model can learn voices at all, before anybody records one. */
  async load() {
    this.#offer = await findEnrolment();
    const { available, message, solution } = this.#offer;
    element("enrol").hidden = !available;
    showError("no-enrolment", available ? null : { message, solution });
    this.#showLength(0);
    this.#showButtons();
  }

  async #record() {
    this.#forget();
    element("recording").value = "";
    const recorder = new Recorder();
    this.#recorder = recorder;
    this.#showButtons();
    try {
      await recorder.start(this.#offer.max_seconds, (peak, full) => {
        element("level").value = Math.max(peak, 0.85 * element("level").value);
        this.#showLength(recorder.seconds);
        if (full) this.#stop();
      });
    } catch (error) {
      recorder.stop();
      this.#recorder = null;
      showError("enrol-error", error);
    }
    this.#showButtons();
  }

  #stop() {
    const recorder = this.#recorder;
    if (!recorder) return;
    this.#recorder = null;
    element("level").value = 0;
    if (recorder.chunks.length > 0) this.#take(ofRecorder(recorder));
    recorder.stop();
    this.#showButtons();
  }

  async #choose() {
    const [file] = element("recording").files;
    if (!file) return;
    this.#stop();
    this.#forget();
    this.#take(await ofFile(file));
    this.#showButtons();
  }

  #take(recording) {
    this.#recording = recording;
    this.#showLength(recording.seconds);
    element("heard").src = URL.createObjectURL(recording.content);
    element("heard").hidden = false;
  }

  #forget() {
    this.#recording = null;
    showError("enrol-error", null);
    showReport(null);
    URL.revokeObjectURL(element("heard").src);
    element("heard").hidden = true;
    this.#showLength(0);
  }

  async #send() {
    const { name, content } = this.#recording;
    const fields = { transcript: "transcript", id: "new-id", name: "new-name", owner: "new-owner", consent: "consent" };
    this.#busy = true;
    this.#showButtons();
    showError("enrol-error", null);
    showReport(null);
    try {
      const values = Object.fromEntries(Object.entries(fields).map(([field, id]) => [field, element(id).value.trim()]));
      const [voice] = await addVoices("recording", content, name, values);
      showReport(voice);
      await this.#onSaved(voice);
    } catch (error) {
      showError("enrol-error", error);
    }
    this.#busy = false;
    this.#showButtons();
  }

  #showLength(seconds) {
    const { min_seconds: least, max_seconds: most } = this.#offer;
    const length = element("length");
    length.value = seconds === null ? "Length unknown" : `${seconds.toFixed(1)} s of ${least} to ${most} s, best 3 to 15 s`;
    length.classList.toggle("bad", seconds > 0 && (seconds < least || seconds > most));
    element("length-bar").max = most;
    element("length-bar").value = seconds ?? 0;
  }

  #showButtons() {
    element("record").disabled = this.#recorder !== null || this.#busy;
    element("record-stop").disabled = this.#recorder === null;
    element("enrol-send").disabled = this.#recording === null || this.#busy || !element("agreed").checked;
    element("enrol-send").textContent = this.#busy ? "Listening…" : "Make the voice";
  }
}
