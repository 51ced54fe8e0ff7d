/* What every page does by itself: dialogs open, menus close, an error takes the focus, / searches,
   and a form that was typed in does not vanish unasked. */

const opened = (name) => document.getElementById(name);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) opened(opener.dataset.opens)?.showModal();

  const closer = event.target.closest("[data-closes]");
  if (closer) opened(closer.dataset.closes)?.close();

  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
});

document.querySelector("[data-prints]")?.addEventListener("click", () => window.print());
document.querySelector("dialog[data-open-now]")?.showModal();
document.querySelector("[data-takes-focus]")?.focus();

/* Words typed into a form marked data-guard are asked about before the page is left. */
const unsaved = new Set();

for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("input", () => unsaved.add(form));
  form.addEventListener("submit", () => unsaved.delete(form));
}

window.addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

/* A module says something in passing with: document.dispatchEvent(new CustomEvent("says", {detail})).
   It stays until it is dismissed, for not everyone reads at the same speed. */
document.addEventListener("says", (event) => {
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = event.detail;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Dismiss";
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
  document.querySelector("[data-toasts]")?.replaceChildren(toast);
});

/* What was just done can be undone for a minute; then the server refuses, so the offer goes. */
const undo = document.querySelector("form.undo");
if (undo) setTimeout(() => undo.remove(), Number(undo.dataset.undo) * 1000);
