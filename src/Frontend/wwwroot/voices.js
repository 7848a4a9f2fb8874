// The voices of the catalogue: shown, changed, taken elsewhere, removed, and added from files.
import { addVoices, deleteVoice, fileAddress, findVoice, updateVoice } from "./catalogue.js";
import { element, showError } from "./page.js";

const changeable = ["id", "name", "owner", "consent"];

export class VoiceList {
  #onChange;
  #edited = null;

  /** @param onChange Called after every change. */
  constructor(onChange) {
    this.#onChange = onChange;
    element("edit-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    element("edit-cancel").addEventListener("click", () => element("edit").close());
    element("import").addEventListener("change", () => this.#import());
  }

  show(voices) {
    const added = voices.filter(({ source }) => source === "catalogue");
    element("voices-none").hidden = added.length > 0;
    element("voices").replaceChildren(...added.map((voice) => this.#row(voice)));
  }

  #row(voice) {
    const row = element("voice-row").content.firstElementChild.cloneNode(true);
    const part = (name) => row.querySelector(`.${name}`);
    row.dataset.id = voice.id;
    part("name").textContent = voice.name;
    part("details").textContent = [voice.id, `version ${voice.version}`, voice.model, voice.owner].filter(Boolean).join(" · ");
    part("change").addEventListener("click", () => this.#try(() => this.#edit(voice.id)));
    part("export").href = fileAddress(voice.id);
    part("export").download = `${voice.id}.safetensors`;
    // The second click deletes: there is no way back.
    const remove = part("delete");
    remove.addEventListener("click", () => {
      if (remove.dataset.asked) this.#try(() => this.#delete(voice.id));
      remove.dataset.asked = "yes";
      remove.textContent = "Delete for ever?";
    });
    remove.addEventListener("blur", () => {
      delete remove.dataset.asked;
      remove.textContent = "Delete";
    });
    return row;
  }

  async #edit(id) {
    this.#edited = await findVoice(id);
    for (const field of changeable) element(`edit-${field}`).value = this.#edited[field] ?? "";
    showError("edit-error", null);
    element("edit").showModal();
  }

  async #save() {
    const change = {};
    for (const field of changeable) {
      const value = element(`edit-${field}`).value.trim();
      if (value !== (this.#edited[field] ?? "")) change[field] = value;
    }
    try {
      if (Object.keys(change).length > 0) await updateVoice(this.#edited.id, change);
      element("edit").close();
      await this.#onChange();
    } catch (error) {
      showError("edit-error", error);
    }
  }

  async #delete(id) {
    await deleteVoice(id);
    await this.#onChange();
  }

  async #import() {
    const [file] = element("import").files;
    if (!file) return;
    await this.#try(async () => {
      await addVoices("file", file, file.name, {});
      await this.#onChange();
    });
    element("import").value = ""; // So that the same file can be chosen again.
  }

  async #try(act) {
    showError("voices-error", null);
    try {
      await act();
    } catch (error) {
      showError("voices-error", error);
    }
  }
}
