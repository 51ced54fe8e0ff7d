/* Brings in what the exam means now, and what others typed, without touching what is being typed. */

import { ask, at, form, isJson, renew } from "./server.js";
import { forget, given, isCell, learn, look, named, names, table, tdOf, write } from "./cells.js";
import * as notices from "./notices.js";
import * as queue from "./queue.js";
import * as status from "./status.js";

const EVERY_MS = 3_000;
const hears = {
  alarm: () => {},
  answered: () => {},
  applied: () => {},
  otherPerson: () => {},
  signedOut: () => {},
  isTyping: () => false,
};
let asking = null;
let next = null;
let told = "";
const applied = new Map();
const shown = new Map();
let timer = 0;

export const on = (told) => Object.assign(hears, told);

const fragment = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
};

/* Resolves once the grid shows at least what the server held when it was called. */
export const refresh = (whole = false) => {
  if (asking) {
    next ??= asking.then(() => {
      next = null;
      return refresh(whole);
    });
    return next;
  }
  clearTimeout(timer);
  asking = lookUp(whole).finally(() => {
    asking = null;
    timer = setTimeout(poll, EVERY_MS);
  });
  return asking;
};

const poll = () => {
  if (document.hidden) timer = setTimeout(poll, EVERY_MS);
  else refresh();
};

const lookUp = async (whole) => {
  const known = whole || queue.state().locked ? "" : `?seen=${queue.version()}&status=${at.status}`;
  let state = null;
  try {
    const response = await ask(`${at.live}${known}`);
    if (response.status === 401) hears.signedOut();
    if (response.status === 200 && isJson(response)) state = await response.json();
  } catch {
    return; // the next poll asks again
  }
  if (state && !queue.isOvertaken(state.seen)) await apply(state);
};

const isBusy = (name) =>
  queue.isWaiting(name) || status.isOpen(name) || hears.isTyping(name);

const apply = async (state) => {
  if (state.who !== at.username) {
    hears.otherPerson(state.who);
    return;
  }
  renew(state.token);
  form.elements.seen.value = state.seen;
  if (state.status !== at.status) {
    location.reload();
    return;
  }
  await matchRows(state.rows);
  const every = names();
  const busy = new Set([...every].filter(isBusy));
  queue.shows(state.seen, busy);
  for (const name of every) show(name, state.boxes[name] ?? ["", "", "", ""], busy.has(name));
  for (const name of Object.keys(state.others)) flash(name, state.others[name]);
  matchDrawers(state.drawers);
  replace(document.querySelector("[data-map]"), state.map);
  replace(document.querySelector("[data-means]"), state.means);
  critical(state.critical, state.alarm);
  status.savedAt(state.saved);
  hears.applied(state);
  hears.answered();
};

/* Puts a newer fragment in place; who stood on a vein or a link in it still does. */
const replace = (place, html) => {
  if (shown.get(place) === html) return;
  shown.set(place, html);
  const { href, dataset } = place.contains(document.activeElement) ? document.activeElement : {};
  place.replaceChildren(fragment(html));
  if (href) [...place.querySelectorAll("a")].find((link) => link.href === href)?.focus();
  if (!dataset?.segment) return;
  const vein = place.querySelector(
    `.segment[data-leg="${dataset.leg}"][data-segment="${dataset.segment}"]`,
  );
  vein?.setAttribute("tabindex", "0");
  vein?.focus();
};

const show = (name, [text, kind, word, error], busy) => {
  if (busy) return;
  const whole = `${text}\n${kind}\n${word}\n${error}`;
  if (applied.get(name) === whole && given.get(name) === text) return;
  applied.set(name, whole);
  if (given.get(name) !== text || named(name)?.value !== text) {
    if (fieldsThatReshape.test(name)) stale(name);
    learn(name, text);
    write(name, text);
  }
  if (error) notices.refuse(name, error);
  else notices.accept(name);
  look(name, kind, word);
};

/* A clot or a closure brings further questions into a drawer; it is fetched when next opened. */
const fieldsThatReshape = /\.(thrombus|closure)$/;
const stale = (name) => {
  const site = name.slice(0, name.lastIndexOf("."));
  const drawer = table.querySelector(`[data-drawer="${site}"]`);
  if (drawer) drawer.dataset.stale = "";
};

const flash = (name, who) => {
  const box = named(name);
  if (!(box instanceof Element) || !isCell(box) || status.isOpen(name)) return;
  const td = tdOf(box);
  td.classList.add("theirs");
  td.title = `${who}, just now`;
  setTimeout(() => {
    td.classList.remove("theirs");
    td.removeAttribute("title");
  }, EVERY_MS);
};

const matchDrawers = (told) => {
  for (const drawer of table.querySelectorAll("[data-drawer]")) {
    const held = told[drawer.dataset.drawer] ?? "";
    const summary = drawer.querySelector("summary");
    if (summary.title === (held || "More")) continue;
    summary.title = held || "More";
    const mark = summary.querySelector("[aria-hidden]");
    mark.className = held ? "full" : "";
    mark.textContent = held ? "●" : "⋯";
  }
};

/* Rows that were added or taken out, here or by somebody else. */
const matchRows = async (wanted) => {
  const keys = new Set(wanted.map((row) => row.key));
  for (const row of table.querySelectorAll("tr.site[data-added]")) {
    if (keys.has(row.dataset.row) || row.contains(document.activeElement)) continue;
    while (row.nextElementSibling?.matches("tr.said")) row.nextElementSibling.remove();
    row.remove();
    forget();
  }
  for (const { key, group, after } of wanted) {
    if (!table.querySelector(`tr.site[data-row="${key}"]`)) await insert(key, group, after);
  }
};

const insert = async (key, group, after) => {
  const content = await fetched(key);
  if (!content) return;
  const body = table.querySelector(`tbody[data-group="${group}"]`);
  let before = after ? body.querySelector(`tr.site[data-row="${after}"]`) : body.rows[0];
  while (before?.nextElementSibling?.matches("tr.said")) before = before.nextElementSibling;
  if (before) before.after(content);
  else body.append(content);
  forget();
};

export const fetched = async (key) => {
  const response = await ask(at.rows + encodeURIComponent(key)).catch(() => null);
  return response?.ok ? fragment(`<table><tbody>${await response.text()}</tbody></table>`)
    .querySelector("tr.site") : null;
};

/* A critical finding is told once, when it is new; its panel opens then. */
const critical = (html, alarm) => {
  const place = document.querySelector("[data-critical]");
  if (told === html) return;
  told = html;
  const isNew = alarm && place.dataset.alarm === undefined;
  place.replaceChildren(fragment(html));
  if (alarm) place.dataset.alarm = "";
  else delete place.dataset.alarm;
  if (isNew) hears.alarm();
};

export const begin = () => {
  timer = setTimeout(poll, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
};
