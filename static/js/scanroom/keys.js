/* The keys of the grid. Single letters work only inside it, and can be switched off. */

import { fieldOf, isCell, siteOf, table } from "./cells.js";
import * as edit from "./edit.js";
import * as move from "./move.js";
import { form, say } from "./server.js";

const CHOICES = {
  compressibility: { f: "full", p: "partial", i: "none", t: "not_tested" },
  thrombus: { a: "acute", c: "chronic_postthrombotic", u: "indeterminate" },
};
const NORMAL = { reflux_ms: "0", compressibility: "full", thrombus: "none" };
const does = {};
let letters = !document.cookie.split("; ").includes("letters=off");

export const on = (commands) => Object.assign(does, commands);
export const lettersOn = () => letters;
export const setLetters = (wanted) => {
  letters = wanted;
  document.cookie = `letters=${wanted ? "on" : "off"}; path=/; SameSite=Strict; max-age=31536000`;
};

const isPlain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;

const leave = (box, to) => {
  edit.commit(box.name);
  return move.enter(to);
};

/* Keys that mean the same whether a cell is being typed into or not. */
const always = (event, box) => {
  switch (event.key) {
    case "Escape":
      edit.putBack(box);
      return true;
    case "Enter": {
      const typed = edit.isEditing(box) || box.tagName === "SELECT";
      edit.commit(box.name);
      move.enter(event.shiftKey ? move.down(box, -1) : move.onward(box, typed));
      return true;
    }
    case "ArrowUp":
    case "ArrowDown":
      leave(box, move.down(box, event.key === "ArrowUp" ? -1 : 1));
      return true;
    case "PageUp":
    case "PageDown":
      leave(box, move.group(box, event.key === "PageUp" ? -1 : 1));
      return true;
    default:
      return false;
  }
};

const resting = (event, box) => {
  switch (event.key) {
    case "ArrowLeft":
      return leave(box, move.across(box, -1)) || true;
    case "ArrowRight":
      return leave(box, move.across(box, 1)) || true;
    case "Home":
      return leave(box, move.end(box, -1)) || true;
    case "End":
      return leave(box, move.end(box, 1)) || true;
    case "Backspace":
    case "Delete":
    case "-":
      edit.set(new Map([[box.name, ""]]));
      box.select?.();
      return true;
    case "F2":
      edit.begin(box);
      if (box.tagName === "SELECT") box.showPicker?.();
      else box.setSelectionRange(box.value.length, box.value.length);
      return true;
    default:
      return letters && letter(event, box);
  }
};

const letter = (event, box) => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : "";
  const field = fieldOf(box.name);
  const choice = CHOICES[field]?.[key];
  if (choice !== undefined && !event.shiftKey) {
    edit.set(new Map([[box.name, choice]]));
    return move.enter(move.onward(box, true)) || true;
  }
  if (key === "n" && NORMAL[field] !== undefined) {
    edit.set(new Map([[box.name, NORMAL[field]]]));
    return move.enter(move.onward(box, true)) || true;
  }
  if (key === "r" || key === "l") return leave(box, move.leg(box, key)) || true;
  const command = event.key === "O" ? does.fillLeg : does[key];
  if (!command) return false;
  command(box);
  return true;
};

const tell = {
  o: (box) => {
    const why = edit.normalRow(box);
    if (why) say(why);
  },
  x: (box) => {
    const site = siteOf(box);
    edit.set(new Map([[`${site}.reflux_ms`, "x"]]));
    does.why(site);
  },
};

export const begin = () => {
  Object.assign(does, { o: tell.o, x: tell.x });
  table.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!isCell(box) || event.isComposing || !isPlain(event)) return;
    if (always(event, box) || (!edit.isEditing(box) && resting(event, box))) {
      event.preventDefault();
    } else if (!edit.isEditing(box) && event.key.length === 1) {
      if (box.tagName === "SELECT") event.preventDefault();
      else edit.begin(box);
    }
  });

  form.addEventListener("focusin", ({ target }) => {
    if (isCell(target)) target.select?.();
  });
  form.addEventListener("focusout", ({ target }) => {
    if (isCell(target)) edit.commit(target.name);
  });
  form.addEventListener("change", ({ target }) => {
    if (/^(R|L|exam)\./.test(target.name ?? "")) edit.commit(target.name);
  });

  /* A press selects the whole cell; a double press goes into its text. */
  table.addEventListener("mouseup", (event) => {
    if (isCell(event.target) && event.target.select && !edit.isEditing(event.target)) {
      event.preventDefault();
      event.target.select();
    }
  });
  table.addEventListener("dblclick", ({ target }) => {
    if (!isCell(target) || !target.select) return;
    edit.begin(target);
    target.setSelectionRange(target.value.length, target.value.length);
  });
  table.addEventListener("input", ({ target }) => {
    if (isCell(target) && target.tagName === "INPUT") edit.begin(target);
  });
};
