/* Saves an intake as it is typed, and shows what the server made of it. Nothing is kept in the
   browser but the page itself; without this script the Save button does the same. */

const form = document.querySelector("form[data-saves-itself]");
const state = form.querySelector("[data-save-state]");
const AFTER_MS = 1000;
const AGAIN_MS = 8000;
const ROW_BOX = /__(\d+__[a-z_]+|none)$/;

const unsent = new Set();
const held = new Map(); // a question changed by someone else while it was being typed here
let seen = Number(form.querySelector("[data-seen]").value);
let timer = 0;
let sending = null;

const questionOf = (box) => box.name.replace(ROW_BOX, "");
const boxesOf = (question) =>
  [...form.elements].filter((box) => box.name && questionOf(box) === question);

const say = (words, kind = "") => {
  state.textContent = words;
  state.dataset.state = kind;
};

const body = (questions, at) => {
  const sent = new URLSearchParams();
  const all = new FormData(form);
  for (const [name, value] of all) {
    if (questions.has(name.replace(ROW_BOX, ""))) sent.append(name, value);
  }
  sent.set("csrf_token", all.get("csrf_token"));
  sent.set("seen", at);
  return sent;
};

const post = (sent) =>
  fetch(form.action, {
    method: "POST",
    headers: { "X-Requested-With": "fetch" },
    body: sent,
    keepalive: true,
  });

const save = async () => {
  clearTimeout(timer);
  if (sending || !unsent.size) return;
  const first = unsent.values().next().value;
  const at = held.get(first) ?? seen;
  const batch = new Set([...unsent].filter((question) => (held.get(question) ?? seen) === at));
  for (const question of batch) unsent.delete(question);
  say("Saving…");
  sending = post(body(batch, at));
  try {
    const response = await sending;
    const json = response.headers.get("Content-Type")?.startsWith("application/json");
    if (!json) throw new Error(await response.text());
    for (const question of batch) held.delete(question);
    show(await response.json(), batch);
  } catch (problem) {
    for (const question of batch) unsent.add(question);
    const offline = "The clinic’s server cannot be reached. What you typed is still here.";
    say(`Not saved. ${problem instanceof TypeError ? offline : problem.message}`, "failed");
    timer = setTimeout(save, AGAIN_MS);
    return;
  } finally {
    sending = null;
  }
  if (unsent.size) timer = setTimeout(save, AFTER_MS);
};

const show = (answer, batch) => {
  for (const [question, theirs] of Object.entries(answer.theirs)) {
    if (unsent.has(question)) held.set(question, seen);
    else put(question, theirs);
  }
  for (const conflict of answer.conflicts) atOdds(conflict);
  seen = answer.seen;
  form.querySelector("[data-seen]").value = seen;
  for (const [name, html] of Object.entries(answer.parts)) part(name, html);
  errors(answer.errors, batch);
  say(answer.conflicts.length ? "Choose which answer stays." : `Saved ${answer.saved_at}`);
};

const part = (name, html) => {
  const place = document.querySelector(`[data-part="${CSS.escape(name)}"]`);
  if (!place || place.innerHTML === html || place.contains(document.activeElement)) return;
  const open = place.querySelector("details")?.open;
  place.innerHTML = html;
  if (open) place.querySelector("details").open = true;
  if (name === "nav") mark();
};

const errors = (sentences, batch) => {
  for (const slot of form.querySelectorAll("[data-error]")) {
    const name = slot.dataset.error;
    const sentence = sentences[name];
    const box = form.elements[name];
    if (!sentence) {
      slot.replaceChildren();
      if (box instanceof Element) box.removeAttribute("aria-invalid");
    } else if (slot.textContent.trim() === "" || batch.has(name.replace(ROW_BOX, ""))) {
      const made = document.getElementById("a-sentence").content.cloneNode(true);
      made.querySelector("span").append(sentence);
      slot.replaceChildren(made);
      if (box instanceof Element) box.setAttribute("aria-invalid", "true");
    }
    slot.closest(".ask")?.toggleAttribute("data-wrong", Boolean(sentence));
  }
};

/* Put what somebody else answered into the page. */
const put = (question, { cell, html }) => {
  if (html) {
    form.querySelector(`[data-rows="${CSS.escape(question)}"]`).outerHTML = html;
    return;
  }
  const said = cell.split("\n");
  const listed = new Set();
  const boxes = boxesOf(question);
  for (const box of boxes) {
    if (box.type === "radio") box.checked = box.value === cell;
    if (box.type === "checkbox") {
      box.checked = said.includes(box.value);
      listed.add(box.value);
    }
    if (box.type === "text") box.value = cell;
  }
  const own = boxes.find((box) => box.tagName === "TEXTAREA");
  if (own) own.value = said.filter((line) => !listed.has(line)).join("\n");
};

/* One question that two people answered: both answers, and a button for each. */
const atOdds = (conflict) => {
  const slot = form.querySelector(`[data-error="${CSS.escape(conflict.field)}"]`);
  const note = document.createElement("div");
  note.className = "at-odds";
  note.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = `${conflict.label}: someone else stored “${conflict.theirs}” meanwhile. You have “${conflict.mine}”.`;
  const choose = (label, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = label;
    button.addEventListener("click", () => {
      note.remove();
      act();
    });
    return button;
  };
  const mine = choose("Store mine", () => changed(conflict.field, 0));
  const theirs = choose("Keep theirs", () => {
    put(conflict.field, conflict);
    changed(conflict.field, 0);
  });
  const both = document.createElement("div");
  both.className = "actions";
  both.append(mine, theirs);
  note.append(words, both);
  slot.parentElement.querySelector(":scope > .at-odds")?.remove();
  slot.before(note);
};

const changed = (question, wait = AFTER_MS) => {
  unsent.add(question);
  clearTimeout(timer);
  timer = setTimeout(save, wait);
};

/* "None of these" and the others put each other out, and the last row is followed by an empty one. */
const tidy = (box) => {
  if (box.type === "checkbox" && box.checked) {
    for (const other of boxesOf(questionOf(box))) {
      if (other.type !== "checkbox" || other === box) continue;
      if ("none" in box.dataset || "none" in other.dataset) other.checked = false;
    }
  }
  const rows = box.closest("[data-rows]");
  if (rows && box.value && !("none" in box.dataset)) {
    const none = rows.querySelector("[data-none]");
    if (none) none.checked = false;
    const all = rows.querySelectorAll(".row-box");
    if (all[all.length - 1].contains(box)) follow(all[all.length - 1], all.length);
  }
};

const follow = (row, count) => {
  const next = row.cloneNode(true);
  next.setAttribute("aria-label", row.getAttribute("aria-label").replace(/\d+$/, count + 1));
  for (const details of next.querySelectorAll("details")) details.open = false;
  for (const slot of next.querySelectorAll("[data-error]")) slot.replaceChildren();
  for (const element of next.querySelectorAll("[id], [name], [for], [list], [aria-describedby], [data-error]")) {
    for (const key of ["id", "name", "for", "list", "aria-describedby", "data-error"]) {
      const old = element.getAttribute(key);
      if (old) element.setAttribute(key, old.replace(`__${count - 1}__`, `__${count}__`));
    }
    element.removeAttribute("aria-invalid");
    if (element.matches("input, select")) element.value = "";
  }
  row.after(next);
};

form.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.name || box.name === "theirs" || box.name === "reason") return;
  tidy(box);
  changed(questionOf(box));
});

form.addEventListener("focusout", () => {
  if (unsent.size) save();
});

/* A save on its way is waited for, so that the whole form never meets its own half. */
form.addEventListener("submit", async (event) => {
  unsent.clear();
  clearTimeout(timer);
  if (!sending) return;
  event.preventDefault();
  await sending.catch(() => null);
  setTimeout(() => form.requestSubmit(event.submitter), 0);
});

const leave = () => {
  if (!unsent.size) return;
  for (const at of new Set([...unsent].map((question) => held.get(question) ?? seen))) {
    post(body(new Set([...unsent].filter((q) => (held.get(q) ?? seen) === at)), at));
  }
};

/* What was sent while the page was reloaded may arrive after this one was made: it asks once. */
const catchUp = async () => {
  if (sending || unsent.size) return;
  const response = await post(body(new Set(), seen)).catch(() => null);
  if (response?.headers.get("Content-Type")?.startsWith("application/json")) {
    show(await response.json(), new Set());
  }
};

if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") {
  setTimeout(catchUp, AFTER_MS);
}

window.addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save();
});
window.addEventListener("online", save);
window.addEventListener("beforeunload", (event) => {
  if (state.dataset.state === "failed") event.preventDefault();
});

/* Score what is left of a leg 0, after a look at all of it. */
const zeroes = form.querySelector("[data-zeroes]");
zeroes.hidden = false;
zeroes.addEventListener("click", (event) => {
  const leg = event.target.closest("[data-leg]")?.dataset.leg;
  if (!leg) return;
  for (const box of form.querySelectorAll(`[name^="clinical__${leg}__vcss__"][value=""]:checked`)) {
    const zero = boxesOf(box.name).find((other) => other.value === "0");
    zero.checked = true;
    changed(box.name);
  }
});

/* Say in the side list which part is being read. */
const sections = [...form.querySelectorAll(".sections > section")];
const mark = () => {
  const line = window.innerHeight / 3;
  const here = sections.filter((part) => part.getBoundingClientRect().top < line).pop() ?? sections[0];
  for (const link of form.querySelectorAll(".side-nav a")) {
    if (link.hash === `#${here.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};

let marking = 0;
window.addEventListener(
  "scroll",
  () => {
    cancelAnimationFrame(marking);
    marking = requestAnimationFrame(mark);
  },
  { passive: true },
);
mark();
