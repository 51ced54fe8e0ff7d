/* A cell is entered, typed into, and left: what was typed is saved then, or put back by Esc. */

import { fieldOf, given, isCell, learn, named, read, siteOf, stored, tdOf, write } from "./cells.js";
import * as notices from "./notices.js";
import * as queue from "./queue.js";
import * as status from "./status.js";

let box = null;
let before = "";

export const isEditing = (which = null) => box !== null && (which === null || box === which);
export const isTyping = (name) =>
  (box !== null && box.name === name) ||
  (document.activeElement?.name === name && read(name) !== (given.get(name) ?? ""));

export const begin = (which) => {
  if (box === which) return;
  box = which;
  before = given.get(which.name) ?? "";
  tdOf(which)?.classList.add("editing");
};

const end = () => {
  if (box) tdOf(box)?.classList.remove("editing");
  box = null;
};

export const putBack = (which) => {
  which.value = isEditing(which) ? before : (given.get(which.name) ?? "");
  end();
  which.select?.();
};

/* Saves a cell if it is not as it was last given. */
export const commit = (name) => {
  if (box?.name === name) end();
  if (status.isOpen(name)) return false;
  const text = read(name);
  if (text === (given.get(name) ?? "")) return false;
  queue.put(new Map([[name, text]]));
  return true;
};

/* Sets cells to what was chosen or pasted for them, as one act. */
export const set = (cells, whole = false) => {
  const changed = new Map(
    [...cells].filter(([name, text]) => text !== (given.get(name) ?? "") && !status.isOpen(name)),
  );
  for (const [name, text] of changed) write(name, text);
  if (changed.size) queue.put(changed, whole);
  return changed.size;
};

/* The answer to a save: cells as they are stored, and those that were not understood. */
export const answered = (answer, act) => {
  for (const [name, text] of Object.entries(answer.cells)) {
    stored.set(name, text);
    if (queue.isWaiting(name) || answer.refused[name] !== undefined) continue;
    if (answer.conflicts.some((choice) => choice.name === name)) continue;
    if (isTyping(name)) continue;
    notices.accept(name);
    learn(name, text);
    write(name, text);
  }
  if (act.whole && (Object.keys(answer.refused).length || answer.conflicts.length)) return;
  for (const [name, sentence] of Object.entries(answer.refused)) {
    if (!queue.isWaiting(name)) notices.refuse(name, sentence);
  }
};

/* Puts cells back as they are stored. */
export const revert = (names) => {
  for (const name of names) {
    learn(name, stored.get(name) ?? "");
    write(name, stored.get(name) ?? "");
  }
};

const NORMAL = { reflux_ms: "0", compressibility: "full", thrombus: "none" };

/* What one key states of a row: no reflux, compressible, no thrombus, where nothing is recorded. */
export const normalRow = (at) => {
  const site = siteOf(at);
  const held = (field) => read(`${site}.${field}`);
  if (!["", "none"].includes(held("thrombus"))) return "A thrombus is recorded here.";
  if (!["", "full"].includes(held("compressibility"))) return "It does not compress fully.";
  if (!["", "full"].includes(held("visualised"))) return "It was not seen, or not in full.";
  if (held("closure")) return "It was treated.";
  const cells = Object.entries(NORMAL)
    .filter(([field]) => named(`${site}.${field}`) && !held(field))
    .map(([field, text]) => [`${site}.${field}`, text]);
  return set(new Map(cells)) ? "" : "Nothing is empty in this row.";
};

export const isReflux = (which) => fieldOf(which.name) === "reflux_ms" && isCell(which);
