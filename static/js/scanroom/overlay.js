/* Opens one of the exam's own pages over the room, and sends the form it holds. */

import { ask, say } from "./server.js";

const dialog = document.getElementById("page-over");
const body = dialog.querySelector("[data-over-body]");
const title = document.getElementById("page-over-title");
const grid = document.getElementById("grid");
let finished = () => {};
let shown = "";

/* What lies behind is not there for anybody while the dialog is open. */
const covers = (covered) => {
  if (covered) grid.setAttribute("aria-hidden", "true");
  else grid.removeAttribute("aria-hidden");
};

const fill = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main") ?? page.body;
  const heading = main.querySelector("h1");
  title.textContent = heading?.textContent ?? "Critical finding";
  heading?.remove();
  body.replaceChildren(...main.childNodes);
  for (const link of body.querySelectorAll("a")) {
    if (link.pathname === location.pathname) link.dataset.closesOver = "";
  }
  const first = body.querySelector("[data-takes-focus]")
    ?? body.querySelector("[data-critical-panel]")?.closest("dialog").querySelector("h2")
    ?? body.querySelector("input:not([type=hidden]), textarea")
    ?? body.querySelector("button.primary")
    ?? body.querySelector("a, button");
  first?.focus();
};

/* Opens at once, so that no key goes astray, and fills when the page is there. */
export const open = async (url, ready, done) => {
  if (dialog.open) return;
  finished = done;
  shown = url;
  title.textContent = "One moment…";
  body.replaceChildren();
  covers(true);
  dialog.showModal();
  try {
    const why = await ready();
    const response = why ? null : await ask(url);
    const html = why || (await response.text());
    if (!dialog.open) return;
    if (response?.ok) fill(html);
    else giveUp(html);
  } catch {
    giveUp("The server does not answer. Try again in a moment.");
  }
};

const giveUp = (sentence) => {
  dialog.close();
  say(sentence);
};

dialog.addEventListener("close", () => {
  covers(false);
  body.replaceChildren();
});

dialog.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-closes-over]");
  if (!link) return;
  event.preventDefault();
  dialog.close();
  if (link.hash) location.hash = link.hash;
});

dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = event.target;
  try {
    const response = await ask(sent.getAttribute("action") || shown, { data: new FormData(sent, event.submitter) });
    if (response.type === "opaqueredirect") {
      dialog.close();
      finished();
    } else if (response.headers.get("Content-Type")?.startsWith("text/html")) {
      fill(await response.text());
    } else {
      dialog.close();
      say(await response.text());
    }
  } catch {
    say("The server does not answer. Nothing was changed.");
  }
});
