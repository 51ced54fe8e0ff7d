/* Position and manoeuvres by one key each. */

import { named } from "./cells.js";
import * as edit from "./edit.js";
import * as keys from "./keys.js";
import { enter } from "./move.js";
import { form } from "./server.js";

const position = named("exam.position");
const ticks = [...form.querySelectorAll('.how-ticks input[type="checkbox"]')];

const firstEmpty = () =>
  form.querySelector("tr.site > td.need > input") ?? form.querySelector("tr.site > td > input");

export const focus = () => position.focus();

const tick = (event) => {
  if (!keys.lettersOn() || event.ctrlKey || event.metaKey || event.altKey) return false;
  const wanted = ticks.find((one) => one.labels[0].textContent.trim()[0] === event.key.toLowerCase());
  if (!wanted) return false;
  wanted.checked = !wanted.checked;
  edit.commit("exam.manoeuvres");
  wanted.focus();
  return true;
};

export const begin = () => {
  position.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    edit.commit("exam.position");
    ticks[0].focus();
  });
  form.querySelector(".how-ticks").addEventListener("keydown", (event) => {
    if (event.key === "Enter") enter(firstEmpty());
    else if (!tick(event)) return;
    event.preventDefault();
  });
};

/* Where an exam begins: at its position while none is chosen, else at the first empty cell. */
export const start = () => {
  if (location.hash) goTo();
  else if (!position.value) position.focus();
  else enter(firstEmpty());
};

export const goTo = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const drawer = target.closest("details");
  if (drawer) drawer.open = true;
  if (target.matches("fieldset")) ticks[0].focus();
  else target.focus();
};
