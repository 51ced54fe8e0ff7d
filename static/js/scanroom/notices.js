/* What could not be stored: at its cell in words, and as a list above the grid. */

import { isCell, named, tdOf } from "./cells.js";

const summary = document.querySelector("[data-refusals]");
const refusals = new Map();

const said = (box, make) => {
  const id = `${box.name}-said`;
  document.getElementById(id)?.closest("tr, p")?.remove();
  box.removeAttribute("aria-invalid");
  box.removeAttribute("aria-describedby");
  const content = make?.();
  if (!content) return;
  content.id = id;
  box.setAttribute("aria-describedby", id);
  if (isCell(box)) {
    const row = document.createElement("tr");
    row.className = "said";
    content.colSpan = 10;
    row.append(document.createElement("td"), content);
    tdOf(box).parentElement.after(row);
  } else {
    const line = document.createElement("p");
    line.className = "error";
    line.id = id;
    line.append(...content.childNodes);
    box.before(line);
  }
};

/* Puts something under a cell's row; nothing takes it away again. */
export const under = (name, make) => {
  const box = named(name);
  if (box instanceof Element) said(box, make);
};

const labelOf = (box) =>
  box.getAttribute("aria-label") ?? box.labels?.[0]?.textContent.trim() ?? box.name;

export const refuse = (name, sentence) => {
  const box = named(name);
  if (!(box instanceof Element)) return;
  refusals.set(name, `${labelOf(box)}: ${sentence}`);
  under(name, () => {
    const cell = document.createElement("td");
    cell.textContent = refusals.get(name);
    return cell;
  });
  box.setAttribute("aria-invalid", "true");
  tdOf(box)?.classList.add("refused");
  list();
};

export const accept = (name) => {
  const box = named(name);
  if (!(box instanceof Element)) return;
  tdOf(box)?.classList.remove("refused");
  if (!refusals.delete(name) && !box.hasAttribute("aria-invalid")) return;
  said(box, null);
  list();
};

export const isRefused = (name) => refusals.has(name);

const list = () => {
  const count = refusals.size;
  summary.hidden = !count;
  summary.querySelector("h2").textContent =
    `${count} ${count === 1 ? "value is" : "values are"} not understood yet; all others are saved`;
  summary.querySelector("ul").replaceChildren(
    ...[...refusals].map(([name, sentence]) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${name}`;
      link.textContent = sentence;
      line.append(link);
      return line;
    }),
  );
};

for (const box of document.querySelectorAll("#grid [aria-invalid=true]")) {
  const sentence = document.getElementById(`${box.name}-said`)?.textContent ?? "";
  refusals.set(box.name, sentence.trim());
}

