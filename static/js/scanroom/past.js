/* The history of a cell, shown beside it. */

import { fieldOf, siteOf } from "./cells.js";
import { ask, at, say } from "./server.js";

const popover = document.getElementById("past-over");

const beside = (box) => {
  const cell = box.getBoundingClientRect();
  const own = popover.getBoundingClientRect();
  const left = Math.min(cell.left, innerWidth - own.width - 12);
  const below = cell.bottom + 4;
  const top = below + own.height > innerHeight - 8 ? Math.max(8, cell.top - own.height - 4) : below;
  popover.style.left = `${Math.max(8, left)}px`;
  popover.style.top = `${top}px`;
};

export const show = async (box) => {
  const url = `${at.history}${encodeURIComponent(siteOf(box))}?field=${fieldOf(box.name)}`;
  try {
    const response = await ask(url);
    if (!response.ok) {
      say(await response.text());
      return;
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const title = document.createElement("h2");
    title.textContent = page.querySelector("main h1").textContent;
    const told = page.querySelector(".past") ?? page.querySelector("main > p");
    popover.replaceChildren(title, told);
    popover.showPopover();
    beside(box);
    popover.focus();
  } catch {
    say("The server does not answer. Try again in a moment.");
  }
};
