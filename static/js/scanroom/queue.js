/* Saves every change on its own, in order, and keeps trying. Nothing leaves memory unsaved.

   One act is one request: a typed cell, a row filled as normal, a pasted block, a line for a site.
   An act whose answer was lost is sent again as it was before anything newer: it is stored once. */

import { ask, at, isJson } from "./server.js";
import { given, write } from "./cells.js";

const SOONEST_MS = 400;
const LATEST_MS = 8_000;
const NO_CELLS = new Map();
const acts = [];
const versions = new Map();
const hears = { answered() {}, added() {}, refused() {}, renew() {}, signedOut() {}, changed() {} };
let flying = false;
let tries = 0;
let timer = 0;
let locked = false;
let seen = 0;
let newest = 0;

export const on = (told) => Object.assign(hears, told);
export const version = () => seen;

/* Whether an answer set out before the newest save: the cells saved since are not in it. */
export const isOvertaken = (now) => now < newest;
export const waiting = () => acts.reduce((sum, act) => sum + Math.max(1, act.cells.size), 0);
export const isWaiting = (name) => acts.some((act) => act.cells.has(name));
export const state = () => ({ flying, tries, locked, waiting: waiting() });

/* The grid now shows edit `now`, but for the cells that are still being typed or saved. */
export const shows = (now, busy) => {
  for (const name of busy) if (!versions.has(name)) versions.set(name, seen);
  for (const name of versions.keys()) if (!busy.has(name)) versions.delete(name);
  seen = now;
};

/* Whether the newest act that was not sent yet is this one cell, typed again. */
const isSameCell = (act, name) =>
  act && act !== acts[0] && !act.whole && act.cells.size === 1 && act.cells.has(name);

const add = (act) => {
  acts.push(act);
  hears.changed();
  send();
};

export const put = (cells, whole = false) => {
  const last = acts.at(-1);
  const [name] = cells.keys();
  for (const [cell, text] of cells) given.set(cell, text);
  if (!whole && cells.size === 1 && isSameCell(last, name)) last.cells = cells;
  else add({ cells, whole });
};

/* A line for a site carries a key of its own, so that it is added once however often it is sent. */
export const putLine = (line, leg, from) => {
  const key = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
  add({ cells: NO_CELLS, whole: false, line: { line, leg, key }, from });
};

export const knows = (name, now) => versions.set(name, now);

const body = ({ cells, whole }) => ({
  whole,
  cells: [...cells].map(([name, value]) => ({
    site: name.slice(0, name.lastIndexOf(".")),
    field: name.slice(name.lastIndexOf(".") + 1),
    value,
    base_version: versions.get(name) ?? seen,
  })),
});

export const send = async () => {
  if (flying || locked || !acts.length) return;
  clearTimeout(timer);
  flying = true;
  hears.changed();
  const act = acts[0];
  try {
    const url = act.line ? at.sites : at.cells;
    await took(act, await ask(url, { json: act.line ?? body(act), keepalive: true }));
  } catch {
    later();
  }
  flying = false;
  hears.changed();
  if (acts.length && !tries && !locked) send();
};

const took = async (act, response) => {
  if (response.status === 401) {
    locked = true;
    hears.signedOut();
    return;
  }
  if (response.status >= 500) {
    later();
    return;
  }
  if (response.status === 400 && !act.renewed) {
    act.renewed = true; // the form's token may be of an earlier sign-in
    await hears.renew();
    later();
    return;
  }
  const told = isJson(response) ? await response.json() : await response.text();
  acts.shift();
  tries = 0;
  if (typeof told === "string") {
    hears.refused(told, act);
    return;
  }
  newest = Math.max(newest, told.seen ?? 0);
  for (const name of act.cells.keys()) versions.set(name, told.seen);
  if (act.line) hears.added(told, act);
  else hears.answered(told, act);
};

const later = () => {
  tries += 1;
  const wait = Math.min(LATEST_MS, SOONEST_MS * 2 ** (tries - 1));
  clearTimeout(timer);
  timer = setTimeout(() => send(), wait);
};

export const retryNow = () => {
  if (tries) send();
};

export const lock = () => {
  locked = true;
};

export const unlock = () => {
  locked = false;
  tries = 0;
  send();
};

/* Resolves once all is saved; false where it cannot be now. */
export const drained = async (patience = 5_000) => {
  const until = performance.now() + patience;
  retryNow();
  while (acts.length && !locked && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return !acts.length;
};

/* What waits and was not sent is simply taken back. */
export const dropLast = (before) => {
  const last = acts.at(-1);
  if (!last || (last === acts[0] && flying)) return false;
  acts.pop();
  for (const name of last.cells.keys()) {
    const earlier = acts.findLast((act) => act.cells.has(name));
    const text = earlier ? earlier.cells.get(name) : (before.get(name) ?? "");
    given.set(name, text);
    write(name, text);
  }
  hears.changed();
  return true;
};

window.addEventListener("online", retryNow);
