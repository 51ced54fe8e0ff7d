/* A block copied from a spreadsheet fills the cells of one leg in order, or is refused whole. */

import { boxAt, isCell, placeOf, rows, table } from "./cells.js";
import * as edit from "./edit.js";
import { say } from "./server.js";

const OF_A_LEG = 4;

const blockOf = (text) =>
  text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));

/* Returns the cells a block would fill, or a sentence that says why it does not fit. */
const placed = (block, box) => {
  const { row, column, inLeg } = placeOf(box);
  const wide = block[0].length;
  if (block.some((line) => line.length !== wide)) return "The lines of the block are not equally long.";
  if (inLeg + wide > OF_A_LEG) {
    return `The block is ${wide} columns wide and would run into the other leg.`;
  }
  const all = rows().slice(rows().indexOf(row));
  if (block.length > all.length) return `The block has ${block.length} lines; ${all.length} rows are left.`;
  const cells = new Map();
  for (const [down, line] of block.entries()) {
    for (const [along, text] of line.entries()) {
      const target = boxAt(all[down], column + along);
      if (!target) return "The block covers a place where nothing is measured.";
      if (text.trim()) cells.set(target.name, word(target, text.trim()));
    }
  }
  return cells;
};

const word = (box, text) => {
  if (box.tagName !== "SELECT") return text;
  const option = [...box.options].find(
    (one) => [one.value, one.text].some((said) => said.toLowerCase() === text.toLowerCase()),
  );
  return option ? option.value : text;
};

export const refusedWhole = (names, sentences) => {
  edit.revert(names);
  const [name, why] = Object.entries(sentences)[0] ?? ["", "Somebody changed one of its cells."];
  const label = name ? `${boxLabel(name)}: ` : "";
  say(`The block was not taken. ${label}${why} Nothing was changed.`);
};

const boxLabel = (name) =>
  table.querySelector(`[name="${name}"]`)?.getAttribute("aria-label") ?? name;

export const begin = () => {
  table.addEventListener("paste", (event) => {
    const box = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!isCell(box) || edit.isEditing(box) || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const cells = placed(blockOf(text), box);
    if (typeof cells === "string") {
      say(`The block was not taken. ${cells} Nothing was changed.`);
      return;
    }
    const count = edit.set(cells, true);
    say(count ? `${count} values are pasted.` : "The block changes nothing.");
  });
};
