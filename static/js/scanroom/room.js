/* The scan room: joins its parts. Without scripts the same page is a plain form. */

import * as addline from "./addline.js";
import { isCell, placeOf } from "./cells.js";
import * as conflicts from "./conflicts.js";
import * as drawer from "./drawer.js";
import * as edit from "./edit.js";
import * as how from "./how.js";
import * as keys from "./keys.js";
import * as live from "./live.js";
import * as map from "./map.js";
import * as notices from "./notices.js";
import * as overlay from "./overlay.js";
import * as paste from "./paste.js";
import * as past from "./past.js";
import * as queue from "./queue.js";
import { at, form, say } from "./server.js";
import * as signin from "./signin.js";
import * as status from "./status.js";
import * as undo from "./undo.js";

const keysOver = document.getElementById("keys-over");
const letters = keysOver.querySelector("[data-letters]");
const here = () => document.activeElement;
const PAUSE_MS = 600;
let lastCell = null;
let lastKey = 0;

const saveNow = async () => {
  const box = here();
  if (box?.name) edit.commit(box.name);
  if (signin.isNeeded()) signin.open();
  else if (await queue.drained()) await live.refresh();
};

/* What must be saved first is saved first; then the page fills the dialog. */
const allSaved = async () =>
  (await queue.drained()) ? "" : "Not everything is saved yet. Try again once it is.";

const over = (url, done) => {
  const box = here();
  if (box?.name) edit.commit(box.name);
  overlay.open(url, allSaved, done);
};

const fillLeg = (leg) => over(`${at.fill}${leg}`, () => live.refresh());
const finish = () => over(at.finish, () => location.assign(at.home));

/* The panel of a critical finding opens as soon as nobody is in the middle of a value. */
const escalate = () => {
  const isBusy = edit.isEditing() || document.querySelector("dialog[open]");
  const link = document.querySelector("[data-escalation]");
  if (isBusy || performance.now() - lastKey < PAUSE_MS) setTimeout(escalate, 100);
  else if (link) over(link.href, () => live.refresh(true));
};

const showKeys = () => {
  letters.checked = keys.lettersOn();
  keysOver.showModal();
};

queue.on({
  changed: status.show,
  signedOut: signin.needed,
  answered: (answer, act) => {
    status.savedAt(answer.saved);
    edit.answered(answer, act);
    const refusedWhole = act.whole && (Object.keys(answer.refused).length || answer.conflicts.length);
    if (refusedWhole) paste.refusedWhole(act.cells.keys(), answer.refused);
    else for (const choice of answer.conflicts) conflicts.open(choice, answer.seen);
    if (!queue.waiting()) live.refresh();
  },
  added: async (answer, act) => {
    status.savedAt(answer.saved);
    await live.refresh();
    addline.added(answer, act);
  },
  refused: (sentence, act) => {
    if (act.line) addline.refused(sentence, act);
    else for (const name of act.cells.keys()) notices.refuse(name, sentence);
  },
  renew: () => live.refresh(true),
});

live.on({
  applied: () => map.dress(),
  answered: signin.back,
  otherPerson: signin.otherPerson,
  signedOut: signin.needed,
  alarm: escalate,
  isTyping: edit.isTyping,
});

keys.on({
  why: (site) => drawer.open(site, "limitation"),
  d: (box) => drawer.open(box.name.slice(0, box.name.lastIndexOf("."))),
  h: past.show,
  m: map.focus,
  e: how.focus,
  "+": addline.open,
  "=": addline.open,
  "?": showKeys,
  fillLeg: (box) => fillLeg(placeOf(box).leg),
});

const buttons = {
  undo: () => undo.press("undo"),
  redo: () => undo.press("redo"),
  add: () => addline.open(lastCell),
  keys: showKeys,
};

form.addEventListener("click", ({ target }) => buttons[target.closest("[data-does]")?.dataset.does]?.());

form.addEventListener("focusin", ({ target }) => {
  if (isCell(target)) lastCell = target;
});

form.addEventListener("submit", (event) => {
  const [then, what] = (event.submitter?.value ?? "").split(":");
  if (then === "add" || then === "remove") return;
  event.preventDefault();
  if (then === "fill") fillLeg(what);
  else if (then === "finish") finish();
  else saveNow();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (key === "s") saveNow();
  else if (key === "z" ? !undo.press(event.shiftKey ? "redo" : "undo") : key === "y" && !undo.press("redo")) return;
  else if (event.key === "Enter") finish();
  else if (key !== "z" && key !== "y") return;
  event.preventDefault();
});

letters.addEventListener("change", () => keys.setLetters(letters.checked));
window.addEventListener("hashchange", how.goTo);
document.addEventListener("keydown", () => {
  lastKey = performance.now();
}, true);
document.querySelector("[data-critical]").addEventListener("click", (event) => {
  const link = event.target.closest("[data-escalation]");
  if (!link) return;
  event.preventDefault();
  over(link.href, () => live.refresh(true));
});
status.watchTyping(() => isCell(here()) && edit.isTyping(here().name));
queue.shows(Number(form.elements.seen.value), new Set());
for (const part of [keys, paste, drawer, map, how]) part.begin();
addline.begin(form);
live.begin();
document.documentElement.dataset.live = "";
how.start();
