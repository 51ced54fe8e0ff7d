/* Asks the server, with the form's token; says whether the person is still signed in. */

export const form = document.querySelector("form[data-room]");
export const at = form.dataset;

const PATIENCE_MS = 20_000;
let token = form.elements.csrf_token.value;

/* A sign-in makes new tokens; every form of the page takes the new one. */
export const renew = (fresh) => {
  token = fresh;
  for (const box of document.getElementsByName("csrf_token")) box.value = fresh;
};

export const ask = (url, { json, data, ...rest } = {}) =>
  fetch(url, {
    method: json || data ? "POST" : "GET",
    body: json ? JSON.stringify(json) : data,
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...rest,
    headers: {
      "X-Requested-With": "fetch",
      "X-CSRFToken": token,
      ...(json ? { "Content-Type": "application/json" } : {}),
      ...(json || data ? {} : { "X-Poll": "1" }),
    },
  });

export const isJson = (response) =>
  (response.headers.get("Content-Type") ?? "").startsWith("application/json");

/* Something in passing, said where page.js says such things. */
export const say = (sentence) =>
  document.dispatchEvent(new CustomEvent("says", { detail: sentence }));
