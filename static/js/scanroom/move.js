/* Where the keys lead: from cell to cell as in a spreadsheet, and on to the next likely one. */

import { boxAt, placeOf, rows, table } from "./cells.js";

const IN_A_LEG = 5;
const EVERY = 10;

export const enter = (box) => {
  if (!box) return false;
  box.focus();
  box.select?.();
  return true;
};

export const across = (box, step) => {
  const { row, column } = placeOf(box);
  for (let to = column + step; to >= 0 && to < EVERY; to += step) {
    const found = boxAt(row, to);
    if (found) return found;
  }
  return null;
};

export const down = (box, step, toColumn = null) => {
  const { row, column } = placeOf(box);
  const all = rows();
  for (let to = all.indexOf(row) + step; all[to]; to += step) {
    const found = boxAt(all[to], toColumn ?? column);
    if (found) return found;
  }
  return null;
};

/* The first row of the next group, or of this one; of the one before where we are there already. */
export const group = (box, step) => {
  const { row, column } = placeOf(box);
  const bodies = [...table.tBodies].filter((body) => body.querySelector("tr.site"));
  const first = (body) => body?.querySelector("tr.site");
  const here = bodies.indexOf(row.parentElement);
  const back = step < 0 && first(bodies[here]) !== row ? here : here + step;
  return boxAt(first(bodies[back]), column);
};

export const leg = (box, letter) => {
  const { row, inLeg } = placeOf(box);
  return boxAt(row, (letter === "l" ? IN_A_LEG : 0) + inLeg);
};

export const end = (box, step) => {
  const { row } = placeOf(box);
  return boxAt(row, step < 0 ? 0 : IN_A_LEG + 3);
};

/* After a time its diameter where one is measured, else the next site; after the right leg the left. */
export const onward = (box, wasTyped) => {
  const { row, column, inLeg } = placeOf(box);
  const legAt = column - inLeg;
  if (inLeg === 0 && wasTyped && row.hasAttribute("data-measured") && /^[1-9]/.test(box.value)) {
    return boxAt(row, legAt + 1);
  }
  const to = inLeg === 1 ? legAt : column;
  const next = down(box, 1, to);
  if (next || legAt) return next;
  return boxAt(rows()[0], IN_A_LEG + (to - legAt));
};
