/* A cell that two people changed shows both values, with who and when, until one is chosen. */

import { isCell, learn, named, tdOf, write } from "./cells.js";
import * as notices from "./notices.js";
import * as queue from "./queue.js";
import * as status from "./status.js";

const button = (label, does) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small";
  made.textContent = label;
  made.addEventListener("click", does);
  return made;
};

const strong = (text) => {
  const made = document.createElement("b");
  made.textContent = text;
  return made;
};

const mark = (name, on) => {
  const box = named(name);
  if (!(box instanceof Element)) return;
  box.readOnly = on;
  if (isCell(box)) tdOf(box).classList.toggle("conflict", on);
};

export const open = (choice, seen) => {
  const { name, mine, theirs } = choice;
  status.toChoose(name);
  mark(name, true);
  write(name, mine);
  notices.under(name, () => {
    const cell = document.createElement("td");
    cell.className = "choose";
    cell.setAttribute("role", "group");
    cell.setAttribute("aria-label", `${choice.label}: choose a value`);
    cell.append(
      "Changed by two people. You typed ", strong(choice.mine_said), "; ",
      `${choice.who || "somebody else"} stored `, strong(choice.theirs_said),
      choice.at ? ` at ${choice.at}. ` : ". ",
      button(`Keep mine, ${choice.mine_said}`, () => keep(name, mine, seen)),
      " ",
      button(`Keep theirs, ${choice.theirs_said}`, () => drop(name, theirs, seen)),
    );
    return cell;
  });
};

const close = (name) => {
  status.settled(name);
  mark(name, false);
  notices.under(name, null);
  named(name)?.focus?.();
};

const keep = (name, text, seen) => {
  close(name);
  queue.knows(name, seen);
  queue.put(new Map([[name, text]]));
};

const drop = (name, text, seen) => {
  close(name);
  queue.knows(name, seen);
  learn(name, text);
  write(name, text);
};
