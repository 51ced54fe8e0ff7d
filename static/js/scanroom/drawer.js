/* The drawer of a site: what is rarely asked, and why a site was not seen. */

import { forget, isCell, learn, named, names, read, siteOf, table } from "./cells.js";
import * as edit from "./edit.js";
import { fetched } from "./live.js";
import { enter } from "./move.js";

const of = (site) => table.querySelector(`[data-drawer="${site}"]`);
const back = (site) => enter(named(`${site}.reflux_ms`));

const fresh = async (drawer) => {
  if (drawer.dataset.stale === undefined) return;
  delete drawer.dataset.stale;
  const row = await fetched(drawer.closest("tr").dataset.row);
  const newer = row?.querySelector(`[data-drawer="${drawer.dataset.drawer}"] .drawer-sheet`);
  if (!newer || drawer.querySelector(".drawer-sheet").contains(document.activeElement)) return;
  drawer.querySelector(".drawer-sheet").replaceWith(newer);
  forget();
  for (const name of names()) if (siteOf({ name }) === drawer.dataset.drawer) learn(name, read(name));
};

export const open = async (site, field = "") => {
  const drawer = of(site);
  if (!drawer) return;
  for (const other of table.querySelectorAll("[data-drawer][open]")) {
    if (other !== drawer) other.open = false;
  }
  await fresh(drawer);
  drawer.open = true;
  const wanted = (field && named(`${site}.${field}`)) || drawer.querySelector("input, select");
  wanted?.focus();
  drawer.querySelector(".drawer-sheet").scrollIntoView({ block: "nearest" });
};

export const begin = () => {
  table.addEventListener("toggle", ({ target }) => {
    if (target.matches?.("[data-drawer]") && target.open) fresh(target);
  }, true);

  table.addEventListener("keydown", (event) => {
    const drawer = event.target.closest?.("[data-drawer]");
    if (!drawer || isCell(event.target)) return;
    const site = drawer.dataset.drawer;
    if (event.key === "Escape" && drawer.open) {
      if (event.target.name) edit.putBack(event.target);
      drawer.open = false;
      back(site);
    } else if (event.key === "Enter" && event.target.matches("input, select")) {
      edit.commit(event.target.name);
      drawer.open = false;
      back(site);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
};
