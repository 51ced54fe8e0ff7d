/* The map beside the grid: a vein leads to its cell, a cell lights its vein. */

import { named, siteOf } from "./cells.js";
import { enter } from "./move.js";

const place = document.querySelector("[data-map]");
let chosen = "";

const veins = () => [...place.querySelectorAll(".segment[data-segment]")];
const siteAt = (vein) => `${vein.dataset.leg}.${vein.dataset.segment}`;

/* One vein is in the tab order; the arrows go on from there. */
const rove = (vein, focus = false) => {
  for (const each of veins()) each.setAttribute("tabindex", each === vein ? "0" : "-1");
  if (focus) vein.focus();
};

export const dress = () => {
  const all = veins();
  for (const vein of all) {
    vein.setAttribute("role", "button");
    const isChosen = siteAt(vein) === chosen;
    vein.classList.toggle("selected", isChosen);
    if (isChosen) vein.setAttribute("aria-current", "true");
    else vein.removeAttribute("aria-current");
  }
  const focused = all.find((vein) => vein === document.activeElement);
  rove(focused ?? all.find((vein) => vein.classList.contains("selected")) ?? all[0]);
};

export const choose = (site) => {
  const bare = site.replace(/-[2-9]$/, "");
  if (bare === chosen) return;
  chosen = bare;
  dress();
};

const go = (vein) => {
  const box = named(`${siteAt(vein)}.reflux_ms`) ?? named(`${siteAt(vein)}.comment`);
  if (box instanceof Element) enter(box);
};

export const focus = () => {
  const vein = place.querySelector('.segment[tabindex="0"]');
  vein?.focus();
};

export const begin = () => {
  dress();
  place.addEventListener("click", (event) => {
    const vein = event.target.closest(".segment[data-segment]");
    if (vein) go(vein);
  });
  place.addEventListener("keydown", (event) => {
    const vein = event.target.closest(".segment[data-segment]");
    if (!vein) return;
    const all = veins();
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) rove(all[(all.indexOf(vein) + step + all.length) % all.length], true);
    else if (event.key === "Enter" || event.key === " ") go(vein);
    else if (event.key === "Escape") enter(named(`${chosen}.reflux_ms`));
    else return;
    event.preventDefault();
  });
  document.getElementById("grid").addEventListener("focusin", ({ target }) => {
    if (/^[RL]\./.test(target.name ?? "")) choose(siteOf(target));
  });
};
