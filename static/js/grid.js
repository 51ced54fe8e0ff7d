/* Keys of the scan grid: arrows and Enter move, Esc puts the old value back, Ctrl+S saves.
   Without this script the grid is a plain form, and everything can still be done. */

const form = document.querySelector("form[data-grid]");
const rows = [...form.querySelectorAll("tr.site")];
const before = new Map();

const boxOf = (cell) => cell?.querySelector(":scope > input, :scope > select") ?? null;
const cellsOf = (row) => [...row.querySelectorAll(":scope > td")];

const enter = (box) => {
  if (!box) return;
  box.focus();
  if (box.select) box.select();
};

const across = (cell, step) => {
  const cells = cellsOf(cell.parentElement);
  for (let at = cells.indexOf(cell) + step; cells[at]; at += step) {
    if (boxOf(cells[at])) return boxOf(cells[at]);
  }
  return null;
};

const down = (cell, step) => {
  const column = cellsOf(cell.parentElement).indexOf(cell);
  for (let at = rows.indexOf(cell.parentElement) + step; rows[at]; at += step) {
    const box = boxOf(cellsOf(rows[at])[column]);
    if (box) return box;
  }
  return null;
};

/* Inside a text that is being edited, left and right belong to the caret. */
const atEdge = (box, step) => {
  if (box.tagName === "SELECT") return true;
  const { selectionStart: start, selectionEnd: end, value } = box;
  if (start === 0 && end === value.length) return true;
  return start === end && (step < 0 ? start === 0 : end === value.length);
};

form.addEventListener("focusin", ({ target }) => {
  if (target.matches("input, select") && !before.has(target)) before.set(target, target.value);
});

form.addEventListener("focusout", ({ target }) => before.delete(target));

form.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key === "Escape" && before.has(box)) {
    box.value = before.get(box);
    if (box.select) box.select();
    return;
  }
  const cell = box.parentElement;
  if (!cell.matches("tr.site > td") || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = {
    ArrowUp: () => down(cell, -1),
    ArrowDown: () => down(cell, 1),
    Enter: () => down(cell, event.shiftKey ? -1 : 1),
    ArrowLeft: () => atEdge(box, -1) && across(cell, -1),
    ArrowRight: () => atEdge(box, 1) && across(cell, 1),
  }[event.key]?.();
  if (to === undefined) return;
  if (to || event.key === "Enter" || box.tagName === "SELECT") event.preventDefault();
  if (to) enter(to);
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    form.requestSubmit(document.getElementById("save"));
  }
});
