// How the chosen voice is to speak: what it can do is offered, and only what belongs to it is asked for.
import { describeServer, findVoice } from "./catalogue.js";
import { element } from "./page.js";

const titles = {
  sft: "As it is",
  zero_shot: "Going on from its recording",
  cross_lingual: "In another language",
  instruct: "As I say",
  vc: "Repeating a recording",
};

export class ModeChoice {
  #asked = null;

  constructor() {
    element("mode").addEventListener("change", () => this.#show());
    this.#offer(["sft"]);
  }

  /** Finds out which words there are: the server's own description says it. */
  async load() {
    const { paths } = await describeServer();
    const { properties } = paths["/tts"].post.requestBody.content["application/json"].schema;
    for (const name of ["emotion", "dialect"]) {
      element(name).replaceChildren(new Option("–", ""), ...properties[name].enum.map((word) => new Option(word, word)));
    }
  }

  /** Offers what a voice can do. */
  async follow(id) {
    this.#asked = id;
    try {
      const { modes } = await findVoice(id);
      // Where only workers know the voice, they say what it cannot do.
      if (this.#asked === id) this.#offer(modes ?? Object.keys(titles));
    } catch {
      // It may just have been deleted; speaking with it says so.
    }
  }

  /** The fields of a request that say it. */
  async fields() {
    const mode = element("mode").value;
    if (mode === "sft") return { text: element("text").value };
    if (mode === "vc") return { mode, source_audio: await base64(element("source").files[0]) };
    if (mode !== "instruct") return { mode, text: element("text").value };
    const told = { emotion: element("emotion").value, dialect: element("dialect").value, instruction: element("instruction").value.trim() };
    return { mode, text: element("text").value, ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== "")) };
  }

  #offer(modes) {
    const select = element("mode");
    const chosen = select.value;
    select.replaceChildren(...modes.map((mode) => new Option(titles[mode] ?? mode, mode)));
    if (modes.includes(chosen)) select.value = chosen;
    this.#show();
  }

  #show() {
    const mode = element("mode").value;
    element("said").hidden = mode === "vc";
    element("repeated").hidden = mode !== "vc";
    element("told").hidden = mode !== "instruct";
  }
}

async function base64(file) {
  if (!file) return "";
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  // In parts: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}
