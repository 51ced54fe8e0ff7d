/* A site that was found is added from one typed line. The line is closed at once and saved like
   everything else, so that typing goes on; it opens again if the server cannot read it. */

import { isCell, named, placeOf } from "./cells.js";
import { isEditing } from "./edit.js";
import { enter } from "./move.js";
import * as queue from "./queue.js";
import { at } from "./server.js";

const dialog = document.getElementById("line-over");
const line = document.getElementById("line");
const said = dialog.querySelector("[data-line-said]");
const legWord = dialog.querySelector("[data-line-leg]");
let leg = "R";
let from = null;

const show = (text, why) => {
  legWord.textContent = leg === "R" ? "right" : "left";
  line.value = text;
  said.textContent = why;
  if (!dialog.open) dialog.showModal();
  line.focus();
};

export const open = (box) => {
  from = box && isCell(box) ? box : null;
  leg = from ? placeOf(from).leg : at.legs === "L" ? "L" : "R";
  show("", "");
};

export const refused = (sentence, act) => {
  leg = act.line.leg;
  from = act.from;
  show(act.line.line, sentence);
};

/* Only an empty new row draws the cursor, and only while the cursor stands where it was. */
export const added = ({ row }, { from: left }) => {
  const reflux = named(`${row}.reflux_ms`);
  const isStill = !left || document.activeElement === left || document.activeElement === document.body;
  if (reflux && !reflux.value && isStill && !isEditing()) enter(reflux);
};

dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = line.value.trim();
  if (!text) return;
  dialog.close();
  if (from) enter(from);
  queue.putLine(text, leg, from);
});

/* The plain form's own line below the grid does the same by mouse. */
export const begin = (form) => {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "add") return;
    event.preventDefault();
    queue.putLine(form.elements.add_site.value, form.elements.add_leg.value, null);
  });
};
