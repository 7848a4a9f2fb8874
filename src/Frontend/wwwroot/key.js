// The key that a server may ask for: kept until the tab is closed.

const name = "cosy-key";

const key = () => sessionStorage.getItem(name) ?? "";

export const keepKey = (value) => sessionStorage.setItem(name, value.trim());

/** What a request is sent with, and the key where there is one. */
export const withKey = (options = {}) =>
  key() === "" ? options : { ...options, headers: { ...options.headers, Authorization: `Bearer ${key()}` } };

/** An address that the browser itself asks for, with which it can send no header. */
export const addressWithKey = (address) => key() === "" ? address : `${address}?api_key=${encodeURIComponent(key())}`;
