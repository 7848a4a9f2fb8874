// Talks to the server about voices.
import { addressWithKey, withKey } from "./key.js";
import { errorOf } from "./speech.js";

const address = (id) => `v1/audio/voices/${encodeURIComponent(id)}`;

export async function listVoices() {
  return (await ask("v1/audio/voices")).voices;
}

/** A voice with all that is known of it. */
export const findVoice = (id) => ask(address(id));

/** Where its file can be had. */
export const fileAddress = (id) => addressWithKey(`${address(id)}/file`);

/** Whether the model can make voices from recordings, and how long those may be. */
export const findEnrolment = () => ask("v1/audio/enrolment");

/** Makes a voice from a recording, or takes those of a file; fields that are empty are left out. */
export async function addVoices(kind, file, name, fields) {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) {
    if (value !== "") form.append(field, value);
  }
  form.append(kind, file, name);
  return (await ask("v1/audio/voices", { method: "POST", body: form })).voices;
}

export const updateVoice = (id, change) =>
  ask(address(id), { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify(change) });

export const deleteVoice = (id) => ask(address(id), { method: "DELETE" });

/** All that the server offers. */
export const describeServer = () => ask("openapi/v1.json");

async function ask(where, options) {
  const response = await fetch(where, withKey(options));
  if (!response.ok) throw await errorOf(response);
  return response.status === 204 ? null : response.json();
}
