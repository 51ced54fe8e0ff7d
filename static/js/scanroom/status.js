/* Says in the head of the room whether everything is saved, and warns before anything is lost. */

import { form } from "./server.js";
import * as queue from "./queue.js";

const place = form.querySelector("[data-save-state]");
const open = new Set();
let saved = place.textContent;
let typing = () => false;
let leaving = false;

const values = (count) => `${count} ${count === 1 ? "value" : "values"}`;

const words = () => {
  const count = left();
  if (leaving && count) {
    return ["caution", `${values(count)} ${count === 1 ? "is" : "are"} not saved yet`];
  }
  const { flying, tries, locked, waiting } = queue.state();
  if (locked) return ["stop", `Signed out. ${values(waiting)} ${waiting === 1 ? "waits" : "wait"}`];
  if (tries && waiting) {
    const why = navigator.onLine ? "The server does not answer" : "No connection";
    return ["caution", `${why}. ${values(waiting)} ${waiting === 1 ? "waits" : "wait"}`];
  }
  if (open.size) return ["caution", `${values(open.size)} to choose`];
  if (flying || waiting) return ["busy", "Saving…"];
  return ["", saved];
};

export const show = () => {
  const [kind, text] = words();
  if (place.textContent !== text) place.textContent = text;
  place.className = `save-state ${kind}`;
};

export const savedAt = (clock) => {
  if (clock) saved = `Saved ${clock}`;
  show();
};

/* A conflict that nobody has chosen yet. */
export const toChoose = (name) => {
  open.add(name);
  show();
};

export const settled = (name) => {
  open.delete(name);
  show();
};

export const isOpen = (name) => open.has(name);
export const watchTyping = (asked) => {
  typing = asked;
};

const left = () => queue.waiting() + open.size + (typing() ? 1 : 0);

window.addEventListener("beforeunload", (event) => {
  if (!left()) return;
  event.preventDefault();
  leaving = true;
  show();
});

for (const name of ["keydown", "pointerdown"]) {
  window.addEventListener(name, () => {
    leaving = false;
  });
}

for (const name of ["online", "offline"]) window.addEventListener(name, show);
