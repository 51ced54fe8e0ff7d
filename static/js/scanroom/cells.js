/* The grid as cells: where each is, what it holds, how it looks, and what is saved of it. */

import { form } from "./server.js";

export const table = form.querySelector("table.grid");
const COLUMNS = 5;

export const rows = () => [...table.querySelectorAll("tr.site")];
export const boxOf = (td) => td?.querySelector(":scope > input, :scope > select") ?? null;
export const tdOf = (box) => box.closest("tr.site > td");

/* The boxes by their names; rows that come and go make it be read anew. */
let index = null;
export const forget = () => {
  index = null;
};
const boxes = () => {
  if (!index) {
    index = new Map();
    for (const box of form.elements) if (/^(R|L|exam)\./.test(box.name)) index.set(box.name, box);
  }
  return index;
};
export const named = (name) => boxes().get(name) ?? null;
export const isCell = (box) =>
  box instanceof Element && box.matches("tr.site > td > :is(input, select)");

/* A cell's place: its row, its column (0–9), its leg and its column in that leg. */
export const placeOf = (box) => {
  const row = box.closest("tr.site");
  const column = [...row.cells].indexOf(box.closest("td")) - 1;
  return { row, column, leg: column < COLUMNS ? "R" : "L", inLeg: column % COLUMNS };
};

export const boxAt = (row, column) => boxOf(row?.cells[column + 1]);

/* What one leg's row is called, and its cells by their field. */
export const siteOf = (box) => box.name.slice(0, box.name.lastIndexOf("."));
export const fieldOf = (name) => name.slice(name.lastIndexOf(".") + 1);

/* The manoeuvres are one cell of several ticks. */
const MANY = "exam.manoeuvres";
const ticks = () => [...form.querySelectorAll(`input[type=checkbox][name="${MANY}"]`)];

export const read = (name) =>
  name === MANY
    ? ticks().filter((tick) => tick.checked).map((tick) => tick.value).join(",")
    : (named(name)?.value ?? "");

export const write = (name, text) => {
  if (name === MANY) {
    const wanted = new Set(text.split(","));
    for (const tick of ticks()) tick.checked = wanted.has(tick.value);
    return;
  }
  const box = named(name);
  if (!box || box.value === text) return;
  if (box.tagName === "SELECT" && ![...box.options].some((option) => option.value === text)) {
    box.add(new Option(text, text));
  }
  box.value = text;
};

export const names = () => new Set(boxes().keys());

/* What the whole exam still needs says so in its label. */
const needed = (name, isNeeded) => {
  const label = document.querySelector(`label[for="${name}"], [id="${name}"] > legend`);
  const says = label?.querySelector(".needs");
  if (!isNeeded) says?.remove();
  else if (label && !says) {
    const span = document.createElement("span");
    span.className = "needs";
    span.textContent = "required";
    label.append(" ", span);
  }
};

/* Each state has a word beside its colour. */
export const look = (name, kind, word) => {
  const box = named(name);
  if (name.startsWith("exam.")) needed(name, kind === "need");
  const td = box && isCell(box) ? box.parentElement : null;
  if (!td) return;
  const wanted = kind || "";
  if (td.dataset.look === wanted && td.dataset.word === word) return;
  td.classList.remove("reflux", "borderline", "acute", "need", "not-seen", "refused");
  if (wanted) td.classList.add(wanted);
  td.dataset.look = wanted;
  td.dataset.word = word;
  const says = td.querySelector(":scope > .says");
  const said = word || (wanted === "need" ? "required" : "");
  if (!said) says?.remove();
  else if (says) says.textContent = said;
  else {
    const span = document.createElement("span");
    span.className = "says";
    span.textContent = said;
    td.prepend(span);
  }
};

for (const td of table.querySelectorAll("tr.site > td")) {
  td.dataset.look = [...td.classList].find((one) => !["word", "parts", "more", "outside"].includes(one)) ?? "";
  td.dataset.word = td.querySelector(":scope > .says")?.textContent ?? "";
}

/* What the server holds, and what was last given to it or taken from it. */
export const stored = new Map();
export const given = new Map();

export const learn = (name, text) => {
  stored.set(name, text);
  given.set(name, text);
};

for (const name of names()) learn(name, read(name));
