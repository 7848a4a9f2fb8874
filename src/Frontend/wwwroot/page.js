// What every part of the page needs of it.

export const element = (id) => document.getElementById(id);

/** Shows an error in the box of this id, or with null none. */
export function showError(id, error) {
  element(id).hidden = error === null;
  element(`${id}-message`).textContent = error?.message ?? "";
  element(`${id}-solution`).textContent = error?.solution ?? (error && "Check that the server is still running, and try again.") ?? "";
}
